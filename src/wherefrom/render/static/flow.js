// @ts-check
/**
 * Steps through a flow: one step at a time, by button, arrow key, click or link.
 * The page is whole without this file; it only hides all steps but one.
 */

/** What a theme may lay over the top of a page, in pixels. */
const HEADER = 56;

/**
 * @typedef {object} Parts
 * @property {HTMLElement} flow
 * @property {HTMLElement} picture
 * @property {HTMLElement} controls
 * @property {HTMLElement} list
 * @property {HTMLElement} previous
 * @property {HTMLElement} next
 * @property {HTMLElement} all
 * @property {HTMLElement} count
 * @property {HTMLElement} value
 * @property {HTMLElement} heard
 * @property {HTMLElement[]} steps
 */

/** The parts of a figure, or nothing if one is missing. @param {HTMLElement} flow */
function partsOf(flow) {
  /** @type {Record<string, HTMLElement>} */
  const found = { flow };
  const names = ["picture", "controls", "previous", "next", "all", "count", "value", "heard"];
  for (const name of [...names, "steps"]) {
    const part = flow.querySelector(`.wf-${name}`);
    if (!(part instanceof HTMLElement)) return null;
    found[name] = part;
  }
  const { steps: list, ...others } = found;
  const steps = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".wf-step")]);
  return steps.length ? /** @type {Parts} */ (/** @type {unknown} */ ({ ...others, list, steps })) : null;
}

/** Bring the row of a step into a picture that scrolls, without moving the page.
 * @param {Parts} parts @param {number} now */
function follow({ flow, picture }, now) {
  for (const each of flow.querySelectorAll(".wf-now")) each.classList.remove("wf-now");
  const drawn = picture.querySelectorAll(`[data-step="${now + 1}"]`);
  for (const each of drawn) each.classList.add("wf-now");
  const outer = picture.getBoundingClientRect();
  for (const row of picture.querySelectorAll(`.wf-row[data-step="${now + 1}"]`)) {
    const inner = row.getBoundingClientRect();
    const middle = inner.left + inner.width / 2 - outer.left - outer.width / 2;
    if (inner.width) picture.scrollLeft += middle;
  }
}

/** Give the list the height of its tallest step, so that the page below stays where it is; and let
 * a link to a step lead to its picture, or as much of it as leaves the step in sight.
 * @param {Parts} parts */
function steady({ flow, list, steps }) {
  const heights = steps.map((each) => {
    const hidden = each.hidden;
    each.hidden = false;
    const { height } = each.getBoundingClientRect();
    each.hidden = hidden;
    return height;
  });
  const tallest = Math.ceil(Math.max(...heights));
  list.style.minHeight = `${tallest}px`;
  const above = list.getBoundingClientRect().top - flow.getBoundingClientRect().top;
  const margin = Math.max(0, Math.min(above + HEADER, innerHeight - tallest - HEADER / 2));
  for (const each of steps) each.style.scrollMarginTop = `${margin}px`;
}

/** Whether a key belongs to what has the focus: code scrolls by arrow keys itself.
 * @param {KeyboardEvent} event */
function isTaken(event) {
  const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  return modified || (event.target instanceof Element && event.target.closest("pre") !== null);
}

/** @param {Parts} parts */
function stepThrough(parts) {
  const { flow, picture, controls, previous, next, all, count, value, heard, steps } = parts;
  const last = steps.length - 1;
  let now = 0;

  /** @param {boolean} whole */
  function showAll(whole) {
    all.setAttribute("aria-pressed", String(whole));
    flow.classList.toggle("wf-stepping", !whole);
    steps.forEach((each, i) => {
      each.hidden = !whole && i !== now;
    });
  }

  /** @param {number} step @param {boolean} chosen - by the reader, here: tell it, and keep it */
  function show(step, chosen) {
    now = Math.min(Math.max(step, 0), last);
    showAll(false);
    previous.setAttribute("aria-disabled", String(now === 0));
    next.setAttribute("aria-disabled", String(now === last));
    count.textContent = `Step ${now + 1} of ${steps.length}`;
    value.textContent = steps[now].dataset.value ?? "";
    follow(parts, now);
    if (!chosen) return;
    const said = steps[now].querySelector(".wf-say")?.textContent ?? "";
    heard.textContent = `${count.textContent}: ${said}. ${value.textContent}`;
    history.replaceState(history.state, "", `#${steps[now].id}`);
  }

  function openLinked() {
    const linked = steps.findIndex((each) => `#${encodeURI(each.id)}` === location.hash);
    if (linked < 0) return false;
    show(linked, false);
    steps[linked].scrollIntoView({ block: "start", behavior: "instant" });
    return true;
  }

  previous.addEventListener("click", () => show(now - 1, true));
  next.addEventListener("click", () => show(now + 1, true));
  all.addEventListener("click", () => showAll(all.getAttribute("aria-pressed") !== "true"));
  flow.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined || isTaken(event)) return;
    event.preventDefault();
    show(now + by, true);
  });
  picture.addEventListener("click", (event) => {
    const row = event.target instanceof Element ? event.target.closest("[data-step]") : null;
    if (row) show(Number(row.getAttribute("data-step")) - 1, true);
  });
  window.addEventListener("hashchange", openLinked);
  window.addEventListener("resize", () => steady(parts));

  controls.hidden = false;
  picture.setAttribute("aria-keyshortcuts", "ArrowLeft ArrowRight");
  show(0, false);
  steady(parts);
  openLinked();
}

for (const flow of document.querySelectorAll("figure.wf-flow")) {
  const parts = flow instanceof HTMLElement ? partsOf(flow) : null;
  if (parts) stepThrough(parts);
}
