// A style of one's own: drop a picture and fit it, or drop a style that was saved. The value is {picture, progress, styles}.
const about = (seconds) => (seconds > 100 ? `${Math.round(seconds / 60)} ${words("min")}` : `${Math.max(1, Math.round(seconds))} ${words("sec")}`);

const write = () => {
  const { picture, progress, styles = [] } = props.value || {}, list = part("list");
  part("hint").textContent = words("own_hint");
  part("name").textContent = picture ? picture.name : words("own_drop");
  part("facts").textContent = !progress ? words(picture ? "own_ready" : "own_kinds", { time: about(props.seconds || 60) })
    : inLine(progress, about) ? inLine(progress, about).join(" · ") : progress.left == null ? words("fitting") : words("left", { time: about(progress.left) });
  part("thumb").hidden = !picture;
  if (picture) part("thumb").src = picture.thumb;
  part("fit").textContent = words("fit");
  part("fit").hidden = !picture || Boolean(progress);
  part("stop").textContent = words("cancel");
  part("stop").hidden = part("track").hidden = !progress;
  const share = progress && progress.total ? (100 * progress.done) / progress.total : 0;
  part("fill").style.width = `${share}%`;
  part("track").setAttribute("aria-valuenow", String(Math.round(share)));
  part("track").setAttribute("aria-label", words("fitting"));
  clear(list);
  for (const style of styles.filter((one) => one.url)) {
    const item = make("li"), save = make("a", { href: style.url, download: style.file }, words("own_save"));
    save.setAttribute("aria-label", `${words("own_save")}: ${style.title}`);
    item.append(make("img", { src: style.still, alt: "" }), make("span", {}, style.title), save);
    list.append(item);
  }
};

part("fit").addEventListener("click", () => { props.value = { ...props.value, progress: { done: 0, total: 0, left: null } }; write(); trigger("submit"); });
part("stop").addEventListener("click", () => trigger("clear"));
watch(["value", "label"], write);
write();
