// What was found broken, run by run, with a switch for each and for every frame of it; and frames marked by hand.
// It has no value of its own: the plot tells it what there is. Switching sends all marks, as seconds of the source.
const MOST = 100;      // rows; more than that nobody goes through one by one
let now = { state: "off" }, at = 0;
const send = (leave, mend) => {
  now = { ...now, leave: [...leave].sort((one, other) => one - other), mend: [...mend].sort((one, other) => one - other) };
  build();
  const seconds = (frames) => frames.map((frame) => +second(now, frame).toFixed(4));
  trigger("select", { leave: seconds(now.leave), mend: seconds(now.mend) });
};
const range = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
const setFound = (frames, on) => {
  const leave = new Set(now.leave);
  for (const frame of frames) if (on) leave.delete(frame); else leave.add(frame);
  send(leave, now.mend);
};
const row = (name, reason, first, last, facts, thumb, frames, on, turn) => {
  const item = make("li", { class: on === 0 ? "off" : "", "data-first": first }), line = make("div", { class: "row" }), time = clock(second(now, first));
  const go = make("button", { type: "button", class: "go", "aria-label": `${words("damage_go", { time })}: ${name}`, title: words(`reason_${reason}_help`) });
  const face = thumb ? make("img", { src: thumb, alt: "" }) : make("i");
  face.style.setProperty("--colour", COLOURS[reason] || COLOURS.asked);
  const what = make("span", { class: "what" });
  what.append(make("b", {}, name), make("small", {}, [time, ...facts].join(" · ")));
  go.append(face, what);
  go.addEventListener("click", () => announce("vgan:seek", { at: second(now, first) }));
  const hold = make("label", { class: "switch" }), input = make("input", { type: "checkbox", role: "switch", "aria-label": `${words("damage_mend", { time })}: ${name}` });
  input.checked = on === 2;
  input.indeterminate = on === 1;
  input.addEventListener("change", () => turn(on !== 2));
  hold.append(input);
  line.append(go, hold);
  item.append(line, make("p", { class: "says" }, words(`reason_${reason}_help`)));
  if (frames.length > 1) {
    const details = make("details"), each = make("div", { class: "each" });
    details.append(make("summary", {}, words("damage_each")), each);
    for (const frame of frames) {
      const mends = !now.leave.includes(frame), moment = clock(second(now, frame));
      const button = make("button", { type: "button", "aria-pressed": String(mends), "aria-label": words("damage_mend", { time: moment }) }, moment.replace(/^0:/, ""));
      button.addEventListener("click", () => setFound([frame], !mends));
      each.append(button);
    }
    item.append(details);
  }
  return item;
};
const build = () => {
  const list = part("list"), known = now.state === "known", busy = now.state === "looking", opened = [...list.querySelectorAll("details[open]")].map((one) => one.closest("li").dataset.first);
  clear(list);
  const { done = 0, total = 0, left = null } = now.progress || {}, runs = known ? now.runs : [], hand = known || now.state === "unknown" ? now.mend || [] : [];
  const spoken = (seconds) => `${Math.ceil(seconds)} ${words("sec")}`, line = inLine(now.progress, spoken);
  part("hint").textContent = busy && line ? line.join(" · ") : busy ? `${words("damage_looking")} ${total ? Math.floor((100 * done) / total) : 0} %${left == null ? "" : ` · ${words("left", { time: spoken(left) })}`}`
    : now.state === "off" ? words("damage_off") : known ? words("damage_none") : words("damage_unknown");
  part("hint").hidden = known && runs.length > 0;
  part("look").textContent = words("damage_look");
  part("look").hidden = now.state === "off" || busy || known;
  part("stop").textContent = words("cancel");
  part("stop").hidden = !busy;
  part("mark").textContent = words("damage_mark");
  part("mark").hidden = now.state === "off" || busy;
  for (const run of runs.slice(0, MOST)) {
    const frames = range(run.first, run.last), count = frames.filter((frame) => !now.leave.includes(frame)).length;
    const facts = [words("damage_frames", { n: frames.length }), words("damage_sure", { n: run.sure })];
    if (frames.length === 1) facts.shift();
    list.append(row(words(`reason_${run.reason}`), run.reason, run.first, run.last, facts, run.thumb, frames, count === frames.length ? 2 : count ? 1 : 0, (on) => setFound(frames, on)));
  }
  for (const frame of hand) {
    list.append(row(words("damage_hand"), "asked", frame, frame, [], "", [frame], 2, () => send(now.leave, now.mend.filter((one) => one !== frame))));
  }
  for (const first of opened) { const item = list.querySelector(`[data-first="${first}"] details`); if (item) item.open = true; }
};
part("look").addEventListener("click", () => announce("vgan:look"));
part("stop").addEventListener("click", () => trigger("clear"));
part("mark").addEventListener("click", () => {
  const frame = Math.max(0, Math.min(now.frames - 1, Math.round((at - now.start) * now.fps))), found = (now.runs || []).some((run) => frame >= run.first && frame <= run.last);
  if (found) setFound([frame], true); else send(now.leave, [...new Set([...now.mend, frame])]);
});
hear("vgan:damage", ({ damage }) => { now = damage.state ? damage : { state: "off" }; build(); });
hear("vgan:times", ({ times }) => { at = times.at; });
watch("label", build);
build();
announce("vgan:ask-damage");
announce("vgan:ask-times");
