// The meter: an estimate while idle, progress with the time left while rendering. Both take the same place.
// Work that waits in the line says how many go first, and when it begins.
// A render that was stopped on the way waits: it goes on, or is given up.
let estimate = null;
const size = (bytes) => (bytes < 1e7 ? Math.max(0.1, bytes / 1e6).toFixed(1) : Math.round(bytes / 1e6));
const about = (seconds) => {
  if (seconds > 100) return `${Math.round(seconds / 60)} ${words("min")}`;
  return `${seconds < 10 ? Math.max(1, Math.round(seconds)) : Math.round(seconds / 5) * 5} ${words("sec")}`;
};
const write = () => {
  const value = props.value || {};
  if (value.ended) return;  // its event is about to be over, and says then what is shown
  if (value.estimate) estimate = value.estimate;
  const waits = Boolean(value.waits) && !value.progress;
  part("row").hidden = !waits;
  part("text").hidden = waits;
  part("resume").textContent = words("resume");
  part("discard").textContent = words("discard");
  const busy = value.progress, box = element.firstElementChild;
  box.classList.toggle("busy", Boolean(busy));
  if (home()) home().toggleAttribute("data-busy", Boolean(busy));
  announce("vgan:work", { recipe: value.recipe, over: Boolean(value.over), share: busy && busy.total ? busy.done / busy.total : 0 });
  if (busy) {
    const share = busy.total ? busy.done / busy.total : 0, line = inLine(busy, about);
    part("head").textContent = line ? line[0] : busy.total ? `${Math.floor(share * 100)} %` : words("starting");
    part("text").textContent = line ? line[1] : busy.left == null ? words(busy.doing || "rendering") : words("left", { time: about(busy.left) });
    part("bar").setAttribute("aria-valuenow", String(Math.round(share * 100)));
    part("bar").setAttribute("aria-label", words("rendering"));
    part("fill").style.width = `${share * 100}%`;
  } else {
    const { size: frame, frames } = estimate || {};
    part("head").textContent = waits ? words("waits") : frame ? `${frame[0]} × ${frame[1]} · ${words("frames_of", { n: frames })}` : words(props.idle || "estimate_label");
    part("text").textContent = estimate ? words("estimate", { time: about(estimate.seconds), mb: size(estimate.bytes) }) : "";
    part("fill").style.width = "0";
  }
};
part("resume").addEventListener("click", () => trigger("submit"));
part("discard").addEventListener("click", () => { props.value = { ...props.value, waits: false }; write(); announce("vgan:work", { over: true }); trigger("clear"); });
watch(["value", "label"], write);
write();
