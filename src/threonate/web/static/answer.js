// Words of an answer: what to be careful about, what came out, how it was made.

import { h, put } from "./dom.js";
import { sourceList } from "./figure.js";
import { plain } from "./format.js";

const SEVERITY = { stop: "Stop", caution: "Caution", note: "Note" };

function finding(one) {
  const more = one.sources?.length ? h("details", { class: "small" }, h("summary", null, "Sources"), sourceList(one.sources)) : null;
  return h("div", { class: `finding ${one.severity}`, data: { finding: one.id } },
    h("p", null, h("span", { class: "tag" }, `${SEVERITY[one.severity] ?? one.severity}:`), h("b", null, one.title), one.value ? ` (${one.value})` : ""),
    h("p", null, one.message, one.authority ? h("span", { class: "soft" }, ` ${one.authority}.`) : null), more);
}

/** Findings before results: serious ones open, notes folded into one line. */
export function safetyList(node, findings) {
  const text = JSON.stringify(findings);
  if (node.dataset.shown === text) return;
  node.dataset.shown = text;
  const serious = findings.filter((one) => one.severity !== "note");
  const notes = findings.filter((one) => one.severity === "note");
  put(node, serious.map(finding),
    notes.length ? h("details", { class: "notes" }, h("summary", null, `${notes.length} safety note${notes.length > 1 ? "s" : ""}: ${notes.map((one) => one.title).join("; ")}`), notes.map(finding)) : null,
    !findings.length ? h("p", { class: "soft small" }, "No limit that the shelf knows is passed by this scenario.") : null);
}

/** Sentences whose verbs follow the grade. */
export function answerList(node, statements) {
  put(node, statements.map((one) => h("li", null, one.text, " ", one.grade ? h("span", { class: "grade" }, one.grade) : null)));
}

/** How many people, how long it took, how exact. */
export function stateLine(node, answer) {
  const people = answer.subjects;
  const lost = people?.failed ? ` ${people.failed} could not be solved and are left out.` : "";
  put(node, people ? `${people.completed} simulated ${people.completed === 1 ? "person" : "people"}.${lost} ` : "",
    answer.elapsed_ms === undefined ? "" : `Computed in ${plain(answer.elapsed_ms, 2)} ms${answer.cached ? " (kept from before)" : ""}. `, answer.accuracy ? `${answer.accuracy}. ` : "", (answer.lost ?? []).join(" "));
}
