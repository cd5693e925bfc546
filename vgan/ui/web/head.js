// The head: name, what it is, and the switch between dark (the default) and light.
const KEY = "vgan-theme";
const write = () => {
  part("theme").setAttribute("aria-label", words("theme"));
  part("theme").title = words("theme");
};
part("theme").addEventListener("click", () => {
  const dark = document.body.classList.toggle("dark");
  try { localStorage.setItem(KEY, dark ? "dark" : "light"); } catch { /* private windows keep no choice */ }
});
watch("label", write);
write();
