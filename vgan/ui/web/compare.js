// Before and after, with a line between them that follows pointer and keys; or a finished clip in their place.
const picture = part("picture"), before = part("before"), after = part("after"), video = part("video"), image = part("image");
const glow = part("glow").getContext("2d", { alpha: false });
const still = matchMedia("(prefers-reduced-motion: reduce)");
const NEAR = 18;       // percent of the width: a label gives way where the line comes this close to its side

let info = {};         // the newest message that carried pictures
let clip = null;       // the finished clip on the stage, null while the comparison is
let wanted = 0;        // number of the newest pair asked to be decoded
let split = 50;

const setSplit = (value) => {
  split = Math.max(0, Math.min(100, value));
  picture.style.setProperty("--split", `${split}%`);
  part("divider").setAttribute("aria-valuenow", String(Math.round(split)));
  part("tag-before").classList.toggle("off", split < NEAR);
  part("tag-after").classList.toggle("off", split > 100 - NEAR);
};
const setAspect = (width, height) => picture.style.setProperty("--aspect", width / height);

// What a platform covers with its own words and buttons: shown where somebody asks, or where it is a certain platform's.
let guided = false;
const drawSafe = () => {
  part("safe").hidden = Boolean(clip) || !info.safe || !guided;
  if (info.safe) part("safe").style.inset = info.safe.map((share) => `${100 * share}%`).join(" ");
  part("guide").setAttribute("aria-pressed", String(guided));
};
const draft = (one) => Boolean(one) && one.index < 0;

const styleTitle = (name, title) => { const text = words("style_" + name); return text.startsWith("style_") ? title : text; };
const writeFacts = () => {
  const facts = part("facts");
  clear(facts);
  if (clip) {
    facts.append(make("b", {}, draft(clip) ? words("draft") : clip.name));
    facts.append(make("span", {}, [`${clip.width} × ${clip.height}`, `${+clip.fps.toFixed(2)} fps`, `${+clip.seconds.toFixed(2)} ${words("sec")}`,
      `${(clip.bytes / 1e6).toFixed(clip.bytes < 1e6 ? 2 : 1)} MB`].join(" · ")));
    if (clip.spared) facts.append(make("span", {}, words("spared")));
    if (clip.flicker != null) {
      facts.append(make("span", { class: "steady", title: words("flicker_help") }, words("flicker", { ratio: clip.flicker.toFixed(1) })));
    }
    const mended = Object.entries(clip.mended || {}).map(([reason, count]) => `${count} ${words(`reason_${reason}`)}`);
    if (mended.length) facts.append(make("span", { class: "mended", title: mended.join(", ") }, `${words("mended")}: ${mended.join(", ")}`));
  } else if (info.after && props.alone) {
    facts.append(make("b", {}, words("as_file")));
    facts.append(make("span", {}, `${info.width} × ${info.height}`));
    if (info.missing) facts.append(make("span", { class: "lacks", title: words("lacks_help") }, words("lacks", { signs: info.missing })));
  } else if (info.after) {
    facts.append(make("b", {}, info.style ? styleTitle(info.style, info.title) : info.steps === 1 ? words("chain_one") : words("chain_of", { n: info.steps })));
    facts.append(make("span", {}, [info.credit, `${info.width} × ${info.height}`].filter(Boolean).join(" · ")));
  }
  for (const name of ["back", "recall", "download"]) part(name).hidden = !clip;
  if (draft(clip)) part("recall").hidden = part("download").hidden = true;
  part("share").hidden = !clip || Boolean(props.alone);
  part("guide").hidden = Boolean(clip) || !info.safe;
  drawSafe();
  part("enhance").hidden = !clip || !props.send || clip.name.endsWith(".zip");
  element.firstElementChild.classList.toggle("finished", Boolean(clip));
  picture.classList.toggle("finished", Boolean(clip));
};

const writeWords = () => {
  for (const [name, key] of [["back", props.alone ? "back_to_edit" : "compare_back"], ["recall", "use_recipe"], ["enhance", "enhance"], ["share", "share"], ["guide", "guide"], ["download", "download"], ["close", "close"],
    ["tag-before", "before"], ["tag-after", "after"]]) part(name).textContent = words(key);
  part("divider").setAttribute("aria-label", words("divider"));
  video.setAttribute("aria-label", words("result"));
  before.alt = words("before"); after.alt = words("after");
  writeFacts();
};

const showCompare = () => {
  clip = null;
  video.pause(); video.removeAttribute("src"); video.load(); video.hidden = true; image.hidden = true;
  if (info.after) setAspect(info.width, info.height);
  announce("vgan:live");
  writeFacts();
};

const showClip = (next) => {
  clip = next;
  setAspect(next.width, next.height);
  const moving = next.format === "mp4" || next.format === "webm", loose = !moving && !next.name.endsWith(".zip");
  video.hidden = !moving; image.hidden = moving;
  if (moving) { video.poster = next.poster; video.src = next.url; if (!still.matches || draft(next)) play(); }
  else { image.src = loose ? next.url : next.poster; image.alt = next.name; video.pause(); video.removeAttribute("src"); }
  part("download").href = next.url; part("download").download = next.name;
  writeFacts();
  if (next.url) missing(next.url).then((gone) => {
    if (!gone || clip !== next) return;
    part("download").hidden = true;
    showFault({ title: words("gone_title"), text: words("gone_text") });
  });
};

// With its sound where the browser lets us: it wants a press on the page first.
const play = () => {
  video.muted = !props.sound;
  video.play().catch(() => { video.muted = true; video.play().catch(() => {}); });
};

const showPair = async (value) => {
  const number = ++wanted, pair = [value.before, value.after].map((address) => Object.assign(new Image(), { src: address }));
  try { await Promise.all(pair.map((one) => one.decode())); } catch { return; }
  if (number !== wanted) return;               // a newer one overtook it; the old picture stays until then
  before.src = value.before; after.src = value.after;
  glow.drawImage(pair[1], 0, 0, 24, 24);
  if (clip) showCompare();
  setAspect(value.width, value.height);
  writeFacts();
  after.dataset.shown = String(number);
};

const showFault = (fault) => {
  part("notice").hidden = !fault;
  if (!fault) return;
  part("notice-title").textContent = fault.title;
  part("notice-text").textContent = fault.text;
};

let seen = null;
const update = () => {
  const value = props.value || {};
  showFault(value.fault);
  announce("vgan:answered");
  if (value.draft && value !== seen) { seen = value; showClip(value.draft); }
  if (!value.after) return;
  const fresh = value.after !== info.after || value.before !== info.before;
  info = value;
  if (fresh) showPair(value); else if (clip && value !== seen) showCompare(); else writeFacts();
  seen = value;
};

const drag = (event) => {
  const box = picture.getBoundingClientRect();
  setSplit((100 * (event.clientX - box.left)) / box.width);
};
picture.addEventListener("pointerdown", (event) => {
  if (clip || props.alone || event.button || event.target.closest(".notice")) return;
  picture.setPointerCapture(event.pointerId);
  part("divider").focus({ preventScroll: true, focusVisible: false });
  event.preventDefault();
  drag(event);
});
picture.addEventListener("pointermove", (event) => { if (picture.hasPointerCapture(event.pointerId)) drag(event); });
part("divider").addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 }[event.key];
  if (!step) return;
  event.preventDefault();
  setSplit(split + step);
});
part("back").addEventListener("click", () => {
  const time = video.hidden ? null : video.currentTime;
  showCompare();
  if (time != null) announce("vgan:seek", { time });
});
part("recall").addEventListener("click", () => trigger("select", { index: clip.index }));
part("enhance").addEventListener("click", () => trigger("apply", { index: clip.index }));
part("share").addEventListener("click", () => trigger("copy", { index: clip.index }));
part("guide").addEventListener("click", () => { guided = !guided; drawSafe(); });
part("close").addEventListener("click", () => showFault(null));
hear("vgan:clip", ({ clip: next }) => showClip(next));
hear("vgan:facts", ({ clip: next }) => { if (clip && next && clip.index === next.index) { clip = next; writeFacts(); } });
hear("vgan:fault", ({ title, text }) => showFault({ title, text }));
watch("value", update);
watch("label", writeWords);
picture.classList.toggle("alone", Boolean(props.alone));
setSplit(props.alone ? 0 : 50);
writeWords();
update();
