// What is restyled: a file dropped, picked or recorded here, the Create tab's look, or the example.
// The value is {label, facts, thumb, from, source, share}; the server makes it, this component only asks for another.
const RECORD_MS = 10000;
const WAYS = ["create", "style", "enhance", "example"];
let stream = null, recorder = null;

const write = () => {
  const value = props.value || {};
  part("name").textContent = value.label || "";
  part("facts").textContent = value.facts || "";
  if (value.thumb) part("thumb").src = value.thumb;
  for (const name of ["pick", "camera", ...WAYS]) part(name).textContent = words(`source_${name}`);
  for (const name of ["snap", "cam-close"]) part(name).textContent = words(name.replace("-", "_"));
  part("record").textContent = words(recorder ? "record_stop" : "record");
  part("record").setAttribute("aria-pressed", String(Boolean(recorder)));
  part("hint").textContent = words("source_hint");
  part("now").setAttribute("aria-label", `${words("source_pick")}: ${value.label || ""}`);
  for (const name of WAYS) {
    part(name).setAttribute("aria-pressed", String(value.from === name));
    part(name).hidden = !(props.ways || []).includes(name);
  }
  if (home()) home().toggleAttribute("data-upload", (value.source || {}).kind === "upload");
  part("camera").hidden = !(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
};

const closeCamera = () => {
  if (recorder) recorder.stop();
  if (stream) stream.getTracks().forEach((track) => track.stop());
  stream = null;
  part("eye").srcObject = null;
  part("cam").hidden = true;
};
const openCamera = async () => {
  if (stream) { closeCamera(); return; }
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false });
  } catch (error) {
    fault(words("camera_failed", { why: error.name }));
    return;
  }
  part("eye").srcObject = stream;
  part("cam").hidden = false;
};
const snap = () => {
  const eye = part("eye"), canvas = document.createElement("canvas");
  canvas.width = eye.videoWidth; canvas.height = eye.videoHeight;
  canvas.getContext("2d").drawImage(eye, 0, 0);
  canvas.toBlob((blob) => { closeCamera(); send(new File([blob], "camera.jpg", { type: "image/jpeg" })); }, "image/jpeg", 0.95);
};
const record = () => {
  if (recorder) { recorder.stop(); return; }
  const parts = [], mime = ["video/webm;codecs=vp8", "video/webm", "video/mp4"].find((type) => MediaRecorder.isTypeSupported(type));
  const mine = new MediaRecorder(stream, { mimeType: mime, videoBitsPerSecond: 8e6 });
  mine.addEventListener("dataavailable", (event) => parts.push(event.data));
  mine.addEventListener("stop", () => {
    recorder = null;
    closeCamera();
    write();
    if (!mine.unwanted) send(new File(parts, mime.includes("mp4") ? "camera.mp4" : "camera.webm", { type: mime.split(";")[0] }));
  });
  mine.start();
  recorder = mine;
  write();
  setTimeout(() => { if (mine.state === "recording") mine.stop(); }, RECORD_MS);
};

for (const name of WAYS) part(name).addEventListener("click", () => trigger("select", { from: name }));
part("camera").addEventListener("click", openCamera);
part("snap").addEventListener("click", snap);
part("record").addEventListener("click", record);
part("cam-close").addEventListener("click", () => { if (recorder) recorder.unwanted = true; closeCamera(); });
watch(["value", "label"], write);
write();
