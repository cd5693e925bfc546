// Whether the finished clip is ready to be posted, point by point. The value is {busy} or {platform, name, passes, points,
// mends, sold, credits, cover}; each point says what was found and what is wanted by keys of phrases with their values.
const SIGNS = { yes: "✓", warns: "!", no: "✕" };
const told = ({ key, values }) => words(`said_${key}`, values);
const line = (point) => {
  const row = make("li"), what = make("span");
  row.append(make("i", { class: `mark ${point.passes}`, "aria-label": words(`passes_${point.passes}`) }, SIGNS[point.passes]), make("b", {}, words(`point_${point.name}`)));
  what.append(make("em", {}, told(point.found)));
  if (point.passes !== "yes") what.append(` · ${words("wanted", { what: told(point.wanted) })}${point.mends ? "" : ` · ${words("unmendable")}`}`);
  row.append(what);
  return row;
};
const write = () => {
  const value = props.value || {}, open = (value.points || []).filter((point) => point.passes !== "yes");
  const passed = (value.points || []).filter((point) => point.passes === "yes"), failed = open.filter((point) => point.passes === "no");
  part("hint").textContent = words("check_hint");
  part("hint").hidden = Boolean(value.points || value.busy);
  part("head").hidden = !part("hint").hidden;
  part("lamp").className = `lamp ${value.busy ? "busy" : failed.length ? "no" : open.length ? "warns" : "yes"}`;
  part("lamp").textContent = value.busy ? "" : SIGNS[failed.length ? "no" : open.length ? "warns" : "yes"];
  const place = value.platform === "any" ? words("anywhere") : value.title || "";
  part("title").textContent = value.busy ? words("checking") : words(failed.length ? "ready_not" : "ready", { place });
  part("sold").textContent = value.points ? `${value.name} · ${words(`sold_${value.sold}`)}` : "";
  part("mend").hidden = !value.mends;
  part("mend").textContent = words("mend");
  part("cover").hidden = !value.cover;
  part("cover").textContent = words("cover");
  if (value.cover) { part("cover").href = value.cover; part("cover").download = value.cover_name; }
  for (const [name, rows] of [["open", open], ["passed", passed]]) { clear(part(name)); part(name).append(...rows.map(line)); }
  part("rest").hidden = !passed.length;
  part("rest-title").textContent = words("passed_of", { n: passed.length });
  const credits = value.credits || [];
  clear(part("credits"));
  for (const one of credits) {
    const row = make("li");
    row.append(make("b", {}, one.name), make("span", {}, [one.part, one.origin, one.licence].filter(Boolean).join(" · ")));
    part("credits").append(row);
  }
  part("sources").hidden = !credits.length;
  part("sources-title").textContent = words("sources_of", { n: credits.length });
};
part("mend").addEventListener("click", () => trigger("apply"));
watch(["value", "label"], write);
write();
