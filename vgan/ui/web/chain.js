// What is done to the clip: an ordered list of steps, each a card with its own controls. Begins with cards.js.
const LIST = "steps", ONE = "step", PAUSE = 0, BEFORE = {}, FIRST = {};

// Whoever makes frames in between also says how many there are a second: the bar then has nothing to say about that.
const retimed = () => { if (home()) home().toggleAttribute("data-retimed", held.cards.some((step) => step.on && step.kind === "interpolate")); };
const say = () => announce("vgan:chain", { steps: held.cards });
const changed = () => { say(); retimed(); };
const tidy = () => {};
const reset = (step) => ({ ...fresh(step.kind), on: step.on });
const arrived = (index, name, path) => set(index, { [name]: path });

// What a closed card says about its step: what differs from the default, or else its strength.
const summary = (step) => {
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
const styleTitle = (name) => { const text = words(`style_${name}`); return text.startsWith("style_") ? name.split(/[\\/]/).pop() : text; };

DRAW.style = (index, field, label) => {
  const box = make("label", { class: "field" }), select = make("select", { "data-field": field.name }), now = held.cards[index][field.name];
  const names = [...(field.optional ? [""] : []), ...(props.styles || [])];
  if (now && !names.includes(now)) names.push(now);
  for (const name of names) select.append(make("option", { value: name }, name ? styleTitle(name) : words("none")));
  select.value = now ?? "";
  select.addEventListener("change", () => { set(index, { [field.name]: select.value || (field.optional ? null : field.default) }); rebuild(index, field.name); });
  box.append(make("span", { class: "row" }, label), select);
  return box;
};
DRAW.model = (index, field, label) => {
  const step = held.cards[index], now = step[field.name], mine = now && /\.(safetensors|pth|pt|bin)$/i.test(now) && !now.includes(":");
  const listed = (props.community || []).filter((one) => one.scale === (step.factor || 1));
  const box = make("div", { class: "field" });
  const input = make("input", { type: "text", placeholder: words("model_name"), "aria-label": label, "data-field": field.name, spellcheck: "false", autocomplete: "off" });
  input.value = mine ? "" : now;
  // One that has to be fetched first is asked for by itself: that takes a while, and says how far it is.
  const choose = (value) => {
    step[field.name] = value;
    rebuild(index, field.name);
    tell(Boolean(value));
    if (value) trigger("submit");
  };
  input.addEventListener("change", () => choose(input.value.trim()));
  const zone = fileZone(index, field.name, mine ? now.split(/[\\/]/).pop() : words("model_drop"), words("model_kinds"), ".safetensors,.pth,.pt");
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

hear("vgan:ask", say);
begin();
