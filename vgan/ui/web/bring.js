// A generator by its name: the server says what it is before anything large is fetched. The value is {told} or {fault}.
let busy = false, heardOf = null, found = null;
const write = () => {
  part("label").textContent = words("bring_name");
  part("help").textContent = words("bring_help");
  part("check").textContent = words(busy ? "bring_checking" : "bring_check");
  part("check").setAttribute("aria-disabled", String(busy));
  part("open").textContent = words("train_open");
  part("known").setAttribute("aria-label", words("bring_known"));
  part("known").hidden = !(props.known || []).length;
  clear(part("known"));
  for (const one of props.known || []) {
    const chip = make("button", { type: "button", title: one.name }, one.title);
    chip.addEventListener("click", () => { part("name").value = one.name; ask(); });
    part("known").append(chip);
  }
  part("found").hidden = !found || busy;
  if (!found) return;
  const slide = found.attributes ? words("bring_found", { named: found.attributes, found: found.found }) : words("bring_only_found", { found: found.found });
  const known = found.side > 0, repository = found.repo_id ? [found.repo_id, found.revision.slice(0, 7)].filter(Boolean).join(" @ ") : "";
  part("title").textContent = found.title;
  fill(part("facts"), [
    [words("fact_family"), said(`family_${found.family}`, found.family) || words("later")],
    [words("fact_side"), known ? `${found.side} × ${found.side} px` : words("later")],
    [words("fact_parameters"), found.parameters ? found.parameters.toLocaleString() : words("later")],
    [words("fact_sliders"), known ? [slide, found.layers ? words("bring_layers", { n: found.layers }) : ""].filter(Boolean).join(", ") : slide],
    [words("fact_licence"), found.sell === "own" ? "" : found.licence],
    [words("fact_sell"), words(`sell_${found.sell}`)],
    [words("fact_size"), found.bytes ? bytesText(found.bytes) : ""],
    [words("fact_state"), words(found.here ? "bring_here" : "state_fetch")],
    [words("fact_from"), repository],
  ]);
};
const ask = () => {
  const name = part("name").value.trim();
  if (busy) return;
  if (!name) { part("name").focus(); return; }
  busy = true;
  part("fault").hidden = true;
  write();
  trigger("submit", { name });
};
const update = () => {
  const value = props.value || {};
  if (value.number === undefined || value.number === heardOf) { write(); return; }
  heardOf = value.number;
  busy = false;
  if (value.told) found = value.told;
  else if (value.fault) found = null;
  part("fault").hidden = !value.fault;
  if (value.fault) { part("fault-title").textContent = value.fault.title; part("fault-text").textContent = value.fault.text; }
  write();
};
part("form").addEventListener("submit", (event) => { event.preventDefault(); ask(); });
part("open").addEventListener("click", () => trigger("play", { name: found.name }));
watch("value", update);
watch("label", write);
update();
