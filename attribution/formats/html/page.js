(() => {
  let lit = [];
  const light = (event) => {
    const here = event.target instanceof Element ? event.target.closest("[data-c]") : null;
    for (const element of lit) element.classList.remove("on");
    lit = here ? [...document.querySelectorAll(`[data-c="${here.dataset.c}"]`)] : [];
    for (const element of lit) element.classList.add("on");
  };
  document.addEventListener("pointerover", light);
  document.addEventListener("focusin", light);
})();
