// One question and its answer: safety first, then plain sentences, then the figures.

import { get, Latest } from "../api.js";
import { h, put } from "../dom.js";
import { FigureCard } from "../figure.js";
import { measuredFor } from "../measured.js";
import { converter, fullQuery } from "../question.js";
import { answerList, safetyList, stateLine } from "../answer.js";
import { moversCard } from "./movers.js";

/** Panels of the brain: one for each hypothesis, side by side, on one scale. */
export function brainPanels(fig) {
  const kinds = [...new Set(fig.series.map((one) => one.hypothesis.toUpperCase()))];
  const words = { NULL: "NULL: the regulated barrier only", THREONATE: "THREONATE: the action seen in rats, assumed in people", REPLETION: "REPLETION" };
  return kinds.map((kind) => ({
    title: words[kind] ?? kind,
    series: fig.series.filter((one) => one.hypothesis.toUpperCase() === kind),
    look: (one) => {
      const colour = { NULL: "null", THREONATE: "threonate", REPLETION: "repletion" }[kind] ?? "one";
      const ecf = one.id.includes("ecf");
      return { colour, dash: ecf ? "dotted" : kind === "THREONATE" ? "dashed" : "solid", width: ecf ? 1.8 : 2.2, band: !ecf };
    },
  }));
}

/** Pieces of a course that has a gap: the first days, the last day. Nothing is drawn across the gap. */
export function coursePanels(fig) {
  const { x } = fig.series[0];
  const step = x.length > 1 ? x[1] - x[0] : 1;
  const cuts = x.map((at, i) => (i && at - x[i - 1] > 12 * step ? i : 0)).filter(Boolean);
  const ends = [0, ...cuts, x.length];
  const pieces = ends.slice(1).map((end, i) => [ends[i], end]).filter(([from, to]) => to - from > 2);
  return pieces.map(([from, to], i) => ({
    title: pieces.length > 1 ? (i ? "The last day" : "The first days") : "",
    series: fig.series.map((one) => ({ ...one, ...Object.fromEntries(["x", "median", "low", "high"].map((key) => [key, one[key]?.slice(from, to)])) })),
  }));
}

export function mountExplore(root, page) {
  const safety = h("div", { class: "safety", role: "alert", "aria-label": "Safety" });
  const warnings = h("div", { class: "warnings" });
  const title = h("h1", { tabindex: "-1" }, "Explore");
  const question = h("p", { class: "lead" });
  const answers = h("ul", { class: "answer", "aria-label": "The answer in words" });
  const line = h("p", { class: "small soft", "aria-live": "polite" });
  const cards = {
    plasma: new FigureCard("plasma"), urine: new FigureCard("urine"),
    brain: new FigureCard("brain", { panels: brainPanels, whole: true }), plasma_course: new FigureCard("plasma_course", { whole: true, height: 200, panels: coursePanels }),
  };
  const inWords = h("section", { class: "whole", "aria-label": "In words" }, h("h2", null, "In words"), answers);
  const movers = moversCard(() => last?.settled && last.query !== "job" && last.query);
  const figures = h("div", { class: "figures" }, cards.plasma.node, cards.urine.node, inWords, cards.brain.node, cards.plasma_course.node, movers.node);
  const results = h("section", { class: "results", "aria-label": "Results" }, safety, title, question, warnings, figures, line);
  put(root, h("div", { class: "with-form" }, page.form.node, results));
  let last = null;

  function draw() {
    const { answer, query } = last;
    const convert = converter(answer.dose);
    for (const [id, card] of Object.entries(cards)) {
      const fig = answer.figures[id];
      card.node.hidden = !fig;
      if (fig) {
        card.draw(id === "plasma_course" ? { ...fig, title: "Hour by hour" } : fig, {
          query, band: answer.band, convert, measured: measuredFor(page, fig, id, convert),
          note: id === "brain" ? "Two hypotheses, at most one of them right; they are never averaged. Nobody has measured this in people on magnesium L-threonate." : measuredFor.note(page, id),
        });
      }
    }
  }

  function show(answer, query, settled) {
    last = { answer, query, settled };
    page.alive();
    safetyList(safety, answer.safety);
    title.textContent = answer.title;
    question.textContent = answer.question;
    put(warnings, answer.warnings.map((text) => h("p", { class: "warning loud" }, text)));
    answerList(answers, answer.summary);
    page.form.complain([]);
    page.form.update(answer.dose);
    draw();
    stateLine(line, answer);
    page.provenance(answer.provenance);
    root.dataset.drawn = query;
    root.dataset.settled = String(settled);
    root.dataset.hash = answer.provenance.result_hash ?? "";
    movers.refresh();
    queueMicrotask(() => performance.mark("drawn", { detail: query })); // the plots paint in microtasks that stand before this one
  }

  const latest = new Latest((query) => get("simulate", query), show, (error) => page.trouble(error, results));
  const ask = () => latest.want(fullQuery(page.catalogue));
  const extras = page.extras("simulate", (answer) => show(answer, "job", true));
  ask();
  return {
    update(what) {
      if (what === "params" && last) draw();
      else ask(); // the server begins while the form follows
      page.form.update();
      extras.update();
    },
    again: ask,
    redraw: () => last && draw(),
    stop() {
      extras.stop();
      for (const card of Object.values(cards)) card.stop();
    },
  };
}
