// The head: name, what is kept of a visitor, and the switch between dark (the default) and light.
const KEY = "vgan-theme";
const panel = part("panel"), opener = part("kept"), remove = part("delete");
const span = (hours) => {
  if (hours < 1) return words("kept_less", { n: Math.max(1, Math.round(hours * 60)) });
  return hours === 1 ? words("kept_hour") : words("kept_some", { n: Math.round(hours * 10) / 10 });
};
const write = () => {
  const { hours = 24, public: open = false } = props.value || {};
  part("theme").setAttribute("aria-label", words("theme"));
  part("theme").title = words("theme");
  opener.setAttribute("aria-label", words("kept"));
  opener.title = words("kept");
  panel.setAttribute("aria-label", words("kept"));
  part("title").textContent = words("kept");
  const lines = [words("kept_hours", { hours: span(hours) }), words("kept_clean"), words("kept_nobody"), words("kept_render"), words(open ? "kept_public" : "kept_here")];
  clear(part("lines"));
  lines.forEach((line) => part("lines").append(make("li", {}, line)));
  remove.textContent = words(remove.classList.contains("sure") ? "kept_sure" : "kept_delete");
  if (!(props.value || {}).gone) return;
  part("said").textContent = words("kept_gone");
  remove.hidden = true;
  document.dispatchEvent(new CustomEvent("vgan:forget"));
  setTimeout(() => location.reload(), 900);   // the page begins anew: what it showed is no longer there
};
const show = (on) => {
  panel.hidden = !on;
  opener.setAttribute("aria-expanded", String(on));
  remove.classList.remove("sure");
  remove.textContent = words("kept_delete");
};
opener.addEventListener("click", () => show(panel.hidden));
document.addEventListener("click", ({ target }) => { if (!panel.hidden && !element.contains(target)) show(false); });
document.addEventListener("keydown", ({ key }) => { if (key === "Escape" && !panel.hidden) { show(false); opener.focus(); } });
remove.addEventListener("click", () => {
  if (remove.classList.contains("sure")) { remove.disabled = true; trigger("submit"); return; }
  remove.classList.add("sure");
  remove.textContent = words("kept_sure");
});
part("theme").addEventListener("click", () => {
  const dark = document.body.classList.toggle("dark");
  try { localStorage.setItem(KEY, dark ? "dark" : "light"); } catch { /* private windows keep no choice */ }
});
watch(["value", "label"], write);
write();
