// @ts-check
/**
 * Steps through a flow: one step at a time, by button, arrow key or link.
 * The page is whole without this file; it only hides all steps but one.
 */

/** @param {HTMLElement} flow */
function stepThrough(flow) {
  const steps = /** @type {HTMLElement[]} */ ([...flow.querySelectorAll(".wf-step")]);
  const controls = flow.querySelector(".wf-controls");
  const previous = flow.querySelector(".wf-previous");
  const next = flow.querySelector(".wf-next");
  const count = flow.querySelector(".wf-count");
  const value = flow.querySelector(".wf-value");
  const picture = flow.querySelector(".wf-picture");
  if (
    !(controls instanceof HTMLElement) ||
    !(previous instanceof HTMLButtonElement) ||
    !(next instanceof HTMLButtonElement) ||
    !(picture instanceof HTMLElement) ||
    !count ||
    !value ||
    steps.length === 0
  ) {
    return;
  }
  let now = 0;

  /** The watched value after a step: the last that any step up to it set. @param {number} step */
  function valueAt(step) {
    for (let i = step; i >= 0; i -= 1) {
      const known = steps[i].dataset.value;
      if (known !== undefined) return known;
    }
    return "";
  }

  /** Bring the row of the current step into the picture, without moving the page. */
  function follow() {
    const row = document.getElementById(`${flow.id}-row-${now + 1}`);
    for (const each of flow.querySelectorAll(".wf-now")) each.classList.remove("wf-now");
    if (!row) return;
    row.classList.add("wf-now");
    const inner = row.getBoundingClientRect();
    const outer = picture.getBoundingClientRect();
    const middle = inner.left + inner.width / 2 - outer.left - outer.width / 2;
    picture.scrollBy({ left: middle });
  }

  /** @param {number} step @param {boolean} linked */
  function show(step, linked) {
    now = Math.min(Math.max(step, 0), steps.length - 1);
    steps.forEach((each, i) => {
      each.hidden = i !== now;
    });
    previous.disabled = now === 0;
    next.disabled = now === steps.length - 1;
    count.textContent = `Step ${now + 1} of ${steps.length}`;
    value.textContent = valueAt(now);
    follow();
    if (linked) history.replaceState(null, "", `#${steps[now].id}`);
  }

  function openLinked() {
    const linked = steps.findIndex((each) => `#${each.id}` === location.hash);
    if (linked >= 0) {
      show(linked, false);
      flow.scrollIntoView({ block: "start" });
    }
    return linked >= 0;
  }

  previous.addEventListener("click", () => show(now - 1, true));
  next.addEventListener("click", () => show(now + 1, true));
  flow.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    show(now + by, true);
  });
  steps.forEach((_, i) => {
    document
      .getElementById(`${flow.id}-row-${i + 1}`)
      ?.addEventListener("click", () => show(i, true));
  });
  window.addEventListener("hashchange", openLinked);
  window.addEventListener("beforeprint", () => steps.forEach((each) => (each.hidden = false)));
  window.addEventListener("afterprint", () => show(now, false));

  controls.hidden = false;
  flow.classList.add("wf-stepping");
  if (!openLinked()) show(0, false);
}

for (const flow of document.querySelectorAll(".wf-flow")) {
  if (flow instanceof HTMLElement) stepThrough(flow);
}
