// Every model of the app: tiles to choose from, or one of them with its facts, its key figures and its card.
// The value is {models}, {open}, {fetching} or {fault}; every answer carries only what is new in it.
const KINDS = ["all", "mine", "look", "style", "enhance", "motion", "words"];
const GLYPHS = {
  mine: '<path d="M12 3v18M3 12h18"/>', look: '<path d="M4 15c3-6 5-6 8 0s5 6 8 0M4 9c3-6 5-6 8 0s5 6 8 0"/>',
  style: '<path d="M4 20c0-4 2-5 4-5s3 1 3 3-2 3-7 2zM10 14L20 4"/>',
  enhance: '<path d="M4 10V4h6M20 14v6h-6M4 4l7 7M20 20l-7-7"/>', motion: '<path d="M4 6h4v12H4zM16 6h4v12h-4zM10 9h4M10 12h4M10 15h4"/>',
  words: '<path d="M4 6h16M4 11h11M4 16h14"/>', repair: '<path d="M4 5h6l-2 4 3 2-2 3 2 5H4zM14 5h6v14h-7l-1-4 2-3-2-3z"/>',
  denoise: '<path d="M11 4l1.8 5.2L18 11l-5.2 1.8L11 18l-1.8-5.2L4 11l5.2-1.8zM18 16l.8 2.2L21 19l-2.2.8L18 22"/>', sentence: '<path d="M4 5h16v11h-9l-4 4v-4H4z"/>',
};
const USES = { style: "style", enhance: "enhance", motion: "enhance", words: "create" };
let models = [], kind = "all", chosen = "", shown = null, fetching = null, heardOf = null;

const page = part("page");
const find = (name) => models.find((one) => one.name === name);
const stateOf = (one) => (one.loaded ? "loaded" : one.state);
const about = (one) => said(`about_${one.name}`, words(`about_${one.family}`));
const picture = (source) => {
  const frame = make("picture");
  frame.style.display = "contents";
  if (source.moving) frame.append(make("source", { media: "(prefers-reduced-motion: reduce)", srcset: source.still }));
  frame.append(make("img", { src: source.moving || source.still, alt: "", loading: "lazy", draggable: "false" }));
  return frame;
};
const paint = (shot, one) => {
  clear(shot);
  const many = one.pictures.length >= 6;
  shot.classList.toggle("many", many);
  if (one.pictures.length) shot.append(...one.pictures.slice(0, many ? 6 : 1).map((source) => picture(many ? { still: source.still } : source)));
  else shot.innerHTML = `<svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">${GLYPHS[one.name.split("-")[0]] || GLYPHS[one.family] || GLYPHS[one.kind]}</svg>`;
};

const drawKinds = () => {
  const box = part("kinds"), focused = box.contains(document.activeElement);
  clear(box);
  box.setAttribute("aria-label", words("models_show"));
  for (const name of KINDS) {
    const on = name === kind, count = name === "all" ? models.length : models.filter((one) => one.kind === name).length;
    const chip = make("button", { type: "button", role: "radio", "aria-checked": String(on), tabindex: on ? 0 : -1, "data-kind": name }, words(`kind_${name}`));
    chip.append(make("small", {}, String(count)));
    chip.addEventListener("click", () => { kind = name; drawList(); });
    box.append(chip);
    if (on && focused) chip.focus();
  }
};
const drawList = () => {
  drawKinds();
  const grid = part("grid"), these = models.filter((one) => kind === "all" || one.kind === kind);
  clear(grid);
  for (const one of these) {
    const item = make("li"), card = make("button", { type: "button", class: "card", "data-model": one.name });
    const shot = make("span", { class: "shot" }), text = make("span", { class: "text" }), tags = make("span", { class: "tags" });
    paint(shot, one);
    tags.append(make("span", { class: `state ${stateOf(one)}` }, words(`state_${stateOf(one)}`)));
    if (one.parameters) tags.append(make("span", {}, countText(one.parameters)));
    if (one.bytes) tags.append(make("span", {}, bytesText(one.bytes)));
    if (one.sell === "no") tags.append(make("span", {}, words("sell_no")));
    text.append(make("b", {}, titleOf(one)), make("span", { class: "about" }, about(one)), tags);
    card.append(shot, text);
    card.addEventListener("click", () => open(one.name));
    item.append(card);
    grid.append(item);
  }
  part("none").hidden = Boolean(these.length);
  part("none").textContent = words("shelf_none");
};

const origin = (one) => (one.origin === "hub" ? [one.repo_id, one.revision.slice(0, 7)].filter(Boolean).join(" @ ") : words(`from_${one.origin}`));
const drawOne = () => {
  const one = find(chosen);
  if (!one) { close(false); return; }
  paint(part("shot"), one);
  part("title").textContent = titleOf(one);
  part("about").textContent = about(one);
  part("back").textContent = words("model_back");
  part("use").textContent = words(one.look ? "train_open" : `model_use_${USES[one.kind] || "create"}`);
  part("use").hidden = one.state === "missing";
  const busy = fetching && fetching.name === one.name;
  part("fetch").hidden = one.state !== "fetch" || Boolean(fetching);
  part("fetch").textContent = words("model_fetch", { size: one.bytes ? bytesText(one.bytes) : "" }).replace(/[,，]\s*$/, "");
  part("load").hidden = !busy;
  if (busy) {
    const share = fetching.total ? Math.min(100, (100 * fetching.done) / fetching.total) : 0;
    part("load-text").textContent = words("model_fetching", { done: bytesText(fetching.done), total: bytesText(fetching.total) });
    part("fill").style.width = `${share}%`;
    part("track").setAttribute("aria-valuenow", String(Math.round(share)));
    part("track").setAttribute("aria-label", words("model_fetching", { done: "", total: titleOf(one) }));
    part("stop").textContent = words("cancel");
  }
  const size = bytesText(one.bytes);
  fill(part("facts"), [
    [words("fact_state"), words(`state_${stateOf(one)}`)],
    [words("fact_family"), words(`family_${one.family}`)],
    [words("fact_parameters"), one.parameters ? one.parameters.toLocaleString() : words("later")],
    [words("fact_size"), one.bytes ? (one.state === "fetch" ? words("about_size", { size }) : size) : ""],
    [words("fact_licence"), one.sell === "own" ? "" : one.licence],
    [words("fact_sell"), words(`sell_${one.sell}`)],
    [words("fact_from"), origin(one)],
  ]);
  drawMore(one);
};
const drawMore = (one) => {
  const more = shown && shown.name === one.name ? shown : null;
  part("more").hidden = !more;
  if (!more) return;
  for (const [name, key] of [["figures", "figures"], ["draws", "draws"], ["sheet", "samples"], ["card", "card"]]) part(`${name}-title`).textContent = words(key);
  part("figures-box").hidden = !more.figures.length;
  fill(part("figures"), more.figures);
  part("draws-box").hidden = !more.drawn.length;
  clear(part("draws"));
  for (const tile of more.drawn) {
    const item = make("li"), button = make("button", { type: "button" }), frame = make("span", { class: "frame" });
    frame.append(picture(tile));
    button.append(frame, said(`${one.kind === "style" ? "style" : "look"}_${tile.name}`, tile.title));
    button.addEventListener("click", () => (one.kind === "style" ? trigger("apply", { tab: "style" }) : trigger("play", { name: tile.name })));
    item.append(button);
    part("draws").append(item);
  }
  part("sheet-box").hidden = !more.sheet;
  if (more.sheet) part("sheet").src = more.sheet;
  part("sheet").alt = words("samples");
  const card = part("card");
  card.innerHTML = more.card;   // made by the server, which lets no markup of a card's own through
  for (const table of card.querySelectorAll("table")) { const wide = make("div", { class: "wide", tabindex: 0, role: "group", "aria-label": words("figures") }); table.replaceWith(wide); wide.append(table); }
  for (const link of card.querySelectorAll("a")) { link.target = "_blank"; link.rel = "noopener noreferrer"; }
  if (more.card) return;
  card.append(make("p", {}, words("card_none")));
  if (one.origin === "hub") card.append(make("a", { href: `https://huggingface.co/${one.repo_id}`, target: "_blank", rel: "noopener noreferrer" }, words("card_hub")));
};

const small = matchMedia("(max-width: 1023px)");   // there the whole page scrolls, else this list alone
let scrolled = 0;
const open = (name) => {
  scrolled = small.matches ? scrollY : page.scrollTop;
  chosen = name;
  shown = null;
  part("list").hidden = true;
  part("one").hidden = false;
  drawOne();
  if (small.matches) scrollTo(0, page.getBoundingClientRect().top + scrollY);
  else page.scrollTop = 0;
  part("back").focus({ preventScroll: true });
  trigger("select", { name });
};
const close = (focus = true) => {
  const name = chosen;
  chosen = "";
  drawList();
  part("one").hidden = true;
  part("list").hidden = false;
  if (small.matches) scrollTo(0, scrolled);
  else page.scrollTop = scrolled;
  const card = [...part("grid").querySelectorAll(".card")].find((node) => node.dataset.model === name);
  if (focus && card) card.focus({ preventScroll: true });
};
const showNotice = (fault) => {
  part("notice").hidden = !fault;
  if (!fault) return;
  part("notice-title").textContent = fault.title;
  part("notice-text").textContent = fault.text;
  part("notice-close").textContent = words("close");
};

const update = () => {
  const value = props.value || {};
  if (value.models) models = value.models;
  if (value.fetching !== undefined) fetching = value.fetching;
  if (value.open && value.open.name === chosen) shown = value.open;
  if (value.number !== undefined && value.number !== heardOf) { heardOf = value.number; showNotice(value.fault || null); }
  write();
};
const write = () => {
  if (chosen) drawOne();
  else drawList();
};

part("kinds").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  kind = KINDS[(KINDS.indexOf(kind) + step + KINDS.length) % KINDS.length];
  drawList();
});
part("one").addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); part("back").click(); } });
part("back").addEventListener("click", () => close());
part("use").addEventListener("click", () => { const one = find(chosen); if (one.look) trigger("play", { name: one.look }); else trigger("apply", { tab: USES[one.kind] || "create" }); });
part("fetch").addEventListener("click", () => { const one = find(chosen); fetching = { name: one.name, done: 0, total: one.bytes }; showNotice(null); drawOne(); trigger("download", { name: one.name }); });
part("stop").addEventListener("click", () => trigger("stop"));
part("notice-close").addEventListener("click", () => showNotice(null));
watch("value", update);
watch("label", write);
update();
