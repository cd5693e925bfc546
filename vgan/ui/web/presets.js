// What the clip is: a radio group of chains. The one that equals the chain at hand is marked, whoever made that.
const ICONS = {
  crisp: "M4 20L14 10M12 4l1 3 3 1-3 1-1 3-1-3-3-1 3-1zM19 12l.7 1.8 1.8.7-1.8.7-.7 1.8-.7-1.8-1.8-.7 1.8-.7z",
  old_phone: "M8 3h8a1 1 0 011 1v16a1 1 0 01-1 1H8a1 1 0 01-1-1V4a1 1 0 011-1zM7 15h10M10 18h4M10 6h4",
  screen: "M3 5h18v11H3zM9 20h6M12 16v4",
  anime: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 9a3 3 0 100 6 3 3 0 000-6z",
  product: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  portrait: "M8 3h8v18H8zM4 8v8M20 8v8",
};
let shown = null;
// A step as one line of text, whatever order its fields come in; which frames were switched by hand is no part of it.
const text = (step) => JSON.stringify(Object.keys(step).filter((name) => !["on", "leave", "mend"].includes(name)).sort().map((name) => [name, step[name]]));
const same = (steps) => (steps || []).filter((step) => step.on !== false).map(text).join("\n");
const mark = () => {
  const buttons = [...part("list").children];
  const now = (props.presets || []).findIndex((preset) => shown !== null && same(preset.steps) === shown);
  buttons.forEach((button, index) => {
    button.setAttribute("aria-checked", String(index === now));
    button.tabIndex = index === Math.max(0, now) ? 0 : -1;
  });
};
const choose = (index, focus) => {
  props.value = props.presets[index].name;
  if (focus) part("list").children[index].focus();
  trigger("input");
};
const build = () => {
  const list = part("list");
  clear(list);
  list.setAttribute("aria-label", words("presets"));
  (props.presets || []).forEach((preset, index) => {
    const button = make("button", { type: "button", role: "radio", "data-preset": preset.name });
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[preset.name] || ICONS.crisp}"/></svg>`;
    button.append(make("span", {}, words(`preset_${preset.name}`)));
    button.addEventListener("click", () => choose(index, false));
    list.append(button);
  });
  mark();
};
part("list").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key], all = [...part("list").children];
  if (!step) return;
  event.preventDefault();
  choose((all.indexOf(document.activeElement) + step + all.length) % all.length, true);
});
hear("vgan:chain", ({ steps }) => { shown = same(steps); mark(); });
watch("label", build);
build();
announce("vgan:ask");
