// The shelf: every number with its unit, basis, source and grade; sort it, filter it.

import { get, Latest } from "../api.js";
import { fresh, h, put } from "../dom.js";
import { gradeChip } from "../figure.js";
import { plain, sentence, words } from "../format.js";
import { changeParams, scenarioQuery, state } from "../state.js";

const KINDS = ["parameters", "sources", "links", "compounds", "conditions", "limits", "endpoints", "populations", "responses", "hypotheses"];
const STEP = 100;

function cell(value, column) {
  if (value === null || value === undefined || value === "") return "";
  if (column.id === "source" || column.id === "sources") {
    const ids = Array.isArray(value) ? value : [value];
    return ids.map((id, i) => [i ? ", " : "", h("a", { href: `#/library?kind=sources&filter=${encodeURIComponent(id)}` }, words(id))]);
  }
  if (column.id === "doi") return h("a", { href: `https://doi.org/${value}`, target: "_blank", rel: "noreferrer noopener" }, value);
  if (column.id === "pmid") return h("a", { href: `https://pubmed.ncbi.nlm.nih.gov/${value}/`, target: "_blank", rel: "noreferrer noopener" }, String(value));
  if (typeof value === "object" && value.word) return gradeChip(value);
  if (typeof value === "number") return plain(value, 4);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.join(", ");
  return column.id === "id" ? h("span", { class: "mono" }, value) : String(value);
}

export function mountLibrary(root, page) {
  const tabs = h("div", { class: "chips", role: "radiogroup", "aria-label": "What to list" });
  const filter = h("input", { id: fresh("filter"), type: "search", value: state.params.filter ?? "", placeholder: "kidney, fitted, mah_2021 …" });
  const count = h("p", { class: "soft small", role: "status" });
  const table = h("div", { class: "scroll library", tabindex: "0", role: "region", "aria-label": "Table" });
  const more = h("button", { type: "button" }, "Show more rows");
  put(root, h("div", { class: "page wide stack" }, h("h1", { tabindex: "-1" }, "Library"),
    h("p", { class: "lead" }, "Everything the model knows stands on a shelf of plain files. No number is without a home, and an assumption is called one."), tabs,
    h("div", { class: "field" }, h("label", { for: filter.id }, "Filter"), filter), count, table, more));
  let rows = 0;
  let last = null;
  const kind = () => (KINDS.includes(state.params.kind) ? state.params.kind : "parameters");

  put(tabs, KINDS.map((id) => h("label", { class: "chip" }, h("input", { type: "radio", name: "kind", value: id, on: { change: () => { rows = 0; filter.value = ""; changeParams({ kind: id === "parameters" ? null : id, sort: null, descending: null, filter: null }, { push: true }); } } }), sentence(id))));

  function head(column) {
    const { sort, descending } = state.params;
    const on = sort === column.id;
    const name = `${column.title}${column.unit ? ` [${column.unit}]` : ""}`;
    const press = () => changeParams({ sort: column.id, descending: on && !descending ? "true" : null });
    return h("th", { scope: "col", "aria-sort": on ? (descending ? "descending" : "ascending") : null }, h("button", { type: "button", on: { click: press } }, name));
  }

  function draw() {
    const columns = last.columns;
    const shown = last.rows.slice(0, rows + STEP);
    count.textContent = `${last.rows.length} of ${last.total ?? last.rows.length} ${last.kind}`;
    const focused = document.activeElement?.closest("th")?.cellIndex;
    put(table, h("table", null, h("caption", { class: "unseen" }, `${sentence(last.kind)} on the shelf`), h("thead", null, h("tr", null, columns.map(head))),
      h("tbody", null, shown.map((row) => h("tr", null, columns.map((column, i) => h(i ? "td" : "th", i ? { class: typeof row[column.id] === "number" ? "num" : null } : { scope: "row" }, cell(row[column.id], column))))))));
    if (focused !== undefined) table.querySelectorAll("thead button")[focused]?.focus();
    more.hidden = shown.length >= last.rows.length;
    root.dataset.drawn = `${last.kind}|${state.params.filter ?? ""}|${state.params.sort ?? ""}|${state.params.descending ?? ""}`;
  }

  more.addEventListener("click", () => { rows += STEP; draw(); });
  filter.addEventListener("input", () => changeParams({ filter: filter.value }));
  const latest = new Latest(([what, query]) => get(`library/${what}`, query), (got) => { last = got; page.alive(); draw(); }, (error) => page.trouble(error, root));
  function ask() {
    for (const input of tabs.querySelectorAll("input")) input.checked = input.value === kind();
    if (document.activeElement !== filter) filter.value = state.params.filter ?? "";
    const { sort, descending, filter: wanted } = state.params;
    latest.want([kind(), scenarioQuery({ sort, descending, filter: wanted })]);
  }
  ask();
  return { update: ask, again: ask };
}
