// @ts-check
/** Folds and searches a full trace. Without this file every line is there, and folds by hand. */

/** The theme that the reader chose on the pages of the site, where its theme keeps one. */
function useTheme() {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "dark" || chosen === "light") document.body.dataset.theme = chosen;
  } catch {
    // A browser may keep storage from a page: then the system's preference holds.
  }
}

/** How many folds an element lies in. @param {Element} one */
function depthOf(one) {
  let depth = 0;
  for (let up = one.parentElement; up; up = up.parentElement) depth += Number(up.matches("details"));
  return depth;
}

/** Open all that an element lies in. @param {Element} one */
function reveal(one) {
  for (let up = one.closest("details"); up; up = up.parentElement?.closest("details") ?? null) {
    up.open = true;
  }
}

/** @param {HTMLElement} tools @param {HTMLInputElement} search @param {HTMLOutputElement} found */
function searchIn(tools, search, found) {
  const names = [...document.querySelectorAll(".wf-tree code")];
  /** @type {Element[]} */
  let hits = [];
  let at = 0;

  /** Go to the hit that lies `by` after this one, round and round. @param {number} by */
  function go(by) {
    hits[at]?.classList.remove("wf-here");
    if (hits.length === 0) return;
    at = (at + by + hits.length) % hits.length;
    hits[at].classList.add("wf-here");
    reveal(hits[at]);
    hits[at].scrollIntoView({ block: "center", behavior: "instant" });
    found.textContent = `${at + 1} of ${hits.length} ${hits.length === 1 ? "line" : "lines"}`;
  }

  /** Mark each line that holds the text, and open what it lies in. @param {string} text */
  function find(text) {
    for (const each of hits) each.classList.remove("wf-hit", "wf-here");
    const wanted = text.toLowerCase();
    hits = names.filter((each) => wanted && each.textContent?.toLowerCase().includes(wanted));
    for (const each of hits) {
      each.classList.add("wf-hit");
      reveal(each);
    }
    at = 0;
    found.textContent = text === "" ? "" : "No line";
    go(0);
  }

  search.addEventListener("input", () => find(search.value.trim()));
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
  });
  for (const each of tools.querySelectorAll("button[data-to]")) {
    each.addEventListener("click", () => go(Number(each.getAttribute("data-to"))));
  }
}

/** @param {HTMLElement} tools @param {HTMLInputElement} depth */
function foldBy(tools, depth) {
  const folds = [...document.querySelectorAll("details")].map((each) => ({
    each,
    depth: depthOf(each),
  }));

  /** Open what lies less deep than this, and fold the rest. @param {number} wanted */
  function openTo(wanted) {
    for (const one of folds) one.each.open = one.depth < wanted;
  }

  depth.addEventListener("input", () => openTo(Number(depth.value)));
  for (const each of tools.querySelectorAll("button[data-open]")) {
    each.addEventListener("click", () => {
      depth.value = each.getAttribute("data-open") === "true" ? depth.max : depth.min;
      openTo(Number(depth.value));
    });
  }
}

useTheme();
const tools = document.querySelector(".wf-trace-tools");
const search = tools?.querySelector("input[type=search]");
const depth = tools?.querySelector("input[type=number]");
const found = tools?.querySelector("output");
if (
  tools instanceof HTMLElement &&
  search instanceof HTMLInputElement &&
  depth instanceof HTMLInputElement &&
  found
) {
  searchIn(tools, search, found);
  foldBy(tools, depth);
  tools.hidden = false;
}
