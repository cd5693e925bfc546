// Controls that custom components draw themselves: a slider with its value, a switch. `act` hears of every change.
const clock = (seconds) => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;
const percent = (value) => `${Math.round(100 * value)} %`;
const knob = ({ label, value, low = 0, high = 1, step = 0.01, key, shown = percent }, act) => {
  const box = make("label", { class: "field" }), row = make("span", { class: "row" }), out = make("output");
  const input = make("input", { type: "range", min: low, max: high, step, "data-field": key, "aria-label": label });
  const draw = () => {
    const share = (at) => (100 * (at - low)) / (high - low);
    const ends = [share(low < 0 ? 0 : low), share(Number(input.value))].sort((one, other) => one - other);
    input.style.setProperty("--from", `${ends[0]}%`);
    input.style.setProperty("--to", `${ends[1]}%`);
    out.textContent = shown(Number(input.value));
  };
  input.value = value;
  input.addEventListener("input", () => { draw(); act(Number(input.value)); });
  row.append(make("span", {}, label), out);
  box.append(row, input);
  draw();
  return box;
};
const flip = ({ label, value, key }, act) => {
  const box = make("label", { class: "field row" }), hold = make("span", { class: "switch" });
  const input = make("input", { type: "checkbox", role: "switch", "data-field": key });
  input.checked = Boolean(value);
  input.addEventListener("change", () => act(input.checked));
  hold.append(input);
  box.append(make("span", {}, label), hold);
  return box;
};
