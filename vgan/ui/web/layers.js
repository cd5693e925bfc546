// What is laid over the picture: words, a countdown, pictures, the sound drawn, a mark. Begins with cards.js and cues.js.
// props: kinds, fonts [{name, face}], looks {name: fields}, most layers, longest text, font_kinds.
const LIST = "layers", ONE = "layer", PAUSE = 150;
const CONTENT = ["cues", "text", "path", "finish", "first", "last", "start", "end"];  // what a layer says, which a reset of its looks leaves alone
const OF_WORDS = ["size", "enter", "leave"];  // of a look, what a countdown has of its own
const ACROSS = [0, 0.5, 1], DOWNWARD = [0.1, 0.5, 0.9], NEAR = 0.15;
const SIDES = ["left", "center", "right"];
const PLACES = ["top_left", "top", "top_right", "left", "middle", "right", "bottom_left", "bottom", "bottom_right"];
const FIRST = { captions: "textarea", picture: ".zone", mark: "input[type=text]" };

const changed = () => { if (held.open !== null && held.cards[held.open]) marked(held.open); };
const tidy = (card, changes, old) => {
  if ("start" in changes || "end" in changes) Object.assign(card, timed(old, changes));
  if (card.kind === "countdown" && card.last >= card.first) {
    if ("last" in changes) card.first = card.last + 1; else card.last = card.first - 1;
  }
};
const reset = (card) => {
  const kept = Object.fromEntries(CONTENT.filter((name) => name in card).map((name) => [name, card[name]]));
  return { ...fresh(card.kind), ...kept, on: card.on };
};
// The server looks at the file first: only then is it the layer's.
const arrived = (index, name, path, title) => trigger("upload", { layer: index, field: name, path, name: title });

const baseName = (path) => path.split(/[\\/]/).pop();
const summary = (card) => ({
  captions: () => {
    const said = (card.cues || []).filter((cue) => cue.text.trim());
    return !said.length ? words("cue_none") : said[0].text.replace(/\s+/g, " ").slice(0, 80) + (said.length > 1 ? ` · ${words("cue_count", { n: said.length })}` : "");
  },
  countdown: () => `${card.first} → ${card.last}${card.finish ? ` · ${card.finish}` : ""}`,
  mark: () => card.text,
  picture: () => (card.path ? baseName(card.path) : words("picture_none")),
  wave: () => words(`choice_${card.shape}`),
}[card.kind] || (() => ""))();

// --- Colours: the browser's own chooser, and the same to type.
const colours = (index, name, label) => {
  const box = make("span", { class: "colours" }), card = held.cards[index];
  const chooser = make("input", { type: "color", "data-field": name, "aria-label": label });
  const typed = make("input", { type: "text", maxlength: 7, spellcheck: "false", autocomplete: "off", "data-field": `${name}-hex`, "aria-label": words("colour_code", { what: label }) });
  const write = () => { chooser.value = card[name]; typed.value = card[name]; };
  write();
  chooser.addEventListener("input", () => { typed.value = chooser.value; set(index, { [name]: chooser.value }); });
  typed.addEventListener("change", () => {
    const code = typed.value.trim().replace(/^#?/, "#").toLowerCase(), long = /^#[0-9a-f]{3}$/.test(code) ? code.replace(/[0-9a-f]/g, "$&$&") : code;
    if (/^#[0-9a-f]{6}$/.test(long)) set(index, { [name]: long });
    write();
  });
  box.append(chooser, typed);
  return box;
};
DRAW.colour = (index, field, label) => {
  const box = make("div", { class: "field row" });
  box.append(make("span", {}, label), colours(index, field.name, label));
  return box;
};
// How much of something that has a colour: an outline, a box.
DRAW.tinted = (index, field, label) => {
  const box = make("div", { class: "tinted" });
  box.append(slider(index, field, label), colours(index, field.colour, labelOf(index, field.colour)));
  return box;
};
DRAW.text = (index, field, label) => {
  const box = make("label", { class: "field" });
  const input = make("input", { type: "text", dir: "auto", maxlength: field.most, "data-field": field.name, "aria-label": label });
  input.value = held.cards[index][field.name];
  input.addEventListener("input", () => set(index, { [field.name]: input.value }));
  box.append(make("span", { class: "row" }, label), input);
  return box;
};
DRAW.file = (index, field) => {
  const path = held.cards[index][field.name];
  return fileZone(index, field.name, path ? baseName(path) : words("picture_drop"), words("picture_kinds"), ".png,.jpg,.jpeg,.webp");
};

// --- How words look: whole looks to begin with, each drawn as it is, and fonts in their own letters.
for (const { name, face } of props.fonts || []) if (face) document.fonts.add(new FontFace(`vg-${name}`, `url(${face})`, { weight: "100 900" }));
const faceOf = (font) => `"vg-${font}", var(--font, sans-serif)`;
const own = (card, look) => Object.fromEntries(Object.entries(look).filter(([name]) => card.kind !== "countdown" || !OF_WORDS.includes(name)));
const worn = (card, look) => Object.entries(own(card, look)).every(([name, value]) => card[name] === value);
const faded = (colour, opacity) => `${colour}${Math.round(255 * opacity).toString(16).padStart(2, "0")}`;
const dressed = (node, look) => {
  const text = node.textContent, word = make("span", {}, text), shadow = look.shadow ? `0 0.06em 0.16em ${faded("#000000", look.shadow)}` : "none";
  Object.assign(word.style, { fontFamily: faceOf(look.font), color: look.colour, textShadow: shadow, background: look.box ? faded(look.box_colour, look.box) : "none" });
  word.style.webkitTextStroke = look.outline ? `${2 * look.outline}em ${look.outline_colour}` : "0";
  node.replaceChildren(word);
  if (look.enter !== "words") return;
  const first = Math.max(1, text.indexOf(" ")), lit = make("i", {}, text.slice(0, first));
  lit.style.color = look.lit;
  word.replaceChildren(lit, text.slice(first));
};
const looks = (index) => {
  const box = make("div", { class: "field" }), row = make("div", { class: "looks", role: "group", "aria-label": words("looks_of_words") });
  for (const [name, look] of Object.entries(props.looks || {})) {
    const button = make("button", { type: "button", "data-look": name, "data-tool": `look-${name}` }, words(`words_${name}`));
    dressed(button, look);
    button.addEventListener("click", () => { set(index, own(held.cards[index], look)); rebuildAt(index, `[data-look="${name}"]`); });
    row.append(button);
  }
  box.append(make("span", { class: "row" }, words("looks_of_words")), row);
  marked(index, row);
  return box;
};
const marked = (index, row = cardOf(index) && cardOf(index).querySelector(".looks")) => {
  if (row) for (const button of row.children) button.setAttribute("aria-pressed", String(worn(held.cards[index], props.looks[button.dataset.look])));
};
DRAW.font = (index, field, label) => {
  const box = make("div", { class: "field" }), row = make("div", { class: "fonts", role: "radiogroup", "aria-label": label }), now = held.cards[index][field.name];
  const known = (props.fonts || []).map((font) => font.name), names = known.includes(now) ? known : [...known, now];
  for (const name of names) {
    const title = words(`font_${name}`), chip = make("label", {}, title.startsWith("font_") ? baseName(name) : title);
    const input = make("input", { type: "radio", name: `${LIST}-${index}-${field.name}`, value: name, "data-field": field.name });
    chip.style.fontFamily = faceOf(name);
    input.checked = name === now;
    input.addEventListener("change", () => { set(index, { [field.name]: name }); rebuild(index, field.name, name); });
    chip.append(input);
    row.append(chip);
  }
  const mine = make("button", { type: "button", "data-zone": field.name }, words("font_own"));
  mine.addEventListener("click", () => pick(index, field.name, props.font_kinds || ".ttf,.otf"));
  row.append(mine);
  box.append(make("span", { class: "row" }, label), row);
  return box;
};

// --- Where it stands: nine places, and finer ones under Advanced. Words at a side are set against that side.
const places = (index) => {
  const card = held.cards[index], label = words("place");
  const box = make("div", { class: "field row" }), grid = make("div", { class: "places", role: "radiogroup", "aria-label": label });
  PLACES.forEach((name, at) => {
    const x = ACROSS[at % 3], y = DOWNWARD[Math.floor(at / 3)], title = words(`place_${name}`), cell = make("label", { title });
    const input = make("input", { type: "radio", name: `${LIST}-${index}-place`, value: at, "data-field": "place", "aria-label": title });
    input.checked = Math.abs(card.x - x) < NEAR && Math.abs(card.y - y) < NEAR;
    input.addEventListener("change", () => {
      set(index, { x, y, ...("align" in card ? { align: SIDES[at % 3] } : {}) });
      rebuild(index, "place", at);
    });
    cell.append(input);
    grid.append(cell);
  });
  box.append(make("span", {}, label), grid);
  return box;
};
const BEFORE = { font: looks, x: places };
const rebuildAt = (index, selector) => {
  build();
  const target = cardOf(index).querySelector(selector);
  if (target) target.focus({ preventScroll: true });
};

begin();
announce("vgan:ask-times");
