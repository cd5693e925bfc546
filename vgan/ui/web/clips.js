// The clips of this visit, newest first. Choosing one puts it on the stage. The value is {clips, show}: the newest one is
// shown at once where it was made, and only listed in the other tabs.
const show = (clip) => { mark(clip.index); announce("vgan:clip", { clip }); };
const mark = (index) => {
  for (const button of part("list").querySelectorAll("button")) button.setAttribute("aria-pressed", String(Number(button.dataset.index) === index));
};
const build = () => {
  const { clips } = props.value, list = part("list");
  list.setAttribute("aria-label", words("clips"));
  clear(list);
  for (const clip of [...clips].reverse()) {
    const label = `${words("show_clip", { n: clip.index + 1 })}: ${clip.name}`;
    const button = make("button", { type: "button", "data-index": clip.index, "aria-label": label, title: clip.name, "aria-pressed": "false" });
    button.append(make("img", { src: clip.poster, alt: "", draggable: "false" }), make("span", {}, clip.format));
    button.addEventListener("click", () => show(clip));
    list.append(button);
  }
  element.firstElementChild.hidden = clips.length === 0;
};
let shown = "";
watch("value", () => {
  const { clips, show: wanted } = props.value, clip = clips.find((one) => one.index === wanted);
  const pressed = part("list").querySelector("[aria-pressed=true]");
  build();
  if (clip && clip.url !== shown) { shown = clip.url; show(clip); return; }
  if (!pressed) return;
  mark(Number(pressed.dataset.index));
  announce("vgan:facts", { clip: clips.find((one) => one.index === Number(pressed.dataset.index)) });
});
watch("label", build);
hear("vgan:live", () => mark(-1));
build();
