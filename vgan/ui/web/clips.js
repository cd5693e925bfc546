// The clips of this visit, newest first. Choosing one puts it on the stage.
let count = (props.value || []).length;
const show = (clip) => { mark(clip.index); document.dispatchEvent(new CustomEvent("vgan:clip", { detail: clip })); };
const mark = (index) => {
  for (const button of part("list").querySelectorAll("button")) button.setAttribute("aria-pressed", String(Number(button.dataset.index) === index));
};
const build = () => {
  const clips = props.value || [], list = part("list");
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
watch("value", () => {
  const clips = props.value || [], grown = clips.length > 0 && (clips.length > count || clips.at(-1).index + 1 > count);
  build();
  if (grown) show(clips.at(-1));
  count = clips.length ? clips.at(-1).index + 1 : 0;
});
watch("label", build);
document.addEventListener("vgan:live", () => mark(-1));
build();
