// Key looks: the pictures that a clip travels through. The value is {keys: [{latent, thumb}], play, full}.
const MAX_KEYS = 6;
const value = () => props.value || { keys: [], play: false };
const tell = (keys, play) => { props.value = { keys, play: play && keys.length > 1 }; build(); trigger("input"); };
const ICONS = { earlier: "M15 6l-6 6 6 6", later: "M9 6l6 6-6 6", remove: "M7 7l10 10M17 7L7 17" };

const tool = (name, label, act, off) => {
  const button = make("button", { type: "button", class: "tool", "aria-label": label, title: label });
  button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
  button.disabled = Boolean(off);
  button.addEventListener("click", act);
  return button;
};

const build = () => {
  const list = part("keys"), { keys, play } = value();
  clear(list);
  list.setAttribute("aria-label", words("path"));
  keys.forEach((key, index) => {
    const item = make("li", { class: "key" }), n = { n: index + 1 };
    const face = make("button", { type: "button", class: "face", "aria-label": words("path_key", n), title: words("path_key", n) });
    face.append(make("img", { src: key.thumb, alt: "", draggable: "false" }));
    face.addEventListener("click", () => trigger("select", { index }));
    const swap = (other) => () => { const next = [...keys]; [next[index], next[other]] = [next[other], next[index]]; tell(next, play); };
    const tools = make("span", { class: "tools" });
    tools.append(
      tool("earlier", words("path_earlier"), swap(index - 1), index === 0),
      tool("later", words("path_later"), swap(index + 1), index === keys.length - 1),
      tool("remove", words("path_remove"), () => tell(keys.filter((_, at) => at !== index), play)),
    );
    item.append(face, tools);
    list.append(item);
  });
  const full = keys.length >= MAX_KEYS;
  part("add").disabled = full;
  part("add-text").textContent = words(full ? "path_full" : "path_add");
  part("hint").textContent = words("path_empty");
  part("hint").hidden = keys.length > 0;
  part("clear").textContent = words("path_clear");
  part("clear").hidden = keys.length === 0;
  part("switch").hidden = keys.length < 2;
  part("play-text").textContent = words("path_play");
  part("play").checked = Boolean(play);
};

part("add").addEventListener("click", () => trigger("submit"));
part("clear").addEventListener("click", () => tell([], false));
part("play").addEventListener("change", (event) => tell(value().keys, event.target.checked));
// The switch follows the stage: whatever changes one picture alone also stops the path, without touching its keys.
hear("vgan:shown", (shown) => {
  const { keys, play } = value(), on = shown.keys > 1 && keys.length > 1;
  if (on !== Boolean(play)) { props.value = { keys, play: on }; build(); }
});
watch(["value", "label"], build);
build();
