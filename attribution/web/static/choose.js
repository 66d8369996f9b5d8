// The choice of articles to compare: the button says how many, and waits for two to ten.
const pick = document.querySelector("#pick");
const compare = document.querySelector("#compare");
if (pick) {
  const count = () => {
    const n = pick.querySelectorAll(":checked").length;
    compare.disabled = n < 2 || n > 10;
    compare.textContent = n > 10 ? "Compare: ten at most" : n ? `Compare the chosen ${n}` : "Compare: choose two to ten";
  };
  pick.addEventListener("change", count);
  count();
}
for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", async () => {
    const entry = button.closest("li");
    await fetch(`/api/articles/${encodeURIComponent(button.dataset.close)}`, { method: "DELETE" });
    const next = entry.nextElementSibling ?? entry.previousElementSibling;
    entry.remove();
    if (next) next.querySelector("button").focus();
    else location.reload();
  });
}
