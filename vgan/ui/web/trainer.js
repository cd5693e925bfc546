// The stage of the Train tab: an example, the clip that is trimmed and cropped, or the training and its newest pictures.
// The value is {training, brought, fault}; every answer carries only what is new in it.
const WORKING_MS = 2000, IDLE_MS = 12000, LEAST_SECONDS = 0.3;
const canvas = part("canvas"), picture = part("picture"), sheet = part("sheet"), crop = part("crop");
const pen = canvas.getContext("2d", { alpha: false });
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let training = null, version = "", clip = null, box = ALL, aside = false;
let strip = null, phase = 0, last = 0, asked = 0, drawn = 0, signature = "", toldError = "";
const strips = new Map();

const about = (seconds) => (seconds > 100 ? `${Math.round(seconds / 60)} ${words("min")}` : `${Math.max(1, Math.round(seconds))} ${words("sec")}`);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;
const setAspect = (width, height) => picture.style.setProperty("--aspect", String(width / height));
const view = () => (training && !(aside && clip) ? "training" : clip ? "clip" : "example");

const drawClip = () => {
  if (!strip || !strip.ready) return;
  const at = Math.min(strip.frames - 1e-3, (phase / clip.seconds) * strip.frames), index = Math.floor(at);
  for (const [frame, alpha] of [[index, 1], [Math.min(index + 1, strip.frames - 1), at - index]]) {
    pen.globalAlpha = alpha;
    pen.drawImage(strip.sheet, (frame % strip.columns) * strip.width + 0.5, Math.floor(frame / strip.columns) * strip.height + 0.5, strip.width - 1, strip.height - 1,
      0, 0, canvas.width, canvas.height);
  }
  pen.globalAlpha = 1;
  part("at").style.left = `${(100 * phase) / clip.seconds}%`;
};
const tickClip = (time) => {
  if (!element.isConnected) return;
  if (!canvas.hidden && !calm.matches && strip && clip) {
    phase += Math.min(time - last, 100) / 1000;
    if (phase > clip.end || phase < clip.start) phase = clip.start;
    drawClip();
  }
  last = time;
  requestAnimationFrame(tickClip);
};

const drawBox = () => {
  const [x, y, w, h] = box;
  for (const [name, value] of [["left", x], ["top", y], ["width", w], ["height", h]]) crop.style[name] = `${100 * value}%`;
  crop.classList.toggle("whole", whole(box));
  part("whole").hidden = view() !== "clip" || whole(box);
};
const drawTrim = () => {
  const { start, end, seconds } = clip;
  for (const name of ["start", "end"]) {
    part(name).max = seconds;
    part(name).value = clip[name];
    part(name).setAttribute("aria-valuetext", `${clip[name].toFixed(2)} ${words("sec")}`);
  }
  part("range").style.left = `${(100 * start) / seconds}%`;
  part("range").style.right = `${100 - (100 * end) / seconds}%`;
  part("time").textContent = `${clock(end - start)} / ${clock(seconds)}`;
};

const showClip = async () => {
  const wanted = (strip = strips.get(clip.path));
  if (!wanted) return;
  if (!wanted.sheet) {
    wanted.sheet = new Image();
    wanted.sheet.src = wanted.strip;
  }
  try { await wanted.sheet.decode(); } catch { return; }
  wanted.ready = true;
  if (strip !== wanted) return;
  if (canvas.width !== wanted.width || canvas.height !== wanted.height) { canvas.width = wanted.width; canvas.height = wanted.height; }
  if (!canvas.hidden) setAspect(wanted.width, wanted.height);
  phase = within(phase, clip.start, clip.end);
  drawClip();
  canvas.dataset.shown = clip.path;
};

const showSheet = (source) => {
  if (sheet.getAttribute("src") === source) { if (sheet.naturalWidth) setAspect(sheet.naturalWidth, sheet.naturalHeight); return; }
  sheet.onload = () => { if (canvas.hidden) setAspect(sheet.naturalWidth, sheet.naturalHeight); sheet.dataset.shown = String(++drawn); };
  sheet.src = source;
};

const writeFacts = (now) => {
  const facts = part("facts"), add = (tag, text) => facts.append(make(tag, {}, text));
  clear(facts);
  if (now === "example") { add("b", words(props.closed ? "train_closed_title" : "train_example")); return; }
  if (now === "clip") {
    add("b", clip.name);
    add("span", [`${clip.width} × ${clip.height}`, `${+(clip.end - clip.start).toFixed(1)} ${words("sec")}`].join(" · "));
    return;
  }
  add("b", training.title);
  const parts = [words(`train_${training.state}`)];
  if (training.step) parts.push(words("train_step", { n: training.step.toLocaleString() }));
  if (training.state === "training" && training.left != null) parts.push(words("left", { time: about(training.left) }));
  if (training.distance != null) parts.push(words("train_distance", { n: training.distance.toFixed(2) }));
  add("span", parts.join(" · "));
};

const write = () => {
  const now = view(), working = Boolean(training && training.working);
  element.firstElementChild.dataset.view = now;
  const soon = now === "training" && working && !version;
  crop.hidden = part("trim").hidden = now !== "clip";
  canvas.hidden = now !== "clip" && !(soon && clip);
  canvas.setAttribute("aria-label", words("train_clip"));
  sheet.hidden = now === "clip" || !(now === "training" ? training.sheet : props.still);
  sheet.alt = words(now === "example" ? "train_example" : "train_sheet");
  const growing = now === "training" && training.losses && training.losses.length > 1;
  part("growth").hidden = !growing;
  part("hint").hidden = now === "clip" || growing;
  part("hint").textContent = words(now === "example" ? (props.closed ? "train_closed_text" : "train_hint") : working ? "train_soon_hint" : "train_waits_hint");
  crop.setAttribute("aria-label", words("train_crop"));
  part("start").setAttribute("aria-label", words("trim_start"));
  part("end").setAttribute("aria-label", words("trim_end"));
  for (const [name, key] of [["whole", "train_whole"], ["example", "train_try"], ["play", "train_open"], ["decline", "close"]]) part(name).textContent = words(key);
  part("example").hidden = now !== "example" || props.closed || !props.example;
  part("play").hidden = now !== "training" || training.state !== "done";
  part("other").hidden = !(training && clip);
  part("other").textContent = words(now === "clip" ? "train_show_training" : "train_show_clips");
  part("soon").hidden = !soon;
  if (soon) {
    part("soon-title").textContent = words(`train_${training.state}`);
    part("soon-text").textContent = training.state === "training" ? words("train_soon") : words("train_before");
  }
  if (now === "clip") drawTrim();
  if (!canvas.hidden) showClip();
  if (now === "example" && props.still) showSheet(props.still);
  if (now === "training") {
    if (training.sheet) showSheet(training.sheet);
    if (growing) {
      const [maker, judge] = lossLines(training.losses), [, one, two] = training.losses[training.losses.length - 1];
      part("maker").setAttribute("d", maker);
      part("judge").setAttribute("d", judge);
      part("maker-text").textContent = `${words("train_maker")} ${one.toFixed(2)}`;
      part("judge-text").textContent = `${words("train_judge")} ${two.toFixed(2)}`;
      part("plot").setAttribute("aria-label", words("train_losses"));
      part("plot").title = words("train_losses_help");
    }
  }
  drawBox();
  writeFacts(now);
};

const showNotice = (fault) => {
  part("notice").hidden = !fault;
  if (!fault) return;
  part("notice").classList.add("fault");
  part("notice-title").textContent = fault.title;
  part("notice-text").textContent = fault.text;
};

let heardOf = null;
const update = () => {
  const value = props.value || {};
  if (value.number !== undefined && value.number !== heardOf) {
    heardOf = value.number;
    if (value.fault) showNotice(value.fault);
    if (value.brought) {
      for (const one of value.brought) strips.set(one.path, one);
      announce("vgan:brought", { clips: value.brought });
    }
  }
  if (value.shelf !== undefined) signature = value.shelf;
  if (value.training !== undefined) {
    const before = training;
    training = value.training;
    if (!training || !before || training.name !== before.name) { version = ""; aside = Boolean(before && aside); }
    if (training && training.sheet) version = training.version;
    else if (training && before && training.name === before.name) training.sheet = before.sheet;
    if (training && training.fresh) { aside = false; toldError = ""; showNotice(null); }
    const wrong = training && training.state === "failed" ? training.error : "";
    if (wrong && wrong !== toldError) { toldError = wrong; showNotice({ title: words("train_failed_title"), text: wrong }); }
  }
  write();
};

const move = (name) => {
  const next = { start: clip.start, end: clip.end, [name]: Number(part(name).value) };
  if (name === "start") next.start = Math.max(0, Math.min(next.start, next.end - LEAST_SECONDS));
  else next.end = Math.min(clip.seconds, Math.max(next.end, next.start + LEAST_SECONDS));
  if (next.end > clip.seconds - 0.05) next.end = clip.seconds;   // the last step is rarely a whole one
  phase = name === "start" ? next.start : Math.max(next.start, next.end - 0.05);
  announce("vgan:trimmed", { path: clip.path, ...next });
};
for (const name of ["start", "end"]) part(name).addEventListener("input", () => move(name));
croppable(crop, picture, () => box, (next) => announce("vgan:cropped", { box: next }));
part("whole").addEventListener("click", () => announce("vgan:cropped", { box: ALL }));
part("other").addEventListener("click", () => { aside = !aside; write(); });
part("example").addEventListener("click", () => trigger("example_select"));
part("play").addEventListener("click", () => trigger("play", { name: training.name }));
part("decline").addEventListener("click", () => showNotice(null));
hear("vgan:clips", ({ clips, chosen, crop: next, picked }) => {
  clip = clips[chosen] || null;
  box = next;
  if (picked) aside = true;
  if (clip) phase = within(phase, clip.start, clip.end);
  write();
});
hear("vgan:fault", ({ title, text }) => showNotice({ title, text }));
setInterval(() => {
  if (props.closed || document.hidden || !element.isConnected || !element.checkVisibility()) return;
  const now = performance.now();
  if (now - asked < (training && training.working ? WORKING_MS : IDLE_MS)) return;
  asked = now;
  trigger("tick", { sheet: version, shelf: signature });
}, 400);
watch("value", update);
watch("label", write);
update();
announce("vgan:ask-clips");
requestAnimationFrame(tickClip);
