// The article view: lights a claim everywhere, chooses it, filters, sorts, copies, and moves by keys.
const view = document.querySelector(".view");
const table = document.querySelector("#claims");
const hint = document.querySelector("#hint");
const status = document.querySelector("#said");
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const ofClaim = (key) => all(`[data-c="${key}"]`);
const number = (key) => document.querySelector(`#t${CSS.escape(key)}`);
const row = (key) => document.querySelector(`#c${CSS.escape(key)}`);
const keyOf = (link) => link.getAttribute("href")?.slice(2);

let chosen = null;
let shown = null;
let lit = [];

export const say = (words) => {
  status.textContent = words;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { status.textContent = ""; }, 5000);
};

const light = (key) => {
  for (const element of lit) element.classList.remove("on");
  lit = key ? ofClaim(key) : [];
  for (const element of lit) element.classList.add("on");
};

const showCard = (key) => {
  if (key === shown) return;
  for (const card of all("[data-card]")) card.hidden = card.dataset.card !== key;
  hint.hidden = Boolean(key);
  shown = key;
};

const choose = (key, { scroll = true } = {}) => {
  for (const element of all(".chosen")) element.classList.remove("chosen");
  chosen = key;
  showCard(key);
  light(key);
  if (!key) return;
  number(key)?.classList.add("chosen");
  row(key)?.classList.add("chosen");
  if (scroll) row(key)?.scrollIntoView({ block: "nearest" });
};

const claimAt = (target) => {
  if (!(target instanceof Element)) return null;
  const link = target.closest("#text a.n");
  if (link) return keyOf(link);
  return target.closest("#text [data-c], #claims [data-c]")?.dataset.c ?? null;
};

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const key = claimAt(event.target);
  light(key ?? chosen);
  if (key) showCard(key);
  else if (chosen && !event.target.closest?.(".side")) showCard(chosen);
});
document.addEventListener("focusin", (event) => {
  const key = claimAt(event.target);
  if (key) choose(key);
});
document.addEventListener("click", (event) => {
  const key = claimAt(event.target);
  if (!key || !getSelection().isCollapsed) return;
  const inText = event.target.closest("#text");
  const link = event.target.closest("a.n");
  choose(key);
  if (link) {
    event.preventDefault();
    history.replaceState(null, "", `#t${key}`);
    const target = inText ? row(key)?.querySelector("a.n") : number(key);
    if (target && !target.closest("[hidden]")) target.focus();
  } else if (!inText) {
    number(key)?.scrollIntoView({ block: "center" });
  }
});

// Filters
const filters = document.querySelector("#filters");
const voices = all(".voice");
const fits = (line, wanted) =>
  (!wanted.voices.size || wanted.voices.has(line.dataset.voice)) &&
  (!wanted.type || line.dataset.type === wanted.type) &&
  (!wanted.act || line.dataset.act === wanted.act) &&
  (!wanted.kind || line.dataset.kind === wanted.kind) &&
  Number(line.dataset.sure) * 100 >= wanted.sure &&
  wanted.words.every((word) => line.textContent.toLowerCase().includes(word));

const filter = () => {
  const given = new FormData(filters);
  const wanted = {
    voices: new Set(voices.filter((v) => v.getAttribute("aria-pressed") === "true").map((v) => v.dataset.voice)),
    type: given.get("type"), act: given.get("act"), kind: given.get("kind"), sure: Number(given.get("sure")),
    words: given.get("words").toLowerCase().split(/\s+/).filter(Boolean),
  };
  filters.elements.least.value = `${wanted.sure}%`;
  let count = 0;
  for (const line of table.rows) {
    const kept = fits(line, wanted);
    line.hidden = !kept;
    count += kept;
    for (const element of [...ofClaim(line.dataset.c), number(line.dataset.c)]) {
      if (element && element !== line) element.classList.toggle("off", !kept);
    }
  }
  document.querySelector("#none").hidden = count > 0;
  document.querySelector("#summary").dataset.count = count;
  if (count < table.rows.length) say(`${count} of ${table.rows.length} claims`);
};
if (filters) {
  filters.addEventListener("input", filter);
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("reset", () => {
    for (const voice of voices) voice.setAttribute("aria-pressed", "false");
    setTimeout(filter);
  });
  for (const voice of voices) {
    voice.addEventListener("click", () => {
      voice.setAttribute("aria-pressed", String(voice.getAttribute("aria-pressed") !== "true"));
      filter();
    });
  }
}

// Sorting
const cell = (line, name) => line.querySelector(`.${name}`).textContent.trim().toLowerCase();
const compareBy = {
  number: (a, b) => a.dataset.number - b.dataset.number,
  sure: (a, b) => a.dataset.sure - b.dataset.sure,
  who: (a, b) => (a.dataset.kind === "unknown") - (b.dataset.kind === "unknown") || cell(a, "who").localeCompare(cell(b, "who")),
  what: (a, b) => cell(a, "what").localeCompare(cell(b, "what")),
  how: (a, b) => cell(a, "how").localeCompare(cell(b, "how")),
};
for (const button of all("[data-sort]")) {
  button.addEventListener("click", () => {
    const head = button.closest("th");
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of all("th", head.parentElement)) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const order = compareBy[button.dataset.sort];
    const lines = [...table.rows].sort((a, b) => (down ? order(b, a) : order(a, b)) || compareBy.number(a, b));
    table.append(...lines);
  });
}

// Copying
const copy = async (key) => {
  const button = document.querySelector(`#d${CSS.escape(key)} [data-copy]`);
  await navigator.clipboard.writeText(button.dataset.copy);
  say("Copied with speaker and link");
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button.closest("[data-card]").dataset.card).catch(() => say("The browser does not allow copying here"));
  if (event.target.closest("[data-unselect]")) { number(chosen)?.focus({ preventScroll: true }); choose(null); }
  if (event.target.closest("[data-help]")) document.querySelector("#help").showModal();
});

// Keys
const single = document.querySelector("#single-keys");
const remembered = "attribution-single-keys";
single.checked = localStorage.getItem(remembered) !== "off";
single.addEventListener("change", () => localStorage.setItem(remembered, single.checked ? "on" : "off"));

const step = (by) => {
  const numbers = all("#text a.n[id]").filter((link) => !link.classList.contains("off"));
  if (!numbers.length) return;
  const at = numbers.findIndex((link) => keyOf(link) === chosen);
  const next = numbers[at < 0 ? (by > 0 ? 0 : numbers.length - 1) : (at + by + numbers.length) % numbers.length];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center" });
};
const keys = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => filters?.elements.words.focus(),
  c: () => chosen && copy(chosen).catch(() => say("The browser does not allow copying here")),
  e: () => chosen && document.querySelector(`#d${CSS.escape(chosen)} [data-correct]`).click(),
  m: () => document.querySelector("#missed").click(),
  u: () => document.querySelector("#undo").click(),
  "?": () => document.querySelector("#help").showModal(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    choose(null);
    document.activeElement?.blur();
    return;
  }
  if (event.target.closest("input, select, textarea") || !single.checked || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

const arrive = () => {
  const key = location.hash.match(/^#[tcd](\d+-\d+)$/)?.[1];
  if (key && number(key)) {
    choose(key);
    number(key).scrollIntoView({ block: "center" });
  }
};
addEventListener("hashchange", arrive);
arrive();
view.dataset.ready = "";
