// What is done to the clip: an ordered list of steps, each a card with its own controls. The value is {steps, open}:
// every step has its recipe fields and `on`. Controls are drawn from props.kinds, which come from the recipe itself.
const GRIP = '<svg viewBox="0 0 14 14" aria-hidden="true"><circle cx="5" cy="3" r="1.3"/><circle cx="9" cy="3" r="1.3"/><circle cx="5" cy="7" r="1.3"/>'
  + '<circle cx="9" cy="7" r="1.3"/><circle cx="5" cy="11" r="1.3"/><circle cx="9" cy="11" r="1.3"/></svg>';
const DOWN = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 9l6 6 6-6"/></svg>';
let chain = { steps: [], open: null };
let sent = "";         // the value that this component set or took last
let waiting = null;    // the step that an uploaded model file is for

const titleOf = (kind) => words(`step_${kind}`);
// Whoever makes frames in between also says how many there are a second: the bar then has nothing to say about that.
const retimed = () => { if (home()) home().toggleAttribute("data-retimed", chain.steps.some((step) => step.on && step.kind === "interpolate")); };
const fieldsOf = (kind) => ((props.kinds || {})[kind] || { fields: [] }).fields;
const tell = (quiet) => {
  sent = JSON.stringify(chain);
  props.value = JSON.parse(sent);
  announce("vgan:chain", { steps: chain.steps });
  retimed();
  if (!quiet) trigger("input");
};
const change = (steps, open, focus) => {
  chain = { steps, open };
  build();
  const target = focus && element.querySelector(focus);
  if (target) target.focus();
  tell();
};
const set = (index, changes) => { Object.assign(chain.steps[index], changes); tell(); summarise(index); };
const percent = (value) => `${Math.round(100 * value)} %`;
const shownNumber = (field, value) => (field.high === 1 ? String(Math.round(100 * value)) : String(+(+value).toFixed(2)));

// What a closed card says about its step: what differs from the default, or else its strength.
const told = (step) => {
  if (!step.on) return words("step_off");
  const parts = [];
  for (const field of fieldsOf(step.kind)) {
    const value = step[field.name], label = words(`field_${step.kind}_${field.name}`);
    if (field.name === "factor" && step.fps == null) parts.unshift(words("at_factor", { n: value }));
    else if (field.type === "style" && value) parts.push(styleTitle(value));
    else if (field.type === "choice" && field.optional && value != null) parts.unshift(value);
    else if (field.type === "model" && value) parts.push(value.split(/[\\/]/).pop());
    else if (field.type === "number" && value != null && value !== 0 && !field.advanced) parts.push(field.name === "fps" ? `${value} fps` : `${label} ${value}`);
    else if (field.type === "switch" && value) parts.push(label);
    else if (field.name === "strength") continue;
    else if (field.type === "slider" && value !== field.default && !field.needs && !field.advanced) parts.push(label);
  }
  const strength = fieldsOf(step.kind).find((field) => field.name === "strength" && !field.advanced);
  if (strength && (!parts.length || step.strength !== 1)) parts.push(percent(step.strength));
  return parts.join(" · ");
};
const summarise = (index) => {
  const text = element.querySelector(`[data-step="${index}"] .title-of small`);
  if (text) text.textContent = told(chain.steps[index]);
};
const styleTitle = (name) => { const text = words(`style_${name}`); return text.startsWith("style_") ? name.split(/[\\/]/).pop() : text; };

const slider = (index, field, label) => {
  const box = make("label", { class: "field" }), row = make("span", { class: "row" }), out = make("output");
  const input = make("input", { type: "range", min: field.low, max: field.high, step: field.step, "data-field": field.name });
  const draw = () => {
    const share = (at) => (100 * (at - field.low)) / (field.high - field.low), middle = field.low < 0 ? 0 : field.low;
    const ends = [share(middle), share(Number(input.value))].sort((one, other) => one - other);
    input.style.setProperty("--from", `${ends[0]}%`);
    input.style.setProperty("--to", `${ends[1]}%`);
    out.textContent = shownNumber(field, input.value);
  };
  input.value = chain.steps[index][field.name];
  input.addEventListener("input", () => { draw(); set(index, { [field.name]: Number(input.value) }); });
  row.append(make("span", {}, label), out);
  box.append(row, input);
  draw();
  return box;
};
const number = (index, field, label) => {
  const box = make("label", { class: "field row" });
  const input = make("input", { type: "number", min: field.low, max: field.high, step: field.step, inputmode: "decimal", "data-field": field.name });
  if (field.optional) input.placeholder = words("as_it_comes");
  input.value = chain.steps[index][field.name] ?? "";
  input.addEventListener("change", () => {
    const typed = input.value === "" ? null : Number(input.value);
    const value = typed == null ? (field.optional ? null : field.default) : Math.max(field.low, Math.min(field.high, typed));
    set(index, { [field.name]: value, ...(value != null && field.clears ? { [field.clears]: cleared(chain.steps[index].kind, field.clears) } : {}) });
    rebuild(index, field.name);
  });
  box.append(make("span", {}, label), input);
  return box;
};
const cleared = (kind, name) => fieldsOf(kind).find((field) => field.name === name).default;
const toggle = (index, field, label) => {
  const box = make("label", { class: "field row" }), hold = make("span", { class: "switch" });
  const input = make("input", { type: "checkbox", role: "switch", "data-field": field.name });
  input.checked = Boolean(chain.steps[index][field.name]);
  input.addEventListener("change", () => {
    set(index, { [field.name]: input.checked, ...(input.checked && field.clears ? { [field.clears]: cleared(chain.steps[index].kind, field.clears) } : {}) });
    rebuild(index, field.name);
  });
  hold.append(input);
  box.append(make("span", {}, label), hold);
  return box;
};
const choice = (index, field, label) => {
  const box = make("div", { class: "field" }), chips = make("div", { class: "chips", role: "radiogroup", "aria-label": label });
  const known = (value) => (typeof value === "number" ? words("at_factor", { n: value }) : value == null ? words("as_it_comes")
    : words(`choice_${value}`).startsWith("choice_") ? value : words(`choice_${value}`));
  for (const value of [...(field.optional ? [null] : []), ...field.choices]) {
    const chip = make("label", {}, known(value)), input = make("input", { type: "radio", name: `chain-${index}-${field.name}`, value: value ?? "", "data-field": field.name });
    input.checked = chain.steps[index][field.name] === value;
    input.addEventListener("change", () => { set(index, { [field.name]: value }); rebuild(index, field.name, value); });
    chip.append(input);
    chips.append(chip);
  }
  box.append(make("span", { class: "row" }, label), chips);
  return box;
};
const styles = (index, field, label) => {
  const box = make("label", { class: "field" }), select = make("select", { "data-field": field.name }), now = chain.steps[index][field.name];
  const names = [...(field.optional ? [""] : []), ...(props.styles || [])];
  if (now && !names.includes(now)) names.push(now);
  for (const name of names) select.append(make("option", { value: name }, name ? styleTitle(name) : words("none")));
  select.value = now ?? "";
  select.addEventListener("change", () => { set(index, { [field.name]: select.value || (field.optional ? null : field.default) }); rebuild(index, field.name); });
  box.append(make("span", { class: "row" }, label), select);
  return box;
};
const model = (index, field, label) => {
  const box = make("div", { class: "field" }), now = chain.steps[index][field.name], mine = now && /\.(safetensors|pth|pt|bin)$/i.test(now) && !now.includes(":");
  const listed = (props.community || []).filter((one) => one.scale === (chain.steps[index].factor || 1));
  const input = make("input", { type: "text", placeholder: words("model_name"), "aria-label": label, "data-field": field.name, spellcheck: "false", autocomplete: "off" });
  input.value = mine ? "" : now;
  // One that has to be fetched first is asked for by itself: that takes a while, and says how far it is.
  const choose = (value) => {
    chain.steps[index][field.name] = value;
    rebuild(index, field.name);
    tell(Boolean(value));
    if (value) trigger("submit");
  };
  input.addEventListener("change", () => choose(input.value.trim()));
  const zone = make("button", { type: "button", class: "zone", "data-zone": field.name });
  zone.append(make("b", {}, mine ? now.split(/[\\/]/).pop() : words("model_drop")), make("small", {}, words("model_kinds")));
  zone.addEventListener("click", () => { waiting = { index, name: field.name }; part("file").click(); });
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); waiting = { index, name: field.name }; send(event.dataTransfer.files[0]); });
  const ways = make("div", { class: "tools" });
  for (const one of listed) {
    const pick = make("button", { type: "button" }, one.title);
    pick.addEventListener("click", () => choose(one.name));
    ways.append(pick);
  }
  if (now) {
    const clearing = make("button", { type: "button" }, words("model_clear"));
    clearing.addEventListener("click", () => choose(""));
    ways.append(clearing);
  }
  box.append(make("span", { class: "row" }, label), zone, input, ways);
  return box;
};
const DRAW = { slider, number, switch: toggle, choice, style: styles, model };

const send = async (file) => {
  const { index, name } = waiting || {};
  if (!file || index === undefined) return;
  const zone = element.querySelector(`[data-step="${index}"] [data-zone="${name}"] small`);
  if (zone) zone.textContent = words("uploading", { mb: (file.size / 1e6).toFixed(1) });
  try {
    const { path } = await upload(file);
    set(index, { [name]: path });
  } catch (error) {
    announce("vgan:fault", { title: words("fault_file"), text: words("upload_failed", { why: String((error && error.message) || error).slice(0, 160) }) });
  }
  rebuild(index, name);
};
part("file").addEventListener("change", () => { send(part("file").files[0]); part("file").value = ""; });

const controls = (index) => {
  const step = chain.steps[index], body = make("div", { class: "body" }), more = make("div"), about = words(`step_${step.kind}_help`);
  if (!about.startsWith(titleOf(step.kind))) body.append(make("p", { class: "about" }, about));
  for (const field of fieldsOf(step.kind)) {
    if (field.needs && !step[field.needs]) continue;
    const label = words(`field_${step.kind}_${field.name}`), drawn = DRAW[field.type](index, field, label);
    drawn.title = words(`field_${step.kind}_${field.name}_help`);
    (field.advanced ? more : body).append(drawn);
  }
  if (more.firstChild) {
    const details = make("details");
    details.open = Boolean(step.model);
    details.append(make("summary", {}, words("step_advanced")), more);
    body.append(details);
  }
  const tools = make("div", { class: "tools" });
  const tool = (name, act, off) => {
    const button = make("button", { type: "button", "data-tool": name, "aria-label": `${words(`step_${name}`)}: ${titleOf(step.kind)}` }, words(`step_${name}`));
    button.disabled = Boolean(off);
    button.addEventListener("click", act);
    tools.append(button);
  };
  tool("up", () => move(index, index - 1, "[data-tool=up]"), index === 0);
  tool("down", () => move(index, index + 1, "[data-tool=down]"), index === chain.steps.length - 1);
  tool("reset", () => change(chain.steps.map((one, at) => (at === index ? { ...fresh(one.kind), on: one.on } : one)), index, `[data-step="${index}"] [data-tool=reset]`));
  tool("remove", () => remove(index));
  body.append(tools);
  return body;
};
const fresh = (kind) => ({ kind, on: true, ...Object.fromEntries(fieldsOf(kind).map((field) => [field.name, field.default])) });
const move = (from, to, focus) => {
  if (to < 0 || to >= chain.steps.length || to === from) return;
  const steps = [...chain.steps], [step] = steps.splice(from, 1), open = chain.open === null ? null : chain.steps[chain.open];
  steps.splice(to, 0, step);
  change(steps, open ? steps.indexOf(open) : null, `[data-step="${to}"] ${focus}:not(:disabled)`);
  part("said").textContent = `${titleOf(step.kind)}: ${to + 1} / ${steps.length}`;
};
const remove = (index) => {
  const steps = chain.steps.filter((_, at) => at !== index);
  change(steps, null, steps.length ? `[data-step="${Math.min(index, steps.length - 1)}"] .title-of` : "[data-add]");
};
const rebuild = (index, name, value) => {
  const many = value === undefined ? "" : `[value="${value ?? ""}"]`;
  build();
  const target = element.querySelector(`[data-step="${index}"] [data-field="${name}"]${many}`);
  if (target) target.focus({ preventScroll: true });
};

// The list holds the pointer while a card is dragged: the card itself changes its place, and would lose it.
let lifted = null;     // the card that is dragged, and its place in the chain
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
  retimed();
  clear(list);
  chain.steps.forEach((step, index) => {
    const open = chain.open === index, title = titleOf(step.kind), name = { step: title };
    const card = make("li", { class: `step${open ? " open" : ""}${step.on ? "" : " off"}`, "data-step": index, "data-kind": step.kind });
    const head = make("div", { class: "head" });
    const grip = make("button", { type: "button", class: "grip", "aria-label": words("step_grip", name) });
    grip.innerHTML = GRIP;
    const opener = make("button", { type: "button", class: "title-of", "aria-expanded": String(open) });
    opener.innerHTML = DOWN;
    opener.prepend(make("b", {}, title), make("small", {}, told(step)));
    opener.addEventListener("click", () => { chain.open = open ? null : index; build(); element.querySelector(`[data-step="${index}"] .title-of`).focus(); tell(true); });
    const hold = make("label", { class: "switch" }), on = make("input", { type: "checkbox", role: "switch", "aria-label": words("step_on", name) });
    on.checked = Boolean(step.on);
    on.addEventListener("change", () => { set(index, { on: on.checked }); card.classList.toggle("off", !on.checked); });
    hold.append(on);
    head.append(grip, opener, hold);
    card.append(head);
    if (open) card.append(controls(index));
    list.append(card);
    drag(grip, index);
  });
  part("hint").textContent = words("chain_empty");
  part("hint").hidden = chain.steps.length > 0;
  const full = chain.steps.length >= (props.most || 12);
  part("add-title").textContent = words(full ? "step_full" : "step_add", { n: props.most });
  clear(adder);
  adder.setAttribute("aria-label", words("step_add"));
  for (const kind of Object.keys(props.kinds || {})) {
    const button = make("button", { type: "button", "data-add": kind, title: words(`step_${kind}_help`) }, titleOf(kind));
    button.disabled = full;
    button.addEventListener("click", () => change([...chain.steps, fresh(kind)], chain.steps.length, `[data-step="${chain.steps.length}"] .title-of`));
    adder.append(button);
  }
};

const take = () => {
  const text = JSON.stringify(props.value || {});
  if (text === sent) return;
  sent = text;
  const { steps = [], open = null } = JSON.parse(text);
  chain = { steps, open };
  build();
  announce("vgan:chain", { steps: chain.steps });
};
watch("value", take);
watch(["label", "kinds"], build);
hear("vgan:ask", () => announce("vgan:chain", { steps: chain.steps }));
take();
