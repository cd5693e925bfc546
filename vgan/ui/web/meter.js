// The meter: an estimate while idle, progress with the time left while rendering. Both take the same place.
let estimate = null;
const write = () => {
  const value = props.value || {};
  if (value.estimate) estimate = value.estimate;
  const busy = value.progress, box = element.firstElementChild;
  box.classList.toggle("busy", Boolean(busy));
  document.documentElement.classList.toggle("vgan-busy", Boolean(busy));
  if (busy) {
    const share = busy.total ? busy.done / busy.total : 0;
    part("head").textContent = busy.total ? `${Math.floor(share * 100)} %` : words("starting");
    part("text").textContent = busy.left == null ? words("rendering") : words("left", { s: Math.max(1, Math.ceil(busy.left)) });
    part("bar").setAttribute("aria-valuenow", String(Math.round(share * 100)));
    part("bar").setAttribute("aria-label", words("rendering"));
    part("fill").style.width = `${share * 100}%`;
  } else {
    part("head").textContent = words("estimate_label");
    part("text").textContent = estimate
      ? words("estimate", { s: estimate.seconds < 10 ? Math.max(1, Math.round(estimate.seconds)) : Math.round(estimate.seconds / 5) * 5,
          mb: estimate.bytes < 1e7 ? (estimate.bytes / 1e6).toFixed(1) : Math.round(estimate.bytes / 1e6) })
      : "";
    part("fill").style.width = "0";
  }
};
watch(["value", "label"], write);
write();
