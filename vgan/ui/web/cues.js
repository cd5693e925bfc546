// Lines of words and when they are shown: a list to type in, and the same as a subtitle file. Times are seconds of the clip.
let times = { seconds: 0, at: 0 };  // of the clip: how long it is, and where the playhead stands
const LINE = 2;      // seconds that a new line lasts, where nothing else says so
const SHORTEST = 0.1;
const TENTHS = 10;

const tenth = (value) => Math.round(value * TENTHS) / TENTHS;
const heard = (cue) => times.seconds > 0 && cue.start <= times.at && times.at < (cue.end ?? Infinity);
// A change of a time that keeps a beginning before its end: whoever moves the beginning takes the end along.
const timed = ({ start, end }, changes) => {
  const next = { start, end, ...changes };
  if (next.end == null || next.end > next.start) return next;
  return "start" in changes && end != null ? { ...next, end: tenth(next.start + Math.max(SHORTEST, end - start)) } : { ...next, end: tenth(next.start + SHORTEST) };
};
// A line that comes next: at the playhead if that is later than the last line began, else after it. The last one ends there.
const lineAfter = (cues) => {
  const last = cues.at(-1);
  if (!last) return [{ start: 0, end: null, text: "" }];
  const played = tenth(times.at), usual = last.end ?? last.start + LINE, room = (last.start + times.seconds) / 2;
  const start = played > last.start ? played : tenth(times.seconds > last.start && usual >= times.seconds ? room : usual);
  const ended = last.end == null && start > last.start ? { ...last, end: start } : last;
  return [...cues.slice(0, -1), ended, { start, end: null, text: "" }];
};

const stamp = (seconds, point) => {
  const ms = Math.round(seconds * 1000), two = (value) => String(value).padStart(2, "0");
  return `${two(Math.floor(ms / 3600000))}:${two(Math.floor(ms / 60000) % 60)}:${two(Math.floor(ms / 1000) % 60)}${point}${String(ms % 1000).padStart(3, "0")}`;
};
// As SRT or WebVTT: no empty line inside a cue, which would end it, and no arrow, which is that of the times.
const FORMATS = { srt: { head: "", point: ",", type: "application/x-subrip" }, vtt: { head: "WEBVTT\n\n", point: ".", type: "text/vtt" } };
const subtitles = (cues, format) => {
  const { head, point } = FORMATS[format];
  const clean = (text) => text.split(/\r\n?|\n/).filter((line) => line.trim()).join("\n").replaceAll("-->", "→");
  const safe = (text) => (format === "vtt" ? text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;") : text);
  const said = cues.filter((cue) => clean(cue.text)).sort((one, other) => one.start - other.start);
  const end = (cue) => cue.end ?? Math.max(times.seconds, cue.start + LINE);
  return head + said.map((cue, at) => `${at + 1}\n${stamp(cue.start, point)} --> ${stamp(end(cue), point)}\n${safe(clean(cue.text))}\n`).join("\n");
};
const save = (cues, format) => {
  const address = URL.createObjectURL(new Blob([subtitles(cues, format)], { type: `${FORMATS[format].type};charset=utf-8` }));
  const link = make("a", { href: address, download: `captions.${format}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
};

let rolled = { index: null, top: 0 };  // how far the open list is scrolled, which a redrawn one keeps
let current = -1;                      // the line under the playhead that was scrolled to last
const mark = (list = element.querySelector(".cues"), index = held.open) => {
  const card = list && held.cards[index];
  if (!card || !card.cues) return;
  const rows = [...list.children], said = rows.map((row) => heard(card.cues[row.dataset.cue]));
  rows.forEach((row, at) => { if (said[at]) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current"); });
  if (!list.isConnected || said.indexOf(true) === current) return;
  current = said.indexOf(true);
  if (current < 0 || list.contains(document.activeElement)) return;
  list.scrollTop = rows[current].offsetTop - list.clientHeight / 3;
  rolled = { index, top: list.scrollTop };  // at once: the list may be redrawn before its scrolling is told
};
const cueRow = (index, field, at) => {
  const card = held.cards[index], cue = card.cues[at], n = at + 1;
  const row = make("li", { class: "cue", "data-cue": at }), line = make("div", { class: "line" });
  const put = (changes) => { card.cues[at] = { ...card.cues[at], ...changes }; set(index, { cues: card.cues }); };
  const go = make("button", { type: "button", class: "go", "data-tool": `go-${at}` }, String(n));
  const lead = () => { for (const name of ["title", "aria-label"]) go.setAttribute(name, words("cue_go", { time: clock(card.cues[at].start) })); };
  lead();
  go.addEventListener("click", () => announce("vgan:seek", { time: card.cues[at].start }));
  const moment = (name) => {
    const input = make("input", { type: "number", min: 0, max: 36000, step: 0.1, inputmode: "decimal", "data-field": `${name}-${at}`, "aria-label": words(`cue_${name}`, { n }) });
    if (name === "end") input.placeholder = words("to_the_end");
    input.value = cue[name] ?? "";
    input.addEventListener("change", () => {
      const typed = input.value === "" ? (name === "end" ? null : 0) : Math.max(0, Math.min(36000, Number(input.value)));
      put(timed(card.cues[at], { [name]: typed }));
      for (const other of row.querySelectorAll("input")) other.value = card.cues[at][other.dataset.field.split("-")[0]] ?? "";
      lead();
      mark();
    });
    return input;
  };
  const gone = make("button", { type: "button", class: "gone", "data-tool": `gone-${at}`, title: words("cue_remove", { n }), "aria-label": words("cue_remove", { n }) });
  gone.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18"/></svg>';
  gone.addEventListener("click", () => {
    const cues = card.cues.filter((_, place) => place !== at);
    recue(index, field, cues.length ? cues : lineAfter([]), Math.min(at, cues.length - 1));
  });
  const text = make("textarea", { rows: 1, dir: "auto", maxlength: props.longest || 2000, placeholder: words("cue_text"), "data-field": `text-${at}`, "aria-label": words("cue_words", { n }) });
  const grow = () => { if (text.scrollHeight) { text.style.height = "auto"; text.style.height = `${text.scrollHeight + 2}px`; } };
  text.value = cue.text;
  text.rows = Math.min(8, cue.text.split("\n").length);
  text.addEventListener("input", () => { if (!CSS.supports("field-sizing: content")) grow(); put({ text: text.value }); });
  line.append(go, moment("start"), make("span", { "aria-hidden": "true" }, "–"), moment("end"), gone);
  row.append(line, text);
  return row;
};
const recue = (index, field, cues, focus) => {
  set(index, { cues });
  fill(index, field, cardOf(index).querySelector(".cues"));
  const target = cardOf(index).querySelector(`[data-field="text-${focus}"]`);
  if (target) target.focus();
};
const fill = (index, field, list) => {
  clear(list);
  held.cards[index].cues.forEach((_, at) => list.append(cueRow(index, field, at)));
  const more = list.parentElement && list.parentElement.querySelector("[data-tool=line]");
  if (more) more.disabled = held.cards[index].cues.length >= field.most;
  mark(list, index);
};
DRAW.cues = (index, field, label) => {
  const box = make("div", { class: "field script" }), list = make("ol", { class: "cues", "aria-label": label }), tools = make("div", { class: "tools" });
  const tool = (name, text, act, title = "") => {
    const button = make("button", { type: "button", "data-tool": name, ...(title ? { title, "aria-label": title } : {}) }, text);
    button.addEventListener("click", act);
    tools.append(button);
    return button;
  };
  tool("line", words("cue_add"), () => recue(index, field, lineAfter(held.cards[index].cues), held.cards[index].cues.length)).classList.add("plus");
  tool("import", words("cue_import"), () => pick(index, "cues", ".srt,.vtt,.txt"), words("cue_import_help"));
  const saving = make("span", { class: "saving" });
  saving.append(make("span", {}, words("cue_save")));
  for (const format of Object.keys(FORMATS)) {
    const kind = format.toUpperCase(), title = words("cue_save_as", { kind });
    const button = make("button", { type: "button", "data-tool": format, title, "aria-label": title }, kind);
    button.addEventListener("click", () => save(held.cards[index].cues, format));
    saving.append(button);
  }
  tools.append(saving);
  box.append(list, tools);
  list.addEventListener("scroll", () => { if (list.isConnected) rolled = { index, top: list.scrollTop }; });
  fill(index, field, list);
  const top = rolled.index === index ? rolled.top : 0;
  if (top) requestAnimationFrame(() => { list.scrollTop = top; });
  return box;
};
hear("vgan:times", ({ times: { at, start, end } }) => { times = { seconds: end - start, at: at - start }; mark(); });
