// The stage: plays a strip of frames on a canvas, blended so that 16 frames look fluid, or a finished clip.
const FADE_MS = 140;
const GLOW_MS = 160;
const PLAY = "M8 5l11 7-11 7z";
const PAUSE = "M7 5h4v14H7zM13 5h4v14h-4z";
const canvas = part("canvas"), video = part("video"), image = part("image"), picture = part("picture");
const pen = canvas.getContext("2d", { alpha: false });
const glow = part("glow").getContext("2d", { alpha: false });
const still = matchMedia("(prefers-reduced-motion: reduce)");

let now = null;        // the strip that plays
let before = null;     // the one it replaces, until the fade is over
let changed = 0;       // when the fade began
let phase = 0;         // place in the loop, 0 to 1
let last = 0, glowed = 0;
let playing = !still.matches;
let clip = null;       // the finished clip on the stage, null while the preview is live
let wanted = 0;        // number of the newest strip asked to be decoded
let info = {};         // the newest message that carried a strip

const cell = (strip, index) => {
  const at = ((index % strip.frames) + strip.frames) % strip.frames;
  const left = (at % strip.columns) * strip.width, top = Math.floor(at / strip.columns) * strip.height;
  return [left + 0.5, top + 0.5, strip.width - 1, strip.height - 1];     // so that no neighbour bleeds in at the edge
};

const drawFrame = (context, strip, alpha, width, height) => {
  const place = phase * strip.frames, index = Math.floor(place);
  context.globalAlpha = alpha;
  context.drawImage(strip.bitmap, ...cell(strip, index), 0, 0, width, height);
  context.globalAlpha = alpha * (place - index);
  if (context.globalAlpha > 0) context.drawImage(strip.bitmap, ...cell(strip, index + 1), 0, 0, width, height);
  context.globalAlpha = 1;
};

const draw = (time) => {
  if (!now) return;
  const fade = before ? Math.min(1, (time - changed) / FADE_MS) : 1;
  if (before) drawFrame(pen, before, 1, canvas.width, canvas.height);
  drawFrame(pen, now, fade, canvas.width, canvas.height);
  if (fade === 1) before = null;
  if (time - glowed > GLOW_MS) {
    glowed = time;
    glow.drawImage(clip && !video.hidden && video.videoWidth ? video : canvas, 0, 0, 24, 24);
  }
};

const tick = (time) => {
  if (!element.isConnected) return;
  if (playing && now) phase = (phase + Math.min(time - last, 100) / 1000 / now.seconds) % 1;
  last = time;
  if (now && (playing || before || !canvas.dataset.drawn)) { draw(time); canvas.dataset.drawn = "1"; }
  requestAnimationFrame(tick);
};

const fit = () => {
  const ratio = Math.min(devicePixelRatio || 1, 2), box = picture.getBoundingClientRect();
  const width = Math.max(2, Math.round(box.width * ratio)), height = Math.max(2, Math.round(box.height * ratio));
  if (canvas.width === width && canvas.height === height) return;
  canvas.width = width; canvas.height = height;
  pen.imageSmoothingQuality = "high";
  draw(performance.now());
};
new ResizeObserver(fit).observe(picture);

const setAspect = (width, height) => picture.style.setProperty("--aspect", width / height);

const setPlaying = (value) => {
  playing = value;
  part("icon").setAttribute("d", playing ? PAUSE : PLAY);
  part("toggle").setAttribute("aria-label", words(playing ? "pause" : "play"));
  picture.classList.toggle("paused", !playing);
  if (clip && !video.hidden) playing ? video.play().catch(() => {}) : video.pause();
};

const titleOf = (look, title) => { const text = words("look_" + look); return text.startsWith("look_") ? title : text; };

const writeFacts = () => {
  const facts = part("facts"), value = info;
  clear(facts);
  if (clip) {
    facts.append(make("b", {}, clip.name));
    facts.append(make("span", {}, [`${clip.width} × ${clip.height}`, `${clip.fps} fps`, `${+clip.seconds.toFixed(2)} ${words("sec")}`,
      `${(clip.bytes / 1e6).toFixed(clip.bytes < 1e6 ? 2 : 1)} MB`].join(" · ")));
    if (clip.spared) facts.append(make("span", {}, words("spared")));
  } else if (value.strip) {
    facts.append(make("b", {}, titleOf(value.look, value.title)));
    facts.append(make("span", {}, [value.keys ? words("path_of", { n: value.keys }) : words("live"), `#${value.seed}`].join(" · ")));
  }
  for (const name of ["back", "recall", "restyle", "download"]) part(name).hidden = !clip;
  part("enhance").hidden = !clip || clip.name.endsWith(".zip");
  part("share").hidden = !clip;
  if (clip && clip.restyled) part("recall").hidden = part("restyle").hidden = true;
  part("link").hidden = Boolean(clip);
  element.firstElementChild.classList.toggle("finished", Boolean(clip));
};

const writeWords = () => {
  for (const [name, key] of [["back", "back"], ["recall", "use_recipe"], ["restyle", "restyle"], ["enhance", "enhance"], ["share", "share"], ["link", "copy_link"], ["download", "download"],
    ["accept", "fetch_go"], ["decline", "fetch_not"]]) part(name).textContent = words(key);
  canvas.setAttribute("aria-label", words("stage"));
  video.setAttribute("aria-label", words("stage"));
  setPlaying(playing);
  writeFacts();
};

const showLive = () => {
  clip = null;
  video.pause(); video.removeAttribute("src"); video.hidden = true; image.hidden = true; canvas.hidden = false;
  if (now) setAspect(now.width, now.height);
  announce("vgan:live");
  writeFacts();
};

const showClip = (next) => {
  clip = next;
  setAspect(next.width, next.height);
  const moving = next.format === "mp4" || next.format === "webm", loose = next.format === "gif" || next.format === "webp";
  video.hidden = !moving; image.hidden = moving;
  if (moving) { video.poster = next.poster; video.src = next.url; if (playing) video.play().catch(() => {}); }
  else { image.src = loose ? next.url : next.poster; image.alt = next.name; video.pause(); video.removeAttribute("src"); }
  part("download").href = next.url; part("download").download = next.name;
  writeFacts();
  if (next.url) missing(next.url).then((gone) => {
    if (!gone || clip !== next) return;
    part("download").hidden = true;
    showNotice({ title: words("gone_title"), text: words("gone_text") });
  });
};

const showStrip = async (value) => {
  const number = ++wanted, sheet = new Image();
  sheet.src = value.strip;
  try { await sheet.decode(); } catch { return; }
  if (number !== wanted) return;                 // a newer one overtook it; the old picture stays until then
  before = now && now.width === value.width && now.height === value.height ? now : null;
  now = { bitmap: sheet, columns: value.columns, frames: value.frames, width: value.width, height: value.height, seconds: value.seconds };
  changed = performance.now();
  delete canvas.dataset.drawn;
  if (clip) showLive(); else { setAspect(now.width, now.height); writeFacts(); }
  announce("vgan:shown", { keys: value.keys });
  canvas.dataset.shown = String(number);
  keepAddress();
};

// The address follows the sliders, so that reloading the page or sharing it brings them back.
let arrived = true;
const keepAddress = () => {
  if (arrived) { arrived = false; return; }      // the first picture comes before the address was read
  const theme = new URLSearchParams(location.search).get("__theme");
  const query = [info.link.slice(1), theme ? "__theme=" + encodeURIComponent(theme) : ""].filter(Boolean).join("&");
  history.replaceState(history.state, "", location.pathname + (query ? "?" + query : "") + location.hash);
};

const showNotice = (notice) => {
  const box = part("notice");
  box.hidden = !notice;
  if (!notice) return;
  box.classList.toggle("fault", Boolean(notice.text));
  if (notice.text) {
    part("notice-title").textContent = notice.title;
    part("notice-text").textContent = notice.text;
    part("track").hidden = part("accept").hidden = true;
    part("decline").textContent = words("close");
    return;
  }
  const values = { title: titleOf(notice.look, notice.title), size: Math.round(notice.bytes / 1e6), repo: notice.repo,
    licence: notice.licence, done: Math.round((notice.done || 0) / 1e6) };
  const busy = notice.done !== undefined;
  part("notice-title").textContent = words(busy ? "fetching" : "fetch_title", values);
  part("notice-text").textContent = words(busy ? "fetching_of" : "fetch_text", values);
  part("track").hidden = !busy;
  part("fill").style.width = `${(100 * (notice.done || 0)) / Math.max(1, notice.bytes)}%`;
  part("accept").hidden = busy;
  part("decline").textContent = words(busy ? "cancel" : "fetch_not");
  if (!busy) part("accept").focus();
};

let seen = null;
const update = () => {
  const value = props.value || {};
  showNotice(value.fault || value.notice);
  if (!value.strip) return;
  info = value;
  if (value.strip !== seen) { seen = value.strip; showStrip(value); return; }
  if (now) now.seconds = value.seconds;
  if (clip) showLive(); else writeFacts();
  keepAddress();
};

part("toggle").addEventListener("click", () => setPlaying(!playing));
picture.addEventListener("click", (event) => { if (event.target === canvas || event.target === video) setPlaying(!playing); });
part("back").addEventListener("click", showLive);
part("recall").addEventListener("click", () => trigger("select", { index: clip.index }));
part("restyle").addEventListener("click", () => trigger("like", { index: clip.index }));
part("enhance").addEventListener("click", () => trigger("apply", { index: clip.index }));
part("share").addEventListener("click", () => trigger("copy", { index: clip.index }));
part("accept").addEventListener("click", () => trigger("submit"));
part("decline").addEventListener("click", () => {
  part("notice").hidden = true;
  if ((props.value || {}).notice) trigger("clear", { look: info.look || "" });
});
part("link").addEventListener("click", async () => {
  const url = new URL(location.href);
  url.search = info.link || "";
  url.hash = "";
  let done = "copied";
  try { await navigator.clipboard.writeText(url.href); } catch { done = "copy_failed"; }
  part("link").textContent = words(done);
  setTimeout(() => { part("link").textContent = words("copy_link"); }, 1800);
});
still.addEventListener("change", () => setPlaying(!still.matches));
hear("vgan:clip", ({ clip }) => showClip(clip));
watch("value", update);
watch("label", writeWords);
writeWords();
update();
requestAnimationFrame(tick);
