// A gallery of looks or styles (props.kind): a radio group of tiles. Arrow keys move and choose, as in any radio group.
const kind = props.kind || "look";
let last = props.value;
const choose = (name, focus) => {
  props.value = last = name;
  mark();
  if (focus) part("tiles").querySelector("[aria-checked=true]").focus();
  trigger("input");
};

const mark = () => {
  const tiles = [...part("tiles").children];
  const known = tiles.some((tile) => tile.dataset[kind] === props.value);
  tiles.forEach((tile, index) => {
    const on = tile.dataset[kind] === props.value;
    tile.setAttribute("aria-checked", String(on));
    tile.tabIndex = on || (!known && index === 0) ? 0 : -1;
  });
};

const build = () => {
  const tiles = part("tiles");
  tiles.setAttribute("aria-label", words(`${kind}s`));
  clear(tiles);
  for (const look of props.looks || []) {
    const translated = words(`${kind}_${look.name}`), title = translated.startsWith(`${kind}_`) ? look.title : translated;
    const tile = make("button", { type: "button", role: "radio", [`data-${kind}`]: look.name });
    if (look.still) {
      const frame = make("picture");
      if (look.moving) frame.append(make("source", { media: "(prefers-reduced-motion: reduce)", srcset: look.still }));
      frame.append(make("img", { src: look.moving || look.still, alt: "", width: 160, height: 160, draggable: "false" }));
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
    if (look.credit) { tile.append(make("span", { class: "credit" }, look.short)); tile.title = `${title}. ${look.credit}`; }
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
// With props.echo a choice made by the server asks for its picture as one made here does.
watch("value", () => {
  mark();
  if (props.echo && props.value !== last) trigger("input");
  last = props.value;
});
watch(["label", "looks"], build);
build();
