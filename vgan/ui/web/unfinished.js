// A render that did not finish: its page was closed, or the app was restarted. What is being made is remembered in this
// browser until it is there, with when its page was last alive, and offered again where that page is no more.
const PREFIX = "vgan-unfinished-", BEAT_MS = 2000, GONE_MS = 7000, OLD_MS = 24 * 3600 * 1000, MOST = 500000;
const store = {
  get: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set: (key, entry) => { try { localStorage.setItem(key, JSON.stringify(entry)); } catch { /* private windows keep nothing */ } },
  drop: (key) => { try { localStorage.removeItem(key); } catch { /* likewise */ } },
  keys: () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; } },
};
const page = (() => {                            // the same one after it was loaded again
  const fresh = Math.random().toString(36).slice(2);
  try {
    const known = sessionStorage.getItem(PREFIX + "page") || fresh;
    sessionStorage.setItem(PREFIX + "page", known);
    return known;
  } catch { return fresh; }
})();
const app = () => (window.gradio_config || {}).app_id;
const begun = new Map();                         // what this page makes now, by tab
const keyOf = (tab) => `${PREFIX}${page}-${tab}`;

document.addEventListener("vgan:work", ({ detail }) => {
  const tab = detail.home && detail.home.id, key = keyOf(tab);
  if (!tab) return;
  if (detail.recipe && detail.recipe.length <= MOST) {
    begun.set(tab, { tab, page, app: app(), recipe: detail.recipe, began: Date.now(), seen: Date.now(), share: 0 });
    store.set(key, begun.get(tab));
  } else if (detail.over && begun.has(tab)) {
    begun.delete(tab);
    store.drop(key);
  } else if (detail.share && begun.has(tab)) begun.get(tab).share = detail.share;
});

document.addEventListener("vgan:forget", () => { begun.clear(); store.keys().forEach(store.drop); }); // with all else that is kept
let offered = null;
const offer = () => {
  const now = Date.now(), found = store.keys().map((key) => [key, store.get(key)]).filter(([key, entry]) => {
    if (!entry || !entry.recipe || !(props.events || {})[entry.tab] || Math.abs(now - entry.began) > OLD_MS) { store.drop(key); return false; }
    if (entry.page === page) return !begun.has(entry.tab);
    return Math.abs(now - entry.seen) > GONE_MS; // its page is closed; clocks may jump either way
  });
  found.sort(([, one], [, other]) => other.began - one.began);
  offered = found.length ? found[0] : null;
  write();
};
const write = () => {
  part("left").hidden = !offered;
  if (!offered) return;
  const [, entry] = offered, share = Math.floor(100 * (entry.share || 0));
  part("title").textContent = words("left_title", { tab: words(`tab_${entry.tab}`) });
  part("why").textContent = [words(entry.app === app() ? "left_closed" : "left_restarted"), share ? words("left_share", { n: share }) : ""].filter(Boolean).join(" ");
  part("again").textContent = words("left_again");
  part("forget").textContent = words("left_forget");
};
const answer = (event) => {
  const [key, entry] = offered;
  store.drop(key);
  offer();
  trigger(event(entry), { recipe: entry.recipe });
};
part("again").addEventListener("click", () => answer((entry) => props.events[entry.tab]));
part("forget").addEventListener("click", () => answer(() => "clear"));
const beat = setInterval(() => {
  if (!element.isConnected) { clearInterval(beat); return; }
  for (const entry of begun.values()) { entry.seen = Date.now(); store.set(keyOf(entry.tab), entry); }
  if (!offered) offer();
}, BEAT_MS);
watch("label", write);
offer();
