// Gradio translates a component's label, so all words of a component travel there as lines "key: text".
let spoken = null, phrases = new Map();
const words = (key, values = {}) => {
  if (props.label !== spoken) {
    spoken = props.label;
    phrases = new Map((spoken || "").split("\n").map((line) => [line.split(": ", 1)[0], line.slice(line.indexOf(": ") + 2)]));
  }
  const text = phrases.get(key) ?? key;
  return text.replace(/%(\w+)%/g, (_, name) => values[name] ?? "");
};
// Work that waits for its turn in the line: how many go first, and when it begins. Nothing once it runs.
const inLine = (progress, about) => (progress && progress.ahead
  ? [words("before_you", { n: progress.ahead }), progress.left ? words("begins_in", { time: about(progress.left) }) : words("begins_soon")] : null);
const part = (name) => element.querySelector(`[data-part="${name}"]`);
const clear = (node) => { while (node.firstChild) node.firstChild.remove(); };
const make = (tag, attributes = {}, text = "") => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
};
// Components of one tab speak to each other through the document, and to those of their own tab alone.
const home = () => element.closest(".studio");
const announce = (name, detail = {}) => document.dispatchEvent(new CustomEvent(name, { detail: { ...detail, home: home() } }));
const hear = (name, act) => document.addEventListener(name, ({ detail }) => { if (detail.home && detail.home === home()) act(detail); });
