// The frame around every figure: finding, grade in words, plot, sentence, meaning of the band, table, sources, files.

import { once } from "./api.js";
import { h, put, putNew } from "./dom.js";
import { plain, sentence, words } from "./format.js";
import { Lines, strokeSample } from "./lines.js";

const FILES = ["csv", "parquet", "svg", "pdf"];
const TRUST = { A: 4, B: 3, C: 2, D: 1, E: 1, N: 3, X: 0, U: 0 };

/** A grade in words; pressing it opens what stands behind it. */
export function gradeChip(grade, press) {
  if (!grade) return null;
  const filled = TRUST[grade.letter] ?? 0;
  const dots = h("span", { class: "dots", "aria-hidden": "true" }, "●".repeat(filled) + "○".repeat(4 - filled));
  const inside = [dots, h("span", null, grade.word)];
  if (!press) return h("span", { class: `grade ${grade.letter}`, title: grade.sentence }, inside);
  return h("button", { type: "button", class: `grade ${grade.letter}`, title: `${grade.sentence} Press for the sources.`, on: { click: press } }, inside);
}

/** Colour and dash of a series; hypotheses keep theirs everywhere. */
export function lookOf(series, index, count) {
  const hypothesis = series.hypothesis?.toUpperCase();
  const id = series.id.toLowerCase();
  if (id.includes("placebo") || id === "before") return { colour: "placebo", dash: "dotted", width: 1.8 };
  if (hypothesis === "NULL") return { colour: "null", dash: "solid" };
  if (hypothesis === "THREONATE") return { colour: "threonate", dash: "dashed" };
  if (hypothesis === "REPLETION") return { colour: "repletion", dash: "dash-dot" };
  if (count > 2) return { colour: ["one", "two", "three", "four"][index % 4], dash: ["solid", "dashed", "dash-dot", "dotted"][index % 4] };
  return { colour: "one", dash: "solid" };
}

function citation(source) {
  const link = source.doi ? `https://doi.org/${source.doi}` : source.pmid ? `https://pubmed.ncbi.nlm.nih.gov/${source.pmid}/` : null;
  return [
    h("a", { href: `#/library?kind=sources&filter=${encodeURIComponent(source.id)}` }, source.citation ?? source.id),
    link ? [" ", h("a", { href: link, rel: "noreferrer noopener", target: "_blank" }, source.doi ? "DOI" : "PubMed")] : null,
    source.read ? h("span", { class: "soft" }, ` (${source.read})`) : null,
  ];
}

/** A list of sources that fetches what each is once it is looked at. */
export function sourceList(ids) {
  const list = h("ul", { class: "sources" });
  for (const id of ids ?? []) {
    const item = h("li", null, h("a", { href: `#/library?kind=sources&filter=${encodeURIComponent(id)}` }, words(id)));
    list.append(item);
    once(`library/sources/${id}`).then((source) => put(item, citation(source)), () => {});
  }
  return list;
}

function evidence(fig) {
  const weakest = fig.weakest;
  return [
    fig.grade ? h("p", null, h("b", null, `${sentence(fig.grade.word)}. `), fig.grade.sentence) : null,
    weakest?.title ? h("p", null, "Weakest step: ", h("b", null, weakest.title), weakest.note ? `. ${weakest.note}` : "") : null,
    fig.sources?.length ? sourceList(fig.sources) : h("p", { class: "soft" }, "No source is named for this figure."),
  ];
}

/** A table of the numbers behind a figure. */
export function dataTable(fig) {
  const x = `${fig.x.name}${fig.x.unit && fig.x.unit !== "1" ? ` [${fig.x.unit}]` : ""}`;
  const unit = fig.y.unit && fig.y.unit !== "1" ? ` [${fig.y.unit}]` : "";
  const rows = fig.series.flatMap((one) =>
    one.x.map((at, i) => h("tr", null, h("th", { scope: "row" }, one.title), h("td", { class: "num" }, plain(at, 4)),
      [one.median, one.low, one.high].map((values) => h("td", { class: "num" }, values?.[i] === null || values?.[i] === undefined ? "" : plain(values[i], 4))))));
  const head = ["series", x, `median${unit}`, "5th percentile", "95th percentile"];
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Data table: ${fig.title}` },
    h("table", null, h("caption", null, fig.title), h("thead", null, h("tr", null, head.map((text, i) => h("th", { scope: "col", class: i ? "num" : null }, text)))),
      h("tbody", null, rows)));
}

/** A `details` whose inside is made when it is opened, and again while it stays open. */
export function lazy(title, build) {
  const inside = h("div");
  const node = h("details", null, h("summary", null, title), inside);
  const refresh = () => node.open && put(inside, build());
  node.addEventListener("toggle", refresh);
  return { node, refresh };
}

/** The files of one figure. */
export function exportLinks(figure, query, unit) {
  const links = h("span", { class: "files" }, h("span", { class: "soft" }, `Files${unit && unit !== "1" ? ` (${unit})` : ""}: `),
    FILES.map((kind, i) => [i ? " · " : "", h("a", { data: { kind }, download: `${figure.replaceAll(/\W+/g, "-")}.${kind}` }, kind.toUpperCase())]));
  addressFiles(links, figure, query, unit);
  return links;
}

/** Let the links to files ask the present question. */
function addressFiles(node, figure, query, unit) {
  const amounts = unit?.startsWith("mg") ? "&amounts=mg" : "";
  for (const link of node.querySelectorAll("a[data-kind]")) {
    link.setAttribute("href", `api/export.${link.dataset.kind}?figure=${encodeURIComponent(figure)}${amounts}&${query}`);
  }
}

/** A figure of time courses. Split by `panels(fig)` when several stand side by side. */
export class FigureCard {
  constructor(id, { panels = null, whole = false, height = 240, files = true } = {}) {
    this.id = id;
    this.files = files;
    this.split = panels ?? ((fig) => [{ title: "", series: fig.series }]);
    this.height = height;
    this.parts = [];
    this.title = h("h2");
    this.chip = h("span");
    this.warning = h("div");
    this.key = h("ul", { class: "key" });
    this.plots = h("div", { class: "panels", role: "img" });
    this.readout = h("p", { class: "readout", "aria-hidden": "true" });
    this.caption = h("figcaption");
    this.exports = h("span");
    this.table = lazy("Data table", () => dataTable(this.shown));
    this.sources = lazy("Evidence and sources", () => evidence(this.fig));
    this.node = h("figure", { class: `card${whole ? " whole" : ""}`, id: `figure-${id}`, data: { figure: id } },
      h("header", null, this.title, this.chip), this.warning, this.key, this.plots, this.readout, this.caption,
      h("div", { class: "under" }, this.table.node, this.sources.node, this.exports));
  }

  /** Draw; `fig` as the server sent it, `more`: {query, band, scale, unit, measured, looks}. */
  draw(fig, more = {}) {
    this.fig = fig;
    this.shown = more.convert ? more.convert(fig) : fig;
    const { shown } = this;
    const looks = new Map(shown.series.map((one, i) => [one.id, (more.look ?? lookOf)(one, i, shown.series.length)]));
    const panels = this.split(shown);
    this.#prepare(panels);
    const range = panels.length > 1 ? commonRange(shown.series) : null;
    panels.forEach((panel, i) => {
      if (this.parts[i].title) this.parts[i].title.textContent = panel.title;
      this.parts[i].lines.draw({
        ...shown, series: panel.series.map((one) => ({ ...one, look: panel.look?.(one) ?? looks.get(one.id) })), range,
        measured: more.measured, height: this.height, zero: shown.y.unit === "%",
      });
    });
    this.#words(panels, looks, more);
  }

  #prepare(panels) {
    if (this.parts.length === panels.length) return;
    for (const part of this.parts) part.lines.stop();
    this.parts = panels.map((panel) => {
      const lines = new Lines(this.readout);
      const title = panel.title ? h("p", { class: "panel-title" }) : null;
      return { lines, title, node: h("div", { class: "panel-plot" }, title, lines.node) };
    });
    this.plots.classList.toggle("side", panels.length > 1);
    put(this.plots, this.parts.map((part) => part.node));
  }

  #words(panels, looks, more) {
    const { shown, fig } = this;
    this.title.textContent = shown.title;
    putNew(this.chip, fig.grade, () => [gradeChip(fig.grade, () => { this.sources.node.open = !this.sources.node.open; })]);
    putNew(this.warning, fig.warning, () => [fig.warning ? h("p", { class: "warning loud", role: "note" }, fig.warning) : null]);
    const keyed = new Map(panels.flatMap((panel) => panel.series.map((one) => [one.id, [one.title, panel.look?.(one) ?? looks.get(one.id)]])));
    const lines = [...new Map([...keyed.values()].map((pair) => [JSON.stringify(pair), pair])).values()];
    const besides = [more.measured?.length ? ["ring", "measured in people"] : null, shown.reference?.title ? ["tinted", shown.reference.title] : null].filter(Boolean);
    putNew(this.key, [lines, besides], () => [
      lines.map(([title, look]) => h("li", null, strokeSample(look), h("span", null, title))),
      besides.map(([sample, title]) => h("li", null, h("span", { class: sample, "aria-hidden": "true" }), h("span", null, title))),
    ]);
    const text = `${shown.sentence ?? shown.caption ?? ""}`;
    this.plots.setAttribute("aria-label", text || shown.title);
    const unit = !shown.y.unit || shown.y.unit === "1" ? "" : ` ${shown.y.unit}`;
    put(this.caption, text, " ",
      shown.max === null || shown.max === undefined ? null
        : h("span", { class: "nowrap" }, "Highest median: ", h("b", { class: "max", data: { value: String(shown.max) } }, `${plain(shown.max, 4)}${unit}`), "."),
      more.band ? h("span", { class: "meaning" }, more.band) : null,
      more.note ? h("span", { class: "meaning" }, more.note) : null);
    const files = this.files && more.query !== undefined;
    putNew(this.exports, [files, shown.y.unit], () => [files ? exportLinks(this.id, more.query, shown.y.unit) : null]);
    if (files) addressFiles(this.exports, this.id, more.query, shown.y.unit);
    this.table.refresh();
    this.sources.refresh();
  }

  stop() {
    for (const part of this.parts) part.lines.stop();
  }
}

function commonRange(series) {
  const all = series.flatMap((one) => [...(one.low ?? []), ...(one.high ?? []), ...one.median]).filter((value) => Number.isFinite(value));
  return all.length ? [Math.min(...all), Math.max(...all)] : null;
}
