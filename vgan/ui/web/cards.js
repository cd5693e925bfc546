// Cards in a list, each one thing of a recipe: its fields and `on`. The value is {[LIST]: cards, open}; controls are drawn from props.kinds, which
// come from the recipe itself. The script that follows says LIST, ONE (what its words begin with), PAUSE (ms from a change until the server hears
// of it), summary(card), changed(), tidy(card, changes, old), reset(card), arrived(index, name, path, title), BEFORE (what stands before a field), FIRST (what of
// a new card is looked at first), and adds to DRAW. It ends with begin(). Begins with controls.js.
const GRIP = '<svg viewBox="0 0 14 14" aria-hidden="true"><circle cx="5" cy="3" r="1.3"/><circle cx="9" cy="3" r="1.3"/><circle cx="5" cy="7" r="1.3"/>'
  + '<circle cx="9" cy="7" r="1.3"/><circle cx="5" cy="11" r="1.3"/><circle cx="9" cy="11" r="1.3"/></svg>';
const DOWN = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 9l6 6 6-6"/></svg>';
let held = { cards: [], open: null };
let sent = "";         // the value that this component set or took last
let due = 0;           // when the server hears of it
let waiting = null;    // the field that an uploaded file is for
let unfolded = false;  // whether the open card shows what few people need

const titleOf = (kind) => words(`${ONE}_${kind}`);
const fieldsOf = (kind) => ((props.kinds || {})[kind] || { fields: [] }).fields;
const fieldOf = (index, name) => fieldsOf(held.cards[index].kind).find((field) => field.name === name);
const labelOf = (index, name) => words(`field_${held.cards[index].kind}_${name}`);
const cardOf = (index) => element.querySelector(`[data-card="${index}"]`);
const shownNumber = (field, value) => (field.high === 1 || field.share ? String(Math.round(100 * value)) : String(+(+value).toFixed(2)));
const wanted = (card, { needs }) => !needs || (Array.isArray(needs) ? card[needs[0]] === needs[1] : Boolean(card[needs]));
const fresh = (kind) => ({ kind, on: true, ...Object.fromEntries(fieldsOf(kind).map((field) => [field.name, structuredClone(field.default)])) });

const tell = (quiet) => {
  sent = JSON.stringify({ [LIST]: held.cards, open: held.open });
  props.value = JSON.parse(sent);
  changed();
  if (quiet) return;
  clearTimeout(due);
  if (PAUSE) due = setTimeout(() => trigger("input"), PAUSE); else trigger("input");
};
const change = (cards, open, focus) => {
  if (open !== held.open) unfolded = false;
  held = { cards, open };
  build();
  const target = focus && element.querySelector(focus);
  if (target) target.focus();
  tell();
};
const set = (index, changes) => {
  const card = held.cards[index], old = { ...card };
  Object.assign(card, changes);
  tidy(card, changes, old);
  tell();
  summarise(index);
};
// Fields that exclude each other: whoever sets one clears the other.
const cleared = (index, field, value) => {
  const other = value && field.clears && fieldOf(index, field.clears);
  return { [field.name]: value, ...(other ? { [other.name]: other.default } : {}) };
};
const summarise = (index) => {
  const text = cardOf(index) && cardOf(index).querySelector(".title-of small");
  if (text) text.textContent = told(held.cards[index]);
};
const told = (card) => (card.on ? summary(card) : words(`${ONE}_off`));

const slider = (index, field, label) => knob(
  { label, value: held.cards[index][field.name], low: field.low, high: field.high, step: field.step, key: field.name, shown: (value) => shownNumber(field, value) },
  (value) => set(index, { [field.name]: value }),
);
const number = (index, field, label) => {
  const box = make("label", { class: "field row" });
  const input = make("input", { type: "number", min: field.low, max: field.high, step: field.step, inputmode: "decimal", "data-field": field.name });
  if (field.optional) input.placeholder = words(field.empty || "as_it_comes");
  input.value = held.cards[index][field.name] ?? "";
  input.addEventListener("change", () => {
    const typed = input.value === "" ? null : Number(input.value);
    const value = typed == null ? (field.optional ? null : field.default) : Math.max(field.low, Math.min(field.high, typed));
    set(index, cleared(index, field, value));
    rebuild(index, field.name);
  });
  box.append(make("span", {}, label), input);
  return box;
};
const toggle = (index, field, label) => flip({ label, value: held.cards[index][field.name], key: field.name }, (value) => {
  set(index, cleared(index, field, value));
  rebuild(index, field.name);
});
const choice = (index, field, label) => {
  const box = make("div", { class: "field" }), chips = make("div", { class: "chips", role: "radiogroup", "aria-label": label });
  const known = (value) => (typeof value === "number" ? words("at_factor", { n: value }) : value == null ? words("as_it_comes")
    : words(`choice_${value}`).startsWith("choice_") ? value : words(`choice_${value}`));
  for (const value of [...(field.optional ? [null] : []), ...field.choices]) {
    const chip = make("label", {}, known(value));
    const input = make("input", { type: "radio", name: `${LIST}-${index}-${field.name}`, value: value ?? "", "data-field": field.name });
    input.checked = held.cards[index][field.name] === value;
    input.addEventListener("change", () => { set(index, { [field.name]: value }); rebuild(index, field.name, value); });
    chip.append(input);
    chips.append(chip);
  }
  box.append(make("span", { class: "row" }, label), chips);
  return box;
};
const DRAW = { slider, number, switch: toggle, choice };

// A file is for one field of one card, which may move while the file is on its way.
const wait = (index, name) => { waiting = { card: held.cards[index], index, name }; };
const pick = (index, name, accept) => { wait(index, name); part("file").accept = accept; part("file").click(); };
const fileZone = (index, name, title, kinds, accept) => {
  const zone = make("button", { type: "button", class: "zone", "data-zone": name });
  zone.append(make("b", { dir: "auto" }, title), make("small", {}, kinds));
  zone.addEventListener("click", () => pick(index, name, accept));
  for (const type of ["dragenter", "dragover"]) zone.addEventListener(type, (event) => { event.preventDefault(); zone.classList.add("over"); });
  for (const type of ["dragleave", "drop"]) zone.addEventListener(type, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); wait(index, name); send(event.dataTransfer.files[0]); });
  return zone;
};
const send = async (file) => {
  if (!file || !waiting) return;
  const { card, name } = waiting, first = waiting.index;
  const place = () => { const at = held.cards.indexOf(card), same = held.cards[first]; return at < 0 && same && same.kind === card.kind ? first : at; };
  const zone = element.querySelector(`[data-card="${first}"] [data-zone="${name}"] small`);
  if (zone) zone.textContent = words("uploading", { mb: (file.size / 1e6).toFixed(1) });
  try {
    const { path } = await upload(file);
    if (place() >= 0) arrived(place(), name, path, file.name);
  } catch (error) {
    announce("vgan:fault", { title: words("fault_file"), text: words("upload_failed", { why: String((error && error.message) || error).slice(0, 160) }) });
  }
  redraw();
};
part("file").addEventListener("change", () => { send(part("file").files[0]); part("file").value = ""; });

const controls = (index) => {
  const card = held.cards[index], body = make("div", { class: "body" }), more = make("div"), about = words(`${ONE}_${card.kind}_help`);
  if (!about.startsWith(titleOf(card.kind))) body.append(make("p", { class: "about" }, about));
  for (const field of fieldsOf(card.kind)) {
    if (BEFORE[field.name]) body.append(BEFORE[field.name](index));
    if (!DRAW[field.type] || !wanted(card, field)) continue;
    const drawn = DRAW[field.type](index, field, labelOf(index, field.name));
    drawn.title = words(`field_${card.kind}_${field.name}_help`);
    (field.advanced ? more : body).append(drawn);
  }
  if (more.firstChild) {
    const details = make("details"), summary = make("summary", {}, words(`${ONE}_advanced`));
    details.open = unfolded || Boolean(card.model);
    summary.addEventListener("click", () => { unfolded = !details.open; });
    details.append(summary, more);
    body.append(details);
  }
  const tools = make("div", { class: "tools" });
  const tool = (name, act, off) => {
    const button = make("button", { type: "button", "data-tool": name, "aria-label": `${words(`${ONE}_${name}`)}: ${titleOf(card.kind)}` }, words(`${ONE}_${name}`));
    button.disabled = Boolean(off);
    button.addEventListener("click", act);
    tools.append(button);
  };
  tool("up", () => move(index, index - 1, "[data-tool=up]"), index === 0);
  tool("down", () => move(index, index + 1, "[data-tool=down]"), index === held.cards.length - 1);
  tool("reset", () => change(held.cards.map((one, at) => (at === index ? reset(one) : one)), index, `[data-card="${index}"] [data-tool=reset]`));
  tool("remove", () => remove(index));
  body.append(tools);
  return body;
};
const move = (from, to, focus) => {
  if (to < 0 || to >= held.cards.length || to === from) return;
  const cards = [...held.cards], [card] = cards.splice(from, 1), open = held.open === null ? null : held.cards[held.open];
  cards.splice(to, 0, card);
  change(cards, open ? cards.indexOf(open) : null, `[data-card="${to}"] ${focus}:not(:disabled)`);
  part("said").textContent = `${titleOf(card.kind)}: ${to + 1} / ${cards.length}`;
};
const remove = (index) => {
  const cards = held.cards.filter((_, at) => at !== index);
  change(cards, null, cards.length ? `[data-card="${Math.min(index, cards.length - 1)}"] .title-of` : "[data-add]");
};
const rebuild = (index, name, value) => {
  const many = value === undefined ? "" : `[value="${value ?? ""}"]`;
  build();
  const target = element.querySelector(`[data-card="${index}"] :is([data-field="${name}"], [data-zone="${name}"])${many}`);
  if (target) target.focus({ preventScroll: true });
};

// The list holds the pointer while a card is dragged: the card itself changes its place, and would lose it.
let lifted = null;     // the card that is dragged, and its place in the list
const over = (event) => {
  if (!lifted) return;
  const list = part("list"), { card } = lifted;
  const before = [...list.children].find((item) => item !== card && event.clientY < item.getBoundingClientRect().top + item.offsetHeight / 2);
  if ((before || null) !== card.nextElementSibling) list.insertBefore(card, before || null);
};
const drop = (keep) => {
  if (!lifted) return;
  const { card, index } = lifted, to = [...part("list").children].indexOf(card);
  lifted = null;
  card.classList.remove("lifted");
  if (keep && to !== index) move(index, to, ".grip"); else build();
};
part("list").addEventListener("pointermove", over);
part("list").addEventListener("pointerup", () => drop(true));
part("list").addEventListener("pointercancel", () => drop(false));
const drag = (grip, index) => {
  grip.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    lifted = { card: grip.closest("li"), index };
    lifted.card.classList.add("lifted");
    part("list").setPointerCapture(event.pointerId);
  });
  grip.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    move(index, index + step, ".grip");
  });
};

const build = () => {
  const list = part("list"), adder = part("add");
  clear(list);
  held.cards.forEach((card, index) => {
    const open = held.open === index, title = titleOf(card.kind), name = { step: title };
    const item = make("li", { class: `step${open ? " open" : ""}${card.on ? "" : " off"}`, "data-card": index, "data-kind": card.kind });
    const head = make("div", { class: "head" });
    const grip = make("button", { type: "button", class: "grip", "aria-label": words(`${ONE}_grip`, name) });
    grip.innerHTML = GRIP;
    const opener = make("button", { type: "button", class: "title-of", "aria-expanded": String(open) });
    opener.innerHTML = DOWN;
    opener.prepend(make("b", {}, title), make("small", { dir: "auto" }, told(card)));
    opener.addEventListener("click", () => {
      held.open = open ? null : index;
      unfolded = false;
      build();
      cardOf(index).querySelector(".title-of").focus();
      tell(true);
    });
    const hold = make("label", { class: "switch" }), on = make("input", { type: "checkbox", role: "switch", "aria-label": words(`${ONE}_on`, name) });
    on.checked = Boolean(card.on);
    on.addEventListener("change", () => { set(index, { on: on.checked }); item.classList.toggle("off", !on.checked); });
    hold.append(on);
    head.append(grip, opener, hold);
    item.append(head);
    if (open) item.append(controls(index));
    list.append(item);
    drag(grip, index);
  });
  part("hint").textContent = words(`${ONE}_empty`);
  part("hint").hidden = held.cards.length > 0;
  const full = held.cards.length >= (props.most || 12);
  part("add-title").textContent = words(full ? `${ONE}_full` : `${ONE}_add`, { n: props.most });
  clear(adder);
  adder.setAttribute("aria-label", words(`${ONE}_add`));
  for (const kind of Object.keys(props.kinds || {})) {
    const button = make("button", { type: "button", "data-add": kind, title: words(`${ONE}_${kind}_help`) }, titleOf(kind));
    button.disabled = full;
    button.addEventListener("click", () => add(kind));
    adder.append(button);
  }
};
const add = (kind) => change([...held.cards, fresh(kind)], held.cards.length, `[data-card="${held.cards.length}"] ${FIRST[kind] || ".title-of"}`);
const take = () => {
  const text = JSON.stringify(props.value || {});
  if (text === sent) return;
  sent = text;
  const { [LIST]: cards = [], open = null } = JSON.parse(text);
  held = { cards, open };
  redraw();
  changed();
};
// All anew, but what has the focus keeps it, and its place in a text.
const keyOf = (node) => {
  const name = ["data-field", "data-tool", "data-zone", "data-add"].find((one) => node.hasAttribute(one)), card = node.closest("[data-card]");
  return name && `${card ? `[data-card="${card.dataset.card}"] ` : ""}[${name}="${node.getAttribute(name)}"]${node.type === "radio" ? ":checked" : ""}`;
};
const redraw = () => {
  const now = document.activeElement, key = element.contains(now) && keyOf(now), at = key && now.selectionStart;
  build();
  const target = key && element.querySelector(key);
  if (target) target.focus({ preventScroll: true });
  if (target && typeof at === "number") target.setSelectionRange(at, at);
};
const begin = () => {
  watch("value", take);
  watch(["label", "kinds"], redraw);
  take();
};
