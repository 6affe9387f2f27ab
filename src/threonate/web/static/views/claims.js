// What is said about magnesium, what stands on either side, and an article read sentence by sentence.

import { get, once, send } from "../api.js";
import { fresh, h, put } from "../dom.js";
import { gradeChip } from "../figure.js";
import { plain, sentence, words } from "../format.js";
import { changeParams, state } from "../state.js";
import { evidenceBars } from "../svg.js";

const TONES = {
  supported: "good", background: "plain", advice: "plain", mixed: "weak", "animals only": "weak", "in vitro only": "weak",
  "plausible but untested": "weak", unverifiable: "open", opinion: "open", contradicted: "bad", "not in the ledger": "unknown", "no claim": "none",
};
const EXAMPLE = "Magnesium L-threonate crosses the blood-brain barrier and raises magnesium levels in the brain. It improves sleep quality. People with kidney disease should take care.";

export const toneOf = (verdict) => TONES[String(verdict).toLowerCase()] ?? "open";

export function verdictChip(verdict) {
  return h("span", { class: `verdict tone-text-${toneOf(verdict)}` }, verdict);
}

function linesOf(list) {
  return (list ?? []).map((one) => (typeof one === "string" ? one : one.text ?? one.title ?? one.id)).filter(Boolean);
}

function sourceItem(one) {
  if (typeof one === "string") return h("li", null, one);
  const link = one.doi ? `https://doi.org/${one.doi}` : one.pmid ? `https://pubmed.ncbi.nlm.nih.gov/${one.pmid}/` : null;
  return h("li", null, link ? h("a", { href: link, rel: "noreferrer noopener", target: "_blank" }, one.citation ?? one.id) : one.citation ?? one.text ?? one.id, one.read ? h("span", { class: "soft" }, ` (${one.read})`) : null);
}

function listed(title, list) {
  const lines = linesOf(list);
  return lines.length ? [h("h3", null, title), h("ul", null, lines.map((text) => h("li", null, text)))] : null;
}

function cited(title, ids, sources) {
  if (!ids?.length) return null;
  const known = new Map((sources ?? []).map((one) => [one.id, one]));
  return [h("h3", null, title), h("ul", { class: "sources" }, ids.map((id) => sourceItem(known.get(id) ?? words(id))))];
}

function detail(claim) {
  return h("div", { class: "claim-detail" },
    h("p", null, claim.sentence), listed("Why", claim.reasons), listed("What would change the verdict", claim.would_change),
    cited("For", claim.sources_for, claim.sources), cited("Against or limiting", claim.sources_against, claim.sources),
    claim.findings?.length ? h("details", null, h("summary", null, `${claim.findings.length} findings behind it`), h("ul", null, claim.findings.map((one) => h("li", null, h("span", { class: "mono soft" }, one.id), " ", one.text)))) : null,
    claim.note ? h("p", { class: "soft small" }, claim.note) : null);
}

function claimItem(claim) {
  const inside = h("div");
  const node = h("details", { class: "claim", id: `claim-${claim.id}` }, h("summary", null, h("span", { class: "number mono" }, claim.number), h("span", { class: "statement" }, claim.statement), verdictChip(claim.verdict), gradeChip(claim.grade)), inside);
  node.addEventListener("toggle", () => {
    if (!node.open || inside.childNodes.length) return;
    put(inside, h("p", { class: "soft" }, "Reading the shelf …"));
    once(`claims/${encodeURIComponent(claim.id)}`).then((full) => put(inside, detail(full)), (error) => put(inside, h("p", { class: "problem" }, error.message)));
  });
  return node;
}

function annotated(audit) {
  const paragraphs = new Map();
  for (const one of audit.sentences) paragraphs.set(one.paragraph, [...(paragraphs.get(one.paragraph) ?? []), one]);
  const known = audit.claims ?? {};
  const mark = (one) => {
    const tone = toneOf(one.verdict);
    if (tone === "none" || tone === "unknown") return h("span", { class: `said tone-mark-${tone}` }, one.text, " ");
    const panel = h("div", { class: "said-why", hidden: true }, h("p", null, verdictChip(one.verdict), " ", one.verdict_sentence), one.grade ? gradeChip({ letter: one.grade, word: one.grade_word, sentence: "" }) : null,
      one.claims.map((id) => h("p", null, h("a", { href: `#/claims?claim=${encodeURIComponent(id)}` }, known[id]?.number ? `${known[id].number}: ${known[id].statement}` : words(id)))), (one.notes ?? []).map((note) => h("p", { class: "soft small" }, note)));
    const button = h("button", { type: "button", class: `said tone-mark-${tone}`, "aria-expanded": "false", on: { click: () => {
      panel.hidden = !panel.hidden;
      button.setAttribute("aria-expanded", String(!panel.hidden));
    } } }, one.text, h("span", { class: "said-verdict" }, one.verdict));
    return [button, " ", panel];
  };
  return h("article", { class: "annotated card-like", "aria-label": "The text, annotated" }, [...paragraphs.values()].map((sentences) => h("div", { class: "para" }, sentences.map(mark))));
}

function auditor() {
  const id = fresh("article");
  const area = h("textarea", { id, rows: 7, maxlength: 60000, placeholder: "Paste an article, a label or an advertisement here. It stays on this machine." });
  const out = h("div", { "aria-live": "polite" });
  const run = h("button", { type: "submit", class: "main" }, "Read it against the ledger");
  const form = h("form", null, h("label", { for: id, class: "label" }, "Text"), area, h("div", { class: "row" }, run, h("button", { type: "button", on: { click: () => { area.value = EXAMPLE; } } }, "Use an example")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    run.disabled = true;
    put(out, h("p", { class: "soft" }, "Reading …"));
    try {
      const audit = await send("audit", { text: area.value });
      const counts = Object.entries(audit.counts ?? {}).map(([title, count]) => ({ title, count, tone: toneOf(title) }));
      put(out, h("h3", null, `${audit.sentences.length} sentence${audit.sentences.length === 1 ? "" : "s"} read`), evidenceBars(counts, "Sentences by verdict"), annotated(audit),
        (audit.notes ?? []).map((note) => h("p", { class: "small soft" }, note)), h("p", { class: "small soft" }, audit.disclaimer));
    } catch (error) {
      put(out, h("p", { class: "problem", role: "alert" }, error.problems?.map((one) => one.reason).join(" ") || error.message));
    }
    run.disabled = false;
  });
  return h("section", { class: "card-like", "aria-label": "Annotate an article" }, h("h2", null, "Paste an article and see it annotated"),
    h("p", { class: "soft" }, "Each sentence is matched to the ledger; what the ledger does not know is left unmarked, which says nothing for it."), form, out);
}

export function mountClaims(root, page) {
  const bars = h("div");
  const search = h("input", { id: fresh("find"), type: "search", placeholder: "sleep, brain, hair …", value: state.params.find ?? "" });
  const count = h("p", { class: "soft small", role: "status" });
  const list = h("div", { class: "claims" });
  put(root, h("div", { class: "page stack" }, h("h1", { tabindex: "-1" }, "Claims"), h("p", { class: "lead" }, "What is said about magnesium and magnesium L-threonate, with a verdict that follows from the findings on both sides."),
    auditor(), h("section", { class: "stack", "aria-label": "Ledger" }, h("h2", null, "The ledger"), bars, h("div", { class: "field" }, h("label", { for: search.id }, "Find in the statements"), search), count, list)));
  let ledger = null;

  function draw() {
    const { verdict, find = "", claim } = state.params;
    put(bars, evidenceBars(ledger.verdicts.filter((one) => one.count).map((one) => ({
      title: sentence(one.id), count: one.count, tone: toneOf(one.id), pressed: one.id === verdict, press: () => changeParams({ verdict: one.id === verdict ? null : one.id }),
    })), "Claims by verdict; press one to see only those"));
    const wanted = ledger.claims.filter((one) => (!verdict || one.verdict === verdict) && `${one.number} ${one.statement} ${one.made_by}`.toLowerCase().includes(find.toLowerCase()));
    count.textContent = `${wanted.length} of ${plain(ledger.claims.length)} claims${verdict ? `: ${verdict}` : ""}`;
    put(list, wanted.map(claimItem));
    root.dataset.drawn = `${verdict ?? ""}|${find}`;
    const one = claim && list.querySelector(`#claim-${CSS.escape(claim)}`);
    if (one) {
      one.open = true;
      one.scrollIntoView({ block: "center" });
    }
  }

  search.addEventListener("input", () => changeParams({ find: search.value }));
  const ask = () => once("claims").then((got) => { ledger = got; page.alive(); draw(); }, (error) => page.trouble(error, root));
  ask();
  return { update: () => ledger && draw(), again: ask };
}
