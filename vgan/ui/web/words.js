// Gradio translates a component's label, so all words of a component travel there as lines "key: text".
const words = (key, values = {}) => {
  const line = (props.label || "").split("\n").find((text) => text.startsWith(key + ": "));
  const text = line ? line.slice(key.length + 2) : key;
  return text.replace(/%(\w+)%/g, (_, name) => values[name] ?? "");
};
const part = (name) => element.querySelector(`[data-part="${name}"]`);
const clear = (node) => { while (node.firstChild) node.firstChild.remove(); };
const make = (tag, attributes = {}, text = "") => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
};
