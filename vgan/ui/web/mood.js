// The mood of the clip, an estimate with its grounds, and what goes with it. The value is {mood, valence, energy, because,
// looks, templates}; props.moods are those that have a name, with their places.
const place = (node, [valence, energy]) => { node.style.left = `${50 + 42 * valence}%`; node.style.bottom = `${8 + 84 * energy}%`; };
const sign = (one) => {
  const parts = [];
  if (Math.abs(one.energy) >= 0.02) parts.push(words(one.energy > 0 ? "mood_stirs" : "mood_calms"));
  if (Math.abs(one.valence) >= 0.02) parts.push(words(one.valence > 0 ? "mood_gladdens" : "mood_saddens"));
  return parts.join(", ") || words("mood_neither");
};
const button = (text, act, marks) => {
  const made = make("button", { type: "button", ...marks }, text);
  made.addEventListener("click", act);
  return made;
};
const titled = (prefix, name) => { const text = words(`${prefix}_${name}`); return text.startsWith(`${prefix}_`) ? name : text; };
const write = () => {
  const value = props.value || {}, known = Boolean(value.mood), names = part("names"), because = part("because");
  part("read").textContent = words(value.busy ? "mood_reading" : known ? "mood_again" : "mood_read");
  part("read").disabled = Boolean(value.busy);
  part("hint").textContent = words("mood_hint");
  part("hint").hidden = known;
  part("found").hidden = part("ways").hidden = !known;
  for (const name of ["names", "because", "grades", "goes"]) clear(part(name));
  if (!known) return;
  for (const [name, at] of Object.entries(props.moods || {})) { const text = make("em", {}, words(`mood_${name}`)); place(text, at); names.append(text); }
  place(part("here"), [value.valence, value.energy]);
  part("plane").setAttribute("aria-label", words("mood_plane", { mood: words(`mood_${value.mood}`) }));
  part("name").textContent = words(`mood_${value.mood}`);
  for (const one of value.because) {
    const row = make("li");
    row.append(make("span", {}, words(`ground_${one.what}`)), make("span", {}, sign(one)));
    because.append(row);
  }
  part("grade-title").textContent = words("mood_toward");
  part("grades").append(...Object.keys(props.moods || {}).map((name) => button(words(`mood_${name}`), () => trigger("select", { mood: name }), { "data-mood": name })));
  part("goes-title").textContent = words("mood_goes");
  part("goes").append(
    ...value.looks.map((name, index) => button(titled("look", name), () => trigger("select", { look: index }), { "data-look": name })),
    ...value.templates.map((name) => button(words("mood_template", { name: ((props.titles || {})[name] || {})[words("tongue")] || name }), () => announce("vgan:template", { name }), { "data-goes": name })),
  );
  part("goes-title").hidden = !part("goes").firstChild;
};
part("read").addEventListener("click", () => { props.value = { ...props.value, busy: true }; write(); trigger("submit"); });
hear("vgan:answered", () => { if ((props.value || {}).busy) { props.value = { ...props.value, busy: false }; write(); } });
watch(["value", "label"], write);
write();
