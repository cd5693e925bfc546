// The clips that a look is learned from: dropped or picked, several at a time. The value is {clips, chosen, crop}; each
// clip has {path, name, width, height, seconds, start, end}. The stage shows the chosen one, trims it and crops all.
const NOTHING = { clips: [], chosen: 0, crop: ALL };
const posters = new Map();
let busy = 0;
const clock = (seconds) => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;
const held = () => ({ ...NOTHING, ...(props.value || {}) });
const keep = (next, picked = false) => { props.value = next; write(); tellClips(picked); };
const tellClips = (picked = false) => { const { clips, chosen, crop } = held(); announce("vgan:clips", { clips, chosen, crop, picked }); };

const write = () => {
  const { clips, chosen } = held(), list = part("list");
  part("name").textContent = busy ? words("train_uploading", { n: busy }) : words(clips.length ? "train_more" : "train_drop");
  part("facts").textContent = words("train_kinds");
  part("now").disabled = Boolean(props.closed) || clips.length >= props.most;
  part("hint").textContent = words("train_advice");
  clear(list);
  clips.forEach((clip, index) => {
    const item = make("li"), what = make("span", { class: "what" });
    const pick = make("button", { type: "button", class: "clip", "aria-pressed": String(index === chosen), title: clip.name });
    const off = make("button", { type: "button", class: "off", "aria-label": `${words("train_remove_clip")}: ${clip.name}`, title: words("train_remove_clip") });
    off.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 5l14 14M19 5L5 19"/></svg>';
    what.append(make("b", {}, clip.name), make("small", {}, `${clock(clip.end - clip.start)} · ${clip.width} × ${clip.height}`));
    pick.append(make("img", { src: posters.get(clip.path) || "", alt: "" }), what);
    pick.addEventListener("click", () => keep({ ...held(), chosen: index }, true));
    off.addEventListener("click", () => {
      const now = held(), left = now.clips.filter((one) => one !== now.clips[index]);
      keep({ ...now, clips: left, chosen: Math.max(0, Math.min(now.chosen - (index < now.chosen), left.length - 1)) });
    });
    item.append(pick, off);
    list.append(item);
  });
};

const fault = (text) => announce("vgan:fault", { title: words("fault_file"), text });
const send = async (files) => {
  const room = props.most - held().clips.length, picked = [...files].slice(0, room), arrived = [];
  if (files.length > room) fault(words("train_most", { n: props.most }));
  busy = picked.length;
  write();
  for (const file of picked) {
    try {
      const { path } = await upload(file);
      arrived.push({ path, name: file.name });
    } catch (error) {
      fault(words("upload_failed", { why: String((error && error.message) || error).slice(0, 160) }));
    }
    busy -= 1;
    if (busy) write();
  }
  busy = arrived.length;
  write();
  if (arrived.length) trigger("upload", { files: arrived });
};

const zone = part("zone"), file = part("file");
if (!props.closed) {
  part("now").addEventListener("click", () => file.click());
  file.addEventListener("change", () => { send(file.files); file.value = ""; });
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); if (event.dataTransfer.files.length) send(event.dataTransfer.files); });
}
hear("vgan:brought", ({ clips }) => {
  const now = held(), fresh = clips.filter((clip) => !now.clips.some((one) => one.path === clip.path));
  for (const clip of clips) posters.set(clip.path, clip.poster);
  busy = 0;
  const next = fresh.map(({ path, name, size, seconds }) => ({ path, name, width: size[0], height: size[1], seconds, start: 0, end: seconds }));
  keep({ ...now, clips: [...now.clips, ...next].slice(0, props.most), chosen: next.length ? now.clips.length : now.chosen }, true);
});
hear("vgan:trimmed", ({ path, start, end }) => { const now = held(); keep({ ...now, clips: now.clips.map((clip) => (clip.path === path ? { ...clip, start, end } : clip)) }); });
hear("vgan:cropped", ({ box }) => keep({ ...held(), crop: box }));
hear("vgan:fault", () => { busy = 0; write(); });
hear("vgan:ask-clips", () => tellClips());
watch("label", write);
write();
