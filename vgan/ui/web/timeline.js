// Which moment is looked at, and which part of an upload is used. The value is {seconds, fps, start, end, at, trim}.
const NAMES = ["start", "end", "at"];
const TRIM = 0.05;   // by what start and end move, seconds
let value = props.value || {};
const clock = (seconds) => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;

const draw = () => {
  const { seconds = 0, start = 0, end = 0, at = 0 } = value;
  for (const name of NAMES) {
    const input = part(name);
    input.max = seconds || 1;
    input.step = name === "at" ? 1 / (value.fps || 30) : TRIM;
    input.value = value[name] ?? 0;
    input.setAttribute("aria-valuetext", `${(+value[name] || 0).toFixed(2)} ${words("sec")}`);
  }
  const box = element.firstElementChild, share = (time) => `${seconds ? (100 * time) / seconds : 0}%`;
  part("range").style.left = share(start);
  part("range").style.right = `calc(100% - ${share(end)})`;
  box.classList.toggle("still", !seconds);
  box.classList.toggle("plain", !value.trim);
  part("time").textContent = `${clock(at)} / ${clock(value.trim ? end - start : seconds)}`;
  tellTimes();
};
const tellTimes = () => {
  const { seconds = 0, at = 0, start = 0, end = seconds } = value;
  announce("vgan:times", { times: { seconds, at, start, end } });
};

const move = (name) => {
  const least = 1 / (value.fps || 30), next = { ...value, [name]: Number(part(name).value) };
  if (name === "start") next.start = Math.max(0, Math.min(next.start, next.end - least));
  if (name === "end" && next.end > value.seconds - TRIM) next.end = value.seconds;   // the last step is rarely a whole one
  if (name === "end") next.end = Math.min(value.seconds, Math.max(next.end, next.start + least));
  if (name !== "at") next.at = next[name];
  next.at = Math.max(next.start, Math.min(next.at, next.end));
  value = next;
  draw();
  props.value = next;
};

for (const name of NAMES) {
  part(name).addEventListener("input", () => { move(name); if (name === "at") trigger("input"); });
  part(name).addEventListener("change", () => { move(name); trigger("release"); });
}
const write = () => { for (const name of NAMES) part(name).setAttribute("aria-label", words(name === "at" ? "moment" : `trim_${name}`)); draw(); };
// time: seconds from the first one used; at: seconds of the source
hear("vgan:seek", ({ time, at }) => {
  if (!value.seconds) return;
  part("at").value = Math.min(value.end, at ?? value.start + time);
  move("at");
  trigger("release");
});
hear("vgan:ask-times", tellTimes);
watch("value", () => { if (props.value !== value) { value = props.value || {}; draw(); } });
watch("label", write);
write();
