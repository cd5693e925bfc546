// Posts with blanks: choose one, fill it in, and it lays its words over the clip. The value is {name, values, brand, own}:
// `own` are templates that this person brought. Props: templates, fonts, roles.
let now = { name: "", values: {}, brand: {}, own: [] };
let sent = "";
let waiting = null;      // what the file that is being picked is for
const tongue = () => words("tongue");
const said = (text) => (text && typeof text === "object" ? text[tongue()] || text.en : text ?? "");
const listed = () => [...(props.templates || []), ...(now.own || [])];
const chosen = () => listed().find((one) => one.name === now.name && one.blanks);
const tell = () => { sent = JSON.stringify(now); props.value = JSON.parse(sent); };
const put = (name, value) => { now.values = { ...now.values, [name]: value }; tell(); };
const base = (path) => String(path || "").split(/[\\/]/).pop();

const row = (label, control, optional) => {
  const box = make("label", { class: "field" }), title = make("span", {}, label);
  if (optional) title.append(make("span", { class: "optional" }, ` · ${words("optional")}`));
  box.append(title, control);
  return box;
};
const zone = (label, name, kinds, value, act) => {
  const button = make("button", { type: "button", class: "zone", "data-zone": name });
  button.append(make("b", {}, value ? base(value) : words("file_drop")), make("small", {}, kinds));
  button.addEventListener("click", () => { waiting = act; part("file").accept = kinds.includes("MP3") ? "audio/*,video/*" : "image/png,image/jpeg,image/webp"; part("file").click(); });
  for (const kind of ["dragenter", "dragover"]) button.addEventListener(kind, (event) => { event.preventDefault(); button.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) button.addEventListener(kind, () => button.classList.remove("over"));
  button.addEventListener("drop", (event) => { event.preventDefault(); waiting = act; send(event.dataTransfer.files[0]); });
  const box = make("div", { class: "field" });
  box.append(make("span", {}, label), button);
  return box;
};
const blank = (one) => {
  const value = now.values[one.name] ?? said(one.default), label = said(one.label);
  if (one.kind === "picture" || one.kind === "sound") {
    const kinds = one.kind === "picture" ? "PNG, JPEG, WebP" : "WAV, MP3, OGG, FLAC, M4A";
    return zone(one.optional ? `${label} · ${words("optional")}` : label, one.name, kinds, now.values[one.name], (path) => { put(one.name, path); build(); });
  }
  if (one.kind === "choice") {
    const select = make("select", { "data-blank": one.name });
    for (const [key, text] of Object.entries(one.choices)) select.append(make("option", { value: key }, said(text)));
    select.value = value || Object.keys(one.choices)[0];
    select.addEventListener("change", () => put(one.name, select.value));
    return row(label, select, one.optional);
  }
  const long = one.kind === "longtext", kind = { number: "number", date: "date", colour: "color" }[one.kind] || "text";
  const limits = long || kind === "text" ? { maxlength: one.max, dir: "auto" } : one.kind === "number" ? { min: one.min, ...(one.max ? { max: one.max } : {}), step: "any" } : {};
  const input = make(long ? "textarea" : "input", { ...(long ? {} : { type: kind }), "data-blank": one.name, ...limits });
  input.value = value;
  input.addEventListener("input", () => put(one.name, input.value));
  return row(label, input, one.optional);
};
const brand = () => {
  const box = part("brand"), kit = now.brand || {};
  const set = (changes) => { now.brand = { ...now.brand, ...changes }; tell(); };
  clear(box);
  for (const name of ["name", "handle"]) {
    const input = make("input", { type: "text", maxlength: 60, "data-brand": name, dir: "auto" });
    input.value = kit[name] || "";
    input.addEventListener("input", () => set({ [name]: input.value }));
    box.append(row(words(`brand_${name}`), input, false));
  }
  box.append(zone(words("brand_logo"), "logo", "PNG, JPEG, WebP", kit.logo, (path) => { set({ logo: path }); brand(); }));
  const colours = make("div", { class: "colours" });
  const held = kit.colours && kit.colours.length ? kit.colours : null;
  (props.roles || []).forEach((role, index) => {
    const label = make("label", {}, words(`brand_${role}`)), input = make("input", { type: "color", "data-brand": role });
    const plain = props.plain || [];
    input.value = (held || plain)[index] || plain[index];
    input.addEventListener("input", () => {
      const all = plain.map((colour, at) => ((now.brand || {}).colours || [])[at] || colour);
      all[index] = input.value;
      set({ colours: all });
    });
    label.prepend(input);
    colours.append(label);
  });
  const select = make("select", { "data-brand": "font" });
  for (const [name, title] of [["", words("brand_font_any")], ...Object.entries(props.fonts || {})]) select.append(make("option", { value: name }, title));
  select.value = kit.font || "";
  select.addEventListener("change", () => set({ font: select.value }));
  box.append(colours, row(words("brand_font"), select, false));
  if (kit.logo || held || kit.font || kit.name || kit.handle) {
    const tools = make("div", { class: "tools" }), drop = make("button", { type: "button" }, words("brand_clear"));
    drop.addEventListener("click", () => { now.brand = {}; tell(); brand(); });
    tools.append(drop);
    box.append(tools);
  }
};

const build = () => {
  const tiles = part("tiles"), form = part("blanks"), one = chosen();
  clear(tiles); clear(form);
  tiles.setAttribute("aria-label", words("templates"));
  for (const each of listed()) {
    const button = make("button", { type: "button", role: "radio", "data-template": each.name, "aria-checked": String(each.name === now.name), title: each.error || said(each.about),
      "aria-disabled": String(!each.blanks), style: each.tone ? `--tone: ${each.tone}` : "" }, each.blanks ? said(each.title) : base(each.name));
    button.addEventListener("click", () => {
      if (!each.blanks) { announce("vgan:fault", { title: words("fault_file"), text: each.error }); return; }
      now.name = now.name === each.name ? "" : each.name;
      tell();
      build();
      element.querySelector(`[data-template="${CSS.escape(each.name)}"]`).focus();
    });
    tiles.append(button);
  }
  part("about").textContent = one ? said(one.about) : words("templates_hint");
  for (const each of one ? one.blanks : []) form.append(blank(each));
  part("tools").hidden = !one;
  part("use").textContent = words("template_use");
  part("bring").textContent = words("template_bring");
  part("brand-title").textContent = words("brand");
  brand();
};
const send = async (picked) => {
  const act = waiting;
  waiting = null;
  if (!picked || !act) return;
  try {
    const { path } = await upload(picked);
    act(path, picked.name);
  } catch (error) {
    announce("vgan:fault", { title: words("fault_file"), text: words("upload_failed", { why: String((error && error.message) || error).slice(0, 160) }) });
  }
};
part("file").addEventListener("change", () => { send(part("file").files[0]); part("file").value = ""; });
part("use").addEventListener("click", () => { now.tongue = tongue(); tell(); trigger("submit"); });
part("blanks").addEventListener("submit", (event) => { event.preventDefault(); part("use").click(); });
part("bring").addEventListener("click", () => {
  waiting = (path, name) => trigger("upload", { path, name });
  part("file").accept = ".toml,.json";
  part("file").click();
});
hear("vgan:template", ({ name }) => {
  now.name = name;
  tell();
  build();
  const tile = element.querySelector(`[data-template="${CSS.escape(name)}"]`);
  if (tile) { tile.scrollIntoView({ block: "center" }); tile.focus({ preventScroll: true }); }
});
watch("value", () => {
  const text = JSON.stringify(props.value || {});
  if (text === sent) return;
  sent = text;
  now = { values: {}, brand: {}, own: [], name: "", ...JSON.parse(text) };
  build();
});
watch("label", build);
now = { ...now, ...(props.value || {}) };
build();
