// Damage over time, under the timeline and to its scale: how broken every frame seems, and what was found, by colour.
// The value is {state, start, fps, frames, scores, runs, leave, mend, progress}; state: off, unknown, looking or known.
const WIDE = 1000, HIGH = 100, LEAST = 4;
let times = { seconds: 0, at: 0 }, asked = "";
const node = (name, attributes) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};
const across = (time) => (times.seconds ? (WIDE * time) / times.seconds : 0);
const place = () => { part("at").style.left = `${across(times.at) / 10}%`; };

const write = () => {
  const value = props.value || {}, box = part("box"), plot = part("plot"), marks = part("marks"), known = value.state === "known";
  box.hidden = !["known", "looking"].includes(value.state) || !times.seconds;
  plot.classList.toggle("busy", value.state === "looking");
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", words("damage_plot"));
  clear(marks);
  part("score").setAttribute("d", "");
  const { done = 0, total = 0 } = value.progress || {};
  plot.style.setProperty("--done", `${total ? (100 * done) / total : 0}%`);
  const line = inLine(value.progress, (seconds) => `${Math.ceil(seconds)} ${words("sec")}`);
  if (value.state === "looking") part("count").textContent = line ? line.join(" · ") : `${words("damage_looking")} ${total ? Math.floor((100 * done) / total) : 0} %`;
  if (!known) return;
  const scores = value.scores || [], each = value.frames / Math.max(1, scores.length);
  const points = scores.map((score, index) => {
    const [left, right] = [index, index + 1].map((at) => across(second(value, at * each)).toFixed(2)), top = (HIGH * (1 - score)).toFixed(1);
    return `L${left} ${top}L${right} ${top}`;
  });
  if (points.length) part("score").setAttribute("d", `M${across(value.start).toFixed(2)} ${HIGH}${points.join("")}L${across(second(value, value.frames)).toFixed(2)} ${HIGH}Z`);
  const mended = willMend(value), bar = (reason, first, last, on) => {
    const left = across(second(value, first)), right = across(second(value, last + 1));
    marks.append(node("rect", { x: left, width: Math.max(LEAST, right - left), y: 0, height: HIGH, fill: COLOURS[reason] || COLOURS.asked, "fill-opacity": on ? 0.9 : 0.25 }));
  };
  for (const run of value.runs) bar(run.reason, run.first, run.last, [...mended].some((frame) => frame >= run.first && frame <= run.last));
  for (const frame of value.mend) bar("asked", frame, frame, true);
  const count = mended.size;
  part("count").textContent = count === 0 ? words("damage_none_short") : count === 1 ? words("damage_found_one") : words("damage_found", { n: count });
};

// What nobody has looked at yet is looked at once, unasked, where that makes sense.
const look = () => {
  const value = props.value || {}, key = JSON.stringify([value.start, value.fps, value.frames]);
  announce("vgan:damage", { damage: value });
  if (value.state !== "unknown" || !value.auto) { asked = ""; return; }
  if (asked === key) return;
  asked = key;
  trigger("submit");
};
part("plot").addEventListener("click", (event) => {
  const box = part("plot").getBoundingClientRect();
  announce("vgan:seek", { at: ((event.clientX - box.left) / box.width) * times.seconds });
});
hear("vgan:times", (detail) => { const moved = detail.times.seconds !== times.seconds; times = detail.times; place(); if (moved) write(); });
hear("vgan:ask-damage", () => announce("vgan:damage", { damage: props.value || {} }));
hear("vgan:look", () => trigger("submit"));
watch("value", () => { write(); look(); });
watch("label", write);
announce("vgan:ask-times");
write();
look();
