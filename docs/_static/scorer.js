// How search ranks what it finds: Sphinx's own scores, and explainers before the pages that only
// name them. A reader who pastes a symptom wants the page that explains it.
// @ts-check

/** @typedef {[string, string, string, string | null, number, string, string]} Result */

const EXPLAINER = 10;

// `var`, because Sphinx declares its own so, where there is none.
var Scorer = {
  /** @param {Result} result @returns {number} */
  score: ([docname, , , , score]) =>
    docname.startsWith("explainers/") ? score + EXPLAINER : score,
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
