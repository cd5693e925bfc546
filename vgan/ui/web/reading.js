// What was understood of a sentence, a picture or a song: small words, and what was not. The value is {busy, look, heard,
// reasons, palette, read_as, missed}; without one, examples to press.
const chip = (text, colour, because) => {
  const made = make("span", because ? { title: words("said_because", { word: because }) } : {});
  if (colour) { const dot = make("i"); dot.style.background = colour; made.append(dot); }
  made.append(document.createTextNode(text));
  return made;
};
const hue = (turns) => `hsl(${Math.round(turns * 360)} 75% 52%)`;
const line = (name, text) => { part(name).textContent = text; part(name).hidden = !text; };
const write = () => {
  const value = props.value || {}, busy = value.busy, known = "look" in value;
  line("busy", !busy ? "" : busy.size ? words("said_fetching", busy) : words("said_reading"));
  clear(part("examples"));
  part("examples").hidden = known || Boolean(busy);
  for (const key of props.examples || []) {
    const press = make("button", { type: "button", "data-example": key }, words(key));
    press.addEventListener("click", () => trigger("select", { sentence: words(key) }));
    part("examples").append(press);
  }
  clear(part("heard"));
  part("heard").hidden = !known;
  line("note", ""); line("missed", "");
  if (!known) return;
  const row = part("heard"), heard = value.heard || [];
  for (const one of value.reasons || []) row.append(chip(words(one.key, one)));
  for (const colour of value.palette || []) row.append(chip(colour, colour));
  if (value.look) row.append(chip(words("said_look", { name: words(`look_${value.look}`) }), "", value.because));
  for (const one of heard) row.append(one.colour ? chip(words(`colour_${one.colour}`), hue(one.hue), one.because) : chip(words(`said_${one.name}_${one.side}`), "", one.because));
  const notes = [];
  if (!value.look && !heard.length) notes.push(words("said_nothing"));
  else if (!value.look) notes.push(words("said_look_kept"));
  if (value.read_as) notes.push(words("said_read_as", { english: value.read_as }));
  line("note", notes.join(" · "));
  line("missed", (value.missed || []).length ? words("said_missed", { words: value.missed.join(", ") }) : "");
};
watch(["value", "label"], write);
write();
