// A zone that takes one file, dropped or picked: it is uploaded, and the server told where it lies.
const zone = part("zone"), file = part("file");
const fault = (text) => announce("vgan:fault", { title: words("fault_file"), text });
const send = async (picked) => {
  if (!picked) return;
  part("name").textContent = picked.name;
  part("facts").textContent = words("uploading", { mb: (picked.size / 1e6).toFixed(1) });
  try {
    const { path } = await upload(picked);
    trigger("upload", { path, name: picked.name });
  } catch (error) {
    write();
    fault(words("upload_failed", { why: String((error && error.message) || error).slice(0, 160) }));
  }
};
for (const button of element.querySelectorAll("[data-pick]")) button.addEventListener("click", () => file.click());
file.addEventListener("change", () => { send(file.files[0]); file.value = ""; });
for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
zone.addEventListener("drop", (event) => { event.preventDefault(); send(event.dataTransfer.files[0]); });
hear("vgan:answered", () => write());
