// Your picture: dropped, searched for in the look, and removed again. The value is {picture, found, progress}.
const about = (seconds) => (seconds > 100 ? `${Math.round(seconds / 60)} ${words("min")}` : `${Math.max(1, Math.round(seconds))} ${words("sec")}`);

const write = () => {
  const { picture, found, progress } = props.value || {}, most = about(props.seconds || 60);
  part("hint").textContent = words("picture_hint");
  part("name").textContent = picture ? picture.name : words("picture_drop");
  part("facts").textContent = !progress ? words(picture ? "picture_again" : "picture_kinds", { time: most })
    : inLine(progress, about) ? inLine(progress, about).join(" · ") : progress.left == null ? words("picture_searching") : words("left", { time: about(progress.left) });
  part("thumb").hidden = !picture;
  if (picture) part("thumb").src = picture.thumb;
  const seen = Boolean(found && found.before);
  part("pair").hidden = !seen;
  if (seen) { part("before").src = found.before; part("after").src = found.after; }
  for (const side of ["before", "after"]) { part(`${side}-text`).textContent = words(`picture_${side}`); part(side).alt = words(`picture_${side}`); }
  part("verdict").hidden = !found;
  part("verdict").textContent = !found ? "" : words(found.word ? `picture_${found.word}` : "picture_recipe");
  part("verdict").title = seen ? words("picture_score", { score: found.score.toFixed(3) }) : "";
  part("find").textContent = words("picture_find");
  part("find").hidden = !picture || Boolean(progress);
  part("stop").textContent = words("cancel");
  part("stop").hidden = part("track").hidden = !progress;
  part("remove").textContent = words("picture_remove");
  part("remove").hidden = Boolean(progress) || !(found || picture);
  const share = progress && progress.total ? (100 * progress.done) / progress.total : 0;
  part("fill").style.width = `${share}%`;
  part("track").setAttribute("aria-valuenow", String(Math.round(share)));
  part("track").setAttribute("aria-label", words("picture_searching"));
};

part("find").addEventListener("click", () => { props.value = { ...props.value, progress: { done: 0, total: 0, left: null } }; write(); trigger("submit"); });
part("stop").addEventListener("click", () => trigger("clear"));
part("remove").addEventListener("click", () => trigger("select"));
watch(["value", "label"], write);
write();
