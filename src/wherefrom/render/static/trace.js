// @ts-check
/** Folds and searches a full trace. Without this file every line is there, and folds by hand. */

const tools = document.querySelector(".wf-trace-tools");
const search = tools?.querySelector("input");
const found = tools?.querySelector("output");
const all = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details")]);
const names = [...document.querySelectorAll(".wf-tree code")];

/** Mark each line that holds the text, and open what it lies in. @param {string} text */
function find(text) {
  let count = 0;
  for (const each of names) {
    const hit = text !== "" && (each.textContent ?? "").toLowerCase().includes(text.toLowerCase());
    each.classList.toggle("wf-hit", hit);
    if (!hit) continue;
    count += 1;
    let up = each.closest("details");
    while (up) {
      up.open = true;
      up = up.parentElement?.closest("details") ?? null;
    }
  }
  document.querySelector(".wf-hit")?.scrollIntoView({ block: "center" });
  if (found) found.textContent = text === "" ? "" : count === 1 ? "1 line" : `${count} lines`;
}

if (tools instanceof HTMLElement && search) {
  search.addEventListener("input", () => find(search.value.trim()));
  for (const each of tools.querySelectorAll("button")) {
    each.addEventListener("click", () => {
      for (const one of all) one.open = each.dataset.open === "true";
    });
  }
  tools.hidden = false;
}
