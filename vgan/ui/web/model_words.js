// How numbers and facts of models are written, for every component that speaks of them.
const bytesText = (count) => (!count ? "0 MB" : count >= 1e9 ? `${(count / 1e9).toFixed(1)} GB` : count >= 1e7 ? `${Math.round(count / 1e6)} MB` : `${Math.max(0.1, count / 1e6).toFixed(1)} MB`);
const countText = (count) => (count >= 1e7 ? `${(count / 1e6).toFixed(1)} M` : count >= 1e4 ? `${(count / 1e6).toFixed(2)} M` : count.toLocaleString());
const said = (key, other) => { const text = words(key); return text === key ? other : text; };
const titleOf = (one) => said(`model_${one.name}`, one.title);
const fill = (list, rows) => {
  clear(list);
  for (const [what, value] of rows.filter(([, value]) => value)) {
    const pair = make("div");
    pair.append(make("dt", {}, what), make("dd", {}, value));
    list.append(pair);
  }
};
