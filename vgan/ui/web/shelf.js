// What was trained here, and what waits to be gone on with. The value is {looks, waiting, zip}.
const ICONS = {
  rename: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  zip: "M12 4v11m0 0l-4-4m4 4l4-4M5 20h14",
  remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  waits: "M9 6v12M15 6v12",
};
let editing = "", asking = "", saved = null;
const icon = (name) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;

const row = (one, about) => {
  const item = make("li", { "data-name": one.name }), head = make("span", { class: "head" }), ways = make("span", { class: "ways" });
  const source = one.moving || one.still || one.sheet;
  if (source) {
    const frame = make("picture");
    if (one.moving && one.still) frame.append(make("source", { media: "(prefers-reduced-motion: reduce)", srcset: one.still }));
    frame.append(make("img", { src: source, alt: "", draggable: "false" }));
    item.append(frame);
  } else {
    const frame = make("span", { class: "bare" });
    frame.innerHTML = icon("waits");
    item.append(frame);
  }
  head.append(make("b", { title: one.title }, one.title), make("small", {}, about));
  item.append(head, ways);
  return [item, head, ways];
};
const press = (ways, key, act, kind = "") => {
  const button = make("button", { type: "button", class: kind, "data-act": key }, words(key));
  button.addEventListener("click", act);
  ways.append(button);
};
const sign = (ways, name, key, title, act) => {
  const button = make("button", { type: "button", class: "icon", "data-act": key, "aria-label": `${words(key)}: ${title}`, title: words(key) });
  button.innerHTML = icon(name);
  button.addEventListener("click", act);
  ways.append(button);
};
const again = (change) => { change(); write(); };
const focusOn = (selector) => { const node = element.querySelector(selector); if (node) node.focus(); };

const askFirst = (ways, one, sure, done) => {
  ways.append(make("span", { class: "ask" }, words(sure)));
  press(ways, "shelf_yes", () => { asking = ""; done(); }, "bad");
  press(ways, "shelf_no", () => again(() => { asking = ""; }));
};
const drawLook = (one) => {
  const [item, head, ways] = row(one, one.minutes == null ? "" : words("shelf_minutes", { n: one.minutes < 10 ? +one.minutes.toFixed(1) : Math.round(one.minutes) }));
  if (editing === one.name) {
    const box = make("input", { type: "text", maxlength: 40, "aria-label": words("train_name") });
    const finish = () => { editing = ""; trigger("edit", { name: one.name, title: box.value }); write(); };
    box.value = one.title;
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") finish();
      if (event.key === "Escape") again(() => { editing = ""; });
    });
    clear(head);
    head.append(box);
    press(ways, "shelf_keep", finish, "go");
    press(ways, "shelf_no", () => again(() => { editing = ""; }));
  } else if (asking === one.name) {
    askFirst(ways, one, "shelf_sure", () => trigger("delete", { name: one.name, kind: "look" }));
  } else {
    press(ways, "train_open", () => trigger("select", { name: one.name }), "go");
    if (!props.closed) sign(ways, "rename", "shelf_rename", one.title, () => { again(() => { editing = one.name; }); focusOn("li input"); });
    sign(ways, "zip", "download", one.title, () => trigger("download", { name: one.name }));
    if (!props.closed) sign(ways, "remove", "path_remove", one.title, () => { again(() => { asking = one.name; }); focusOn(".bad"); });
  }
  return item;
};
const drawWaiting = (one) => {
  const [item, , ways] = row(one, words(`train_${one.state}`));
  if (one.error) item.title = one.error;
  if (asking === `:${one.name}`) {
    askFirst(ways, one, "shelf_sure_training", () => trigger("delete", { name: one.name, kind: "training" }));
  } else if (!props.closed) {
    if (one.goes) press(ways, "resume", () => trigger("play", { name: one.name }), "go");
    sign(ways, "remove", "discard", one.title, () => { again(() => { asking = `:${one.name}`; }); focusOn(".bad"); });
  }
  return item;
};

const write = () => {
  const { looks = [], waiting = [] } = props.value || {}, list = part("list");
  part("none").textContent = words("shelf_none");
  part("none").hidden = Boolean(looks.length || waiting.length);
  clear(list);
  list.append(...waiting.map(drawWaiting), ...looks.map(drawLook));
};
watch("value", () => {
  const { zip } = props.value || {};
  if (!editing && !asking) write();
  else if (!(props.value.looks || []).some((one) => one.name === editing || one.name === asking)) { if (!asking.startsWith(":")) editing = asking = ""; write(); }
  if (!zip || zip.number === saved) return;
  saved = zip.number;
  part("save").href = zip.url;
  part("save").download = zip.name;
  part("save").click();
});
watch("label", write);
write();
