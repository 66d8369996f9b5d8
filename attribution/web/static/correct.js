// Corrections. Places go to the server as code points of the article's text; the browser counts UTF-16 units.
import { say } from "/static/article.js";

const view = document.querySelector(".view");
const dialog = document.querySelector("#correct");
const form = document.querySelector("#correct-form");
const context = document.querySelector("#context");
const problem = document.querySelector("#correct-problem");
const address = `/api/articles/${encodeURIComponent(view.dataset.key)}`;
const ROLES = ["content", "cue", "source", "addressee"];

let article = null; // the text by code points, and the claims
let points = [];
let claim = null; // null while a missed one is added
let taken = {};
let window_ = { start: 0, offsets: [] }; // of the textarea: the code point at each UTF-16 unit of its value

const load = async () => {
  const response = await fetch(address);
  const found = await response.json();
  if (!response.ok) throw new Error(found.detail);
  article = found;
  points = Array.from(found.article.text);
};

const words = (spans) => spans.map((s) => points.slice(s.start, s.end).join("")).join(" … ");

const showTaken = () => {
  for (const role of ROLES) form.querySelector(`[data-role="${role}"] q`).textContent = words(taken[role]);
};

// A textarea turns CR LF and CR into LF: so its value is made here, and each of its units knows its code point.
const showContext = (start, end) => {
  const offsets = [];
  let value = "";
  for (let i = start; i < end; i += 1) {
    const point = points[i];
    if (point === "\r" && points[i + 1] === "\n") continue;
    const shown = point === "\r" ? "\n" : point;
    for (let unit = 0; unit < shown.length; unit += 1) offsets.push(i);
    value += shown;
  }
  offsets.push(end);
  window_ = { start, offsets };
  context.value = value;
  context.dataset.value = value;
};
// Not "readonly": that would take the caret away, and with it the choice of words by keyboard.
context.addEventListener("beforeinput", (event) => event.preventDefault());
context.addEventListener("input", () => { context.value = context.dataset.value; });

const unitOf = (place) => {
  const at = window_.offsets.findIndex((offset) => offset >= place);
  return at < 0 ? window_.offsets.length - 1 : at;
};

const selectInContext = (span) => {
  if (!span) return;
  context.setSelectionRange(unitOf(span.start), unitOf(span.end));
};

const selected = () => {
  const from = context.selectionStart;
  let to = context.selectionEnd;
  if (to < window_.offsets.length - 1 && to > 0 && window_.offsets[to] === window_.offsets[to - 1]) to += 1; // half a character
  let [start, end] = [window_.offsets[from], window_.offsets[to]];
  while (start < end && /\s/u.test(points[start])) start += 1;
  while (end > start && /\s/u.test(points[end - 1])) end -= 1;
  return end > start ? { start, end } : null;
};

const around = (spans) => {
  const starts = [...document.querySelectorAll("#text [data-s]")].map((p) => Number(p.dataset.s));
  const [low, high] = [Math.min(...spans.map((s) => s.start)), Math.max(...spans.map((s) => s.end))];
  const before = starts.filter((s) => s <= low).slice(-2)[0] ?? 0;
  const after = starts.filter((s) => s >= high)[1] ?? points.length;
  return [before, after];
};

const open = async (id, selection = null) => {
  try {
    await load();
  } catch (error) {
    say(error.message);
    return;
  }
  claim = id ? article.claims.find((c) => c.id === id) : null;
  if (id && !claim) { say("This claim is no longer there: load the page again"); return; }
  taken = Object.fromEntries(ROLES.map((role) => [role, claim?.[role]?.spans ?? []]));
  if (!claim && selection) taken.content = [selection];
  document.querySelector("#correct-heading").textContent = claim ? "Correct the claim" : "A claim that was missed";
  document.querySelector("#reject").hidden = !claim;
  const fields = form.elements;
  fields.speaker.value = claim?.speaker.name ?? "";
  fields.kind.value = claim?.speaker.kind ?? "person";
  fields.type.value = claim?.type ?? (selection && /^["“‘'«]/u.test(words([selection])) ? "direct" : "indirect");
  fields.act.value = claim?.act ?? "statement";
  fields.polarity.value = claim?.polarity ?? "affirmed";
  problem.textContent = "";
  const spans = ROLES.flatMap((role) => taken[role]);
  showContext(...(spans.length ? around(spans) : [0, points.length]));
  showTaken();
  dialog.showModal();
  selectInContext(taken.content[0]);
  (claim ? fields.speaker : context).focus();
};

const differs = (a, b) => JSON.stringify(a) !== JSON.stringify(b);

const correction = () => {
  const fields = form.elements;
  const name = fields.speaker.value.trim();
  const speaker = { name, kind: name ? fields.kind.value : "unknown" };
  const labels = { type: fields.type.value, act: fields.act.value, polarity: fields.polarity.value };
  if (!claim) return { op: "add", ...taken, ...labels, speaker };
  const changed = { op: "change", claim: claim.id };
  if (differs(speaker, { name: claim.speaker.name, kind: claim.speaker.kind })) changed.speaker = speaker;
  for (const [name_, value] of Object.entries(labels)) if (value !== claim[name_]) changed[name_] = value;
  for (const role of ROLES) if (differs(taken[role], claim[role]?.spans ?? [])) changed[role] = taken[role];
  return changed;
};

const send = async (method, path, body) => {
  const response = await fetch(`${address}${path}`, {
    method, headers: body ? { "Content-Type": "application/json" } : {}, body: body && JSON.stringify(body),
  });
  const found = await response.json();
  if (!response.ok) throw new Error(found.detail);
  return found;
};

const arrive = (found, id) => {
  const at = found.claims.findIndex((c) => c.id === id);
  location.replace(`${location.pathname}${at < 0 ? "" : `#t1-${at + 1}`}`);
  location.reload();
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = correction();
  if (!taken.content.length) { problem.textContent = "Take the words that are said first."; return; }
  if (claim && Object.keys(body).length === 2) { dialog.close(); return; }
  try {
    const known = new Set(article.claims.map((c) => c.id));
    const found = await send("POST", "/corrections", body);
    arrive(found, claim ? claim.id : found.claims.find((c) => !known.has(c.id))?.id);
  } catch (error) {
    problem.textContent = error.message;
  }
});
document.querySelector("#reject").addEventListener("click", async () => {
  try {
    arrive(await send("POST", "/corrections", { op: "reject", claim: claim.id }), null);
  } catch (error) {
    problem.textContent = error.message;
  }
});
document.querySelector("#undo").addEventListener("click", async (event) => {
  if (event.currentTarget.disabled) return;
  try {
    arrive(await send("DELETE", "/corrections/last"), null);
  } catch (error) {
    say(error.message);
  }
});
dialog.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { take, more, clear } = button.dataset;
  if (button.matches("[data-cancel]")) dialog.close();
  if (clear) { taken[clear] = []; showTaken(); }
  if (!take && !more) return;
  const span = selected();
  if (!span) { problem.textContent = "Take some words of the article above first."; return; }
  problem.textContent = "";
  const role = take ?? more;
  taken[role] = take ? [span] : [...taken[role], span].sort((a, b) => a.start - b.start);
  showTaken();
});

// A selection in the article's own text, as code points: the numbers of the claims are no part of it.
const placeOf = (node, offset) => {
  const paragraph = (node instanceof Element ? node : node.parentElement)?.closest("[data-s]");
  if (!paragraph) return null;
  const range = document.createRange();
  range.setStart(paragraph, 0);
  range.setEnd(node, offset);
  const part = range.cloneContents();
  for (const n of part.querySelectorAll("a.n")) n.remove();
  return Number(paragraph.dataset.s) + Array.from(part.textContent).length;
};
const selectionInText = () => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const [start, end] = [placeOf(range.startContainer, range.startOffset), placeOf(range.endContainer, range.endOffset)];
  return start !== null && end !== null && end > start ? { start, end } : null;
};
const missed = document.querySelector("#missed");
let lastSelection = null;
document.addEventListener("selectionchange", () => {
  const now = selectionInText();
  if (now || !document.activeElement?.closest("#missed")) lastSelection = now;
});
missed.addEventListener("pointerdown", () => { lastSelection = selectionInText() ?? lastSelection; });
missed.addEventListener("click", () => open(null, selectionInText() ?? lastSelection));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-correct]");
  if (button) open(button.dataset.correct);
});
view.dataset.correctable = "";
