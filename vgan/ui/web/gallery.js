// The gallery: a radio group of tiles. Arrow keys move and choose, as in any radio group.
const choose = (name, focus) => {
  props.value = name;
  mark();
  if (focus) part("tiles").querySelector("[aria-checked=true]").focus();
  trigger("input");
};

const mark = () => {
  const tiles = [...part("tiles").children];
  const known = tiles.some((tile) => tile.dataset.look === props.value);
  tiles.forEach((tile, index) => {
    const on = tile.dataset.look === props.value;
    tile.setAttribute("aria-checked", String(on));
    tile.tabIndex = on || (!known && index === 0) ? 0 : -1;
  });
};

const build = () => {
  const tiles = part("tiles");
  tiles.setAttribute("aria-label", words("looks"));
  clear(tiles);
  for (const look of props.looks || []) {
    const translated = words("look_" + look.name), title = translated.startsWith("look_") ? look.title : translated;
    const tile = make("button", { type: "button", role: "radio", "data-look": look.name });
    if (look.moving) {
      const frame = make("picture");
      frame.append(make("source", { media: "(prefers-reduced-motion: reduce)", srcset: look.still }));
      frame.append(make("img", { src: look.moving, alt: "", width: 160, height: 160, draggable: "false" }));
      tile.append(frame);
    } else {
      const frame = make("span", { class: "bare" });
      frame.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4v10m0 0l-4-4m4 4l4-4M5 19h14"/></svg>';
      if (look.bytes) {
        const about = words("tile_fetch", { size: Math.round(look.bytes / 1e6), licence: look.licence });
        frame.append(make("small", {}, `${Math.round(look.bytes / 1e6)} MB`));
        tile.title = about;
        tile.setAttribute("aria-label", `${title}. ${about}`);
      }
      tile.append(frame);
    }
    tile.append(make("span", { class: "name" }, title));
    tile.addEventListener("click", () => choose(look.name, false));
    tiles.append(tile);
  }
  mark();
};

part("tiles").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const names = (props.looks || []).map((look) => look.name);
  choose(names[(names.indexOf(props.value) + step + names.length) % names.length], true);
});
watch("value", mark);
watch(["label", "looks"], build);
build();
