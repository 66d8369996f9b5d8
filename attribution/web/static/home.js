// The first page: drop, paste, watch the articles come. Without this file the form works all the same.
const form = document.querySelector("#open");
const files = document.querySelector("#files");
const text = document.querySelector("#text");
const chosen = document.querySelector("#chosen");
const progress = document.querySelector("#progress");

const example = document.querySelector("#example");
example.hidden = false;
example.addEventListener("click", () => {
  text.value = document.querySelector("#example-text").content.textContent.trim();
  text.focus();
  text.setSelectionRange(0, 0);
  text.scrollTop = 0;
});

const showChosen = () => {
  const names = [...files.files].map((file) => file.name);
  chosen.textContent = names.length > 3 ? `${names.length} files` : names.join(", ");
};
files.addEventListener("change", showChosen);

const drop = document.querySelector("#drop");
let depth = 0;
const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
addEventListener("dragenter", (event) => { if (holdsFiles(event)) { depth += 1; drop.classList.add("over"); } });
addEventListener("dragleave", (event) => { if (holdsFiles(event) && (depth -= 1) <= 0) drop.classList.remove("over"); });
addEventListener("dragover", (event) => { if (holdsFiles(event)) event.preventDefault(); });
addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  depth = 0;
  drop.classList.remove("over");
  files.files = event.dataTransfer.files;
  showChosen();
  form.requestSubmit();
});
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

const line = (className, words) => {
  const item = document.createElement("li");
  item.className = className;
  item.textContent = words;
  return item;
};

const show = (found, working) => {
  if (found.status) {
    working.before(line("wrong", found.where ? `${found.where}: ${found.detail}` : found.detail));
    return;
  }
  const item = line("", ` ${found.claims} ${found.claims === 1 ? "claim" : "claims"}`);
  const link = document.createElement("a");
  link.href = found.href;
  link.textContent = found.title;
  item.prepend(link);
  working.before(item);
};

async function* lines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    rest += value ?? "";
    const parts = rest.split("\n");
    rest = parts.pop();
    for (const part of parts) if (part) yield JSON.parse(part);
    if (done) return;
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new FormData(form);
  const working = line("working", "Reading…");
  progress.replaceChildren(working);
  const button = form.querySelector(".main");
  button.disabled = true;
  const opened = [];
  let wrong = 0;
  try {
    const response = await fetch("/api/articles", { method: "POST", body });
    if (!response.ok) throw new Error((await response.json()).detail);
    for await (const found of lines(response)) {
      show(found, working);
      if (found.status) wrong += 1;
      else opened.push(found);
    }
    working.remove();
    if (opened.length === 1 && !wrong) location.assign(opened[0].href);
    else if (opened.length && !wrong) location.reload();
  } catch (error) {
    working.replaceWith(line("wrong", error instanceof TypeError ? "The server does not answer: is it still running?" : error.message));
  } finally {
    button.disabled = false;
  }
});
