// Music for the clip, and what it moves in the picture. The value is {sound, music, name, facts, url, own}: `sound` are the
// recipe's fields, `music` is what the server found in the file: {seconds, tempo, beats, bars, wave, curves}.
const TONES = ["#ff8a5c", "#5cc8ff", "#b78cff", "#7ddc83", "#ffd166", "#ff7eb6", "#8be0d4", "#c3c9d6"];
const IDEAS = {
  pulse: [{ field: "brightness", band: "beats", amount: 0.35 }, { field: "scale", band: "bass", amount: 0.3 }],
  flow: [{ field: "speed", band: "loudness", amount: 0.7, smoothing: 0.6 }, { field: "saturation", band: "mids", amount: 0.3, smoothing: 0.6 }],
  glow: [{ field: "brightness", band: "loudness", amount: 0.45, smoothing: 0.7 }, { field: "complexity", band: "treble", amount: 0.4, smoothing: 0.4 }],
  cuts: [{ field: "cut", band: "beats", amount: 1 }],
};
const BARS = [1, 2, 4, 8];
const PART = 0.05;
let now = {};
let known = null;      // what was found in the music: it is not sent back with every change
let clip = 8;          // seconds of the clip
let sent = "";
const music = () => (now.music ? known : null);
const sound = () => now.sound || {};
const drives = () => sound().drives || [];
const tell = () => { sent = JSON.stringify({ ...now, music: Boolean(music()) }); props.value = JSON.parse(sent); trigger("input"); };
let waits = 0;
const change = (changes, soon) => {
  now = { ...now, sound: { ...sound(), ...changes } };
  draw();
  clearTimeout(waits);
  waits = setTimeout(tell, soon ? 0 : 160);
};

const choose = (key, names, value, prefix, act) => {
  const select = make("select", { "aria-label": words(key), "data-field": key });
  for (const name of names) select.append(make("option", { value: name }, words(`${prefix}_${name}`)));
  select.value = value;
  select.addEventListener("change", () => act(select.value));
  return select;
};
const seconds = (value) => `${value.toFixed(1)} ${words("sec")}`;

const buildLevels = () => {
  const box = part("levels"), all = sound();
  clear(box);
  box.hidden = !music() && !now.own;
  if (music()) box.append(knob({ label: words("volume"), value: all.volume ?? 1, key: "volume" }, (volume) => change({ volume })));
  if (now.own) box.append(knob({ label: words("original"), value: all.original ?? 1, key: "original" }, (original) => change({ original })));
  if (box.hidden) return;
  box.append(
    knob({ label: words("fade_in"), value: all.fade_in ?? 0, high: 10, step: 0.1, shown: seconds, key: "fade_in" }, (fade) => change({ fade_in: fade })),
    knob({ label: words("fade_out"), value: all.fade_out ?? 0, high: 10, step: 0.1, shown: seconds, key: "fade_out" }, (fade) => change({ fade_out: fade })),
  );
  if (music()) box.append(flip({ label: words("music_loop"), value: all.loop !== false, key: "loop" }, (loop) => change({ loop }, true)));
  box.append(flip({ label: words("loudness"), value: all.loudness != null, key: "loudness" }, (on) => change({ loudness: on ? props.loudness : null }, true)));
};

const setDrive = (index, changes, soon) => change({ drives: drives().map((one, at) => (at === index ? { ...one, ...changes } : one)) }, soon);
const buildDrives = () => {
  const list = part("drives"), moved = Boolean(music()) && !now.upload;
  part("moves").hidden = !moved;
  part("bars-box").hidden = !moved || (music().bars || []).length < 2;
  if (!moved) return;
  const open = list.querySelector("details[open]")?.closest("li").dataset.index;
  clear(list);
  drives().forEach((drive, index) => {
    const row = make("li", { class: "drive", "data-index": index, style: `--tone: ${TONES[index % TONES.length]}` }), pair = make("div", { class: "pair" });
    const gone = make("button", { type: "button", class: "gone", "aria-label": words("drive_remove") }, "✕");
    gone.addEventListener("click", () => { change({ drives: drives().filter((_, at) => at !== index) }, true); buildDrives(); part("add").focus(); });
    pair.append(choose("drive_band", props.bands, drive.band, "band", (band) => setDrive(index, { band }, true)), make("span", {}, "→"),
      choose("drive_field", props.fields, drive.field, "drive", (field) => { setDrive(index, { field }, true); buildDrives(); }), gone);
    row.append(pair);
    if (!["cut", "keys"].includes(drive.field)) {
      row.append(knob({ label: words("amount"), value: drive.amount, low: -1, key: "amount" }, (amount) => setDrive(index, { amount })));
    }
    const more = make("details"), hold = make("div");
    more.open = open === String(index);
    hold.append(knob({ label: words("sensitivity"), value: drive.sensitivity, key: "sensitivity" }, (sensitivity) => setDrive(index, { sensitivity })),
      knob({ label: words("smoothing"), value: drive.smoothing, key: "smoothing" }, (smoothing) => setDrive(index, { smoothing })));
    more.append(make("summary", {}, words("step_advanced")), hold);
    row.append(more);
    list.append(row);
  });
  part("add").disabled = drives().length >= props.most;
};
const full = (drive) => ({ ...props.drive, ...drive });
part("add").addEventListener("click", () => { change({ drives: [...drives(), full({})] }, true); buildDrives(); });

// What moves with the music, from `from` on for `span` seconds: a peak at each beat or onset, as wide as the smoothing
// lets it be, or the strength of a band.
const POINTS = 240;
const curve = ({ band, smoothing }, from, span) => {
  const found = music(), times = band === "beats" ? found.beats : band === "onsets" ? found.onsets : null, fade = 0.06 + 0.5 * smoothing;
  const held = (found.curves || {})[band] || [];
  return Array.from({ length: POINTS }, (_, at) => {
    const time = from + (at / (POINTS - 1)) * span;
    if (times) return times.reduce((most, one) => (one > time + 1e-6 || time - one > 6 * fade ? most : Math.max(most, Math.exp((one - time) / fade))), 0);
    const place = (time / found.seconds) * (held.length - 1), index = Math.min(held.length - 1, Math.floor(place));
    return (held[index] || 0) + ((held[index + 1] ?? held[index] ?? 0) - (held[index] || 0)) * (place - index);
  });
};
const paint = (pen, points, width, height, tone) => {
  pen.beginPath();
  points.forEach((value, at) => pen.lineTo((at / (points.length - 1)) * width, height - 4 - value * (height - 10)));
  pen.strokeStyle = tone; pen.lineWidth = 1.8; pen.lineJoin = "round"; pen.stroke();
};
const pens = (canvas) => {
  const box = canvas.getBoundingClientRect(), ratio = Math.min(devicePixelRatio || 1, 2), pen = canvas.getContext("2d");
  canvas.width = box.width * ratio; canvas.height = box.height * ratio;
  pen.scale(ratio, ratio);
  pen.fillStyle = getComputedStyle(element).getPropertyValue("--vg-soft");
  return [pen, box.width, box.height];
};
const bars = (pen, width, height, from, span, lit) => {
  const wave = music().wave || [], length = music().seconds || 1;
  wave.forEach(([low, high], at) => {
    const time = (at / wave.length) * length, next = ((at + 1) / wave.length) * length;
    if (next < from || time > from + span) return;
    const left = ((time - from) / span) * width;
    pen.globalAlpha = lit(time);
    pen.fillRect(left, (0.5 - 0.46 * high) * height, Math.max(1, ((next - time) / span) * width - 0.4), Math.max(1, 0.46 * (high - low) * height));
  });
  pen.globalAlpha = 1;
};
// Above, the whole song with the part that is used; below, that part's first seconds: as many as the clip has, and what they move.
const draw = () => {
  const found = music();
  if (!found || !part("graph").getBoundingClientRect().width) return;
  const length = found.seconds || 1, from = sound().start || 0, to = sound().end ?? length;
  const [wide, width, height] = pens(part("graph"));
  bars(wide, width, height, 0, length, (time) => (time >= from && time <= to ? 0.75 : 0.22));
  const [pen, across, tall] = pens(part("close")), span = Math.max(1, Math.min(clip, to - from));
  bars(pen, across, tall, from, span, () => 0.28);
  for (const time of found.bars || []) if (time >= from && time <= from + span) pen.fillRect(((time - from) / span) * across, 0, 1, tall);
  if (!now.upload) drives().forEach((drive, index) => paint(pen, curve(drive, from, span), across, tall, TONES[index % TONES.length]));
  part("graph").setAttribute("aria-label", words("music_graph", { name: now.name || "" }));
  part("times").textContent = `${clock(from)} – ${clock(to)}`;
};

const audio = part("audio");
const stop = () => { audio.pause(); part("play").textContent = words("music_play"); element.firstElementChild.classList.remove("playing"); };
const follow = () => {
  if (audio.paused || !element.isConnected) return;
  const end = sound().end ?? music().seconds;
  if (audio.currentTime >= end) { audio.currentTime = sound().start || 0; }
  const from = sound().start || 0, span = Math.max(1, Math.min(clip, end - from));
  part("head").style.left = `${(100 * audio.currentTime) / (music().seconds || 1)}%`;
  part("near").style.left = `${(100 * ((audio.currentTime - from) % span)) / span}%`;
  requestAnimationFrame(follow);
};
part("play").addEventListener("click", async () => {
  if (!audio.paused) { stop(); return; }
  if (audio.dataset.url !== now.url) { audio.src = now.url; audio.dataset.url = now.url; }
  audio.volume = sound().volume ?? 1;
  audio.currentTime = sound().start || 0;
  try { await audio.play(); } catch { fault(words("music_unplayable")); return; }
  part("play").textContent = words("music_stop");
  element.firstElementChild.classList.add("playing");
  follow();
});
audio.addEventListener("ended", stop);
hear("vgan:clip", stop);
hear("vgan:times", ({ times }) => { const next = times.seconds || 8; if (next !== clip) { clip = next; draw(); } });
part("remove").addEventListener("click", () => { stop(); trigger("clear"); });
for (const name of ["start", "end"]) {
  part(name).addEventListener("input", () => {
    const length = music().seconds, value = Number(part(name).value);
    const from = name === "start" ? Math.min(value, (sound().end ?? length) - 0.2) : sound().start || 0;
    const to = name === "end" ? Math.max(value, from + 0.2) : sound().end ?? length;
    part(name).value = name === "start" ? from : to;
    change({ start: Math.max(0, from), end: to >= length - PART ? null : to });
  });
}

const write = () => {
  part("name").textContent = music() ? now.name : words("music_drop");
  part("facts").textContent = music() ? now.facts : words("music_kinds");
};
const build = () => {
  now = props.value || {};
  if (now.music && now.music !== true) known = now.music;
  const found = music();
  write();
  part("music").hidden = !found;
  part("play").textContent = words(audio.paused ? "music_play" : "music_stop");
  part("remove").textContent = words("music_remove");
  part("add").textContent = words("drive_add");
  part("moves-title").textContent = words("moves");
  part("moves-hint").textContent = words("moves_hint");
  part("bars-title").textContent = words("bars");
  if (found) {
    for (const name of ["start", "end"]) {
      part(name).max = found.seconds;
      part(name).value = (name === "start" ? sound().start : sound().end) ?? (name === "start" ? 0 : found.seconds);
      part(name).setAttribute("aria-label", words(`music_${name}`));
    }
  }
  const ideas = part("ideas"), counts = part("bars");
  clear(ideas); clear(counts);
  for (const [name, list] of Object.entries(IDEAS)) {
    const button = make("button", { type: "button", "data-idea": name }, words(`idea_${name}`));
    button.addEventListener("click", () => { change({ drives: list.map(full) }, true); buildDrives(); });
    ideas.append(button);
  }
  for (const count of BARS) {
    const button = make("button", { type: "button", "data-bars": count }, words(count === 1 ? "bars_one" : "bars_of", { n: count }));
    button.addEventListener("click", () => trigger("select", { bars: count }));
    counts.append(button);
  }
  buildLevels();
  buildDrives();
  draw();
};
announce("vgan:ask-times");
new ResizeObserver(draw).observe(part("graph"));
watch("value", () => { const text = JSON.stringify(props.value || {}); if (text !== sent) { sent = text; build(); } });
watch("label", build);
build();
