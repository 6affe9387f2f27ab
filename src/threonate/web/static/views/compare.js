// Two to four questions beside each other: courses, a table of summaries, ratios to the first.

import { get, Latest } from "../api.js";
import { answerList, safetyList, stateLine } from "../answer.js";
import { fresh, h, put } from "../dom.js";
import { FigureCard } from "../figure.js";
import { interval, plain } from "../format.js";
import { converter, fullQuery, valueOf } from "../question.js";
import { changeParams, state } from "../state.js";
import { brainPanels, coursePanels } from "./explore.js";

const LETTERS = ["A", "B", "C", "D"];
const COLOURS = ["one", "two", "three", "four"];
const DASHES = ["solid", "dashed", "dash-dot", "dotted"];

function armsOf() {
  return ["a", "b", "c", "d"].map((key) => state.params[key]).filter((text) => text !== undefined);
}

function writeArms(arms, push = true) {
  const next = Object.fromEntries(["a", "b", "c", "d"].map((key, i) => [key, arms[i] ?? null]));
  changeParams(next, { push });
}

function startingArms(page) {
  const elemental = valueOf(page.catalogue, "elemental_mg") || "150";
  return ["l_threonate", "citrate", "oxide"].map((compound) => `compound=${compound}&elemental_mg=${elemental}`);
}

function armEditor(page, text, i, arms) {
  const fields = Object.fromEntries(new URLSearchParams(text));
  const change = (changes) => {
    const next = { ...fields, ...changes };
    for (const [name, value] of Object.entries(next)) if (value === "" || value === null) delete next[name];
    writeArms(arms.map((one, k) => (k === i ? new URLSearchParams(next).toString() : one)));
  };
  const byCompound = "compound_mg" in fields && !("elemental_mg" in fields);
  const way = byCompound ? "compound_mg" : "elemental_mg";
  const ids = ["compound", "dose", "unit", "portions", "meals"].map((name) => fresh(name));
  const compound = h("select", { id: ids[0], on: { change: (event) => change({ compound: event.target.value }) } },
    page.catalogue.compounds.filter((one) => one.id !== "diet").map((one) => h("option", { value: one.id, selected: one.id === fields.compound }, one.title)));
  const dose = h("input", { id: ids[1], inputmode: "decimal", value: fields[way] ?? "", on: { change: (event) => change({ [way]: event.target.value }) } });
  const unit = h("select", { id: ids[2], on: { change: (event) => change({ compound_mg: null, elemental_mg: null, [event.target.value]: fields[way] }) } },
    [["elemental_mg", "mg elemental"], ["compound_mg", "mg compound"]].map(([id, title]) => h("option", { value: id, selected: id === way }, title)));
  const portions = h("select", { id: ids[3], on: { change: (event) => change({ doses_per_day: event.target.value }) } },
    ["", "1", "2", "3", "4"].map((one) => h("option", { value: one, selected: one === (fields.doses_per_day ?? "") }, one || "same")));
  const meals = h("select", { id: ids[4], on: { change: (event) => change({ meals: event.target.value }) } },
    [["", "same"], ["between", "between"], ["with", "with"]].map(([id, title]) => h("option", { value: id, selected: id === (fields.meals ?? "") }, title)));
  const field = (id, name, control) => h("div", { class: "field" }, h("label", { for: id }, name), control);
  return h("fieldset", { class: "arm card-like" }, h("legend", null, h("span", { class: `letter letter-${COLOURS[i]}` }, LETTERS[i]), ` Regimen ${LETTERS[i]}`),
    field(ids[0], "Compound", compound), h("div", { class: "two dose-pair" }, field(ids[1], "Dose", dose), field(ids[2], "Unit", unit)),
    h("div", { class: "two" }, field(ids[3], "Portions", portions), field(ids[4], "Meals", meals)),
    arms.length > 2 ? h("button", { type: "button", class: "quiet", on: { click: () => writeArms(arms.filter((_, k) => k !== i)) } }, `Remove ${LETTERS[i]}`) : null);
}

function table(answer) {
  const { arms, metrics } = answer;
  const cell = (arm, metric, i) => h("td", { class: "num" }, interval(arm.metrics[metric.id]),
    i && arm.ratios?.[metric.id] ? h("span", { class: "soft small block" }, `× ${interval(arm.ratios[metric.id])}`) : null);
  return h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": "Summaries of each regimen" },
    h("table", { class: "metrics" }, h("caption", null, h("span", null, `Median (5th to 95th percentile of people). Below it, from B on: times the value of A in the same person.`)),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "measure"), arms.map((arm, i) => h("th", { scope: "col", class: "num" }, `${LETTERS[i]}: ${arm.title}`)))),
      h("tbody", null,
        h("tr", null, h("th", { scope: "row" }, "dose a day", h("span", { class: "soft small block" }, "compound = elemental = mmol")), arms.map((arm) => h("td", { class: "num" }, arm.dose ? `${plain(arm.dose.compound_mg, 4)} mg = ${plain(arm.dose.elemental_mg)} mg = ${plain(arm.dose.mmol)} mmol` : "none"))),
        metrics.map((metric) => h("tr", null, h("th", { scope: "row" }, metric.title, h("span", { class: "soft small block" }, metric.unit)), arms.map((arm, i) => cell(arm, metric, i)))))));
}

/** CSF alone, one panel for each hypothesis; the colours are those of the regimens. */
function csfPanels(fig) {
  const csf = fig.series.filter((one) => one.id.endsWith("Mg_csf_relative"));
  return brainPanels({ ...fig, series: csf.map((one) => ({ ...one, title: `${one.title.split(":")[0]}, ${one.hypothesis.toUpperCase()}` })) }).map(({ title, series }) => ({ title, series }));
}

export function mountCompare(root, page) {
  const safety = h("div", { class: "safety", role: "alert", "aria-label": "Safety" });
  const editors = h("div", { class: "arms" });
  const summary = h("ul", { class: "answer" });
  const numbers = h("section", { class: "card-like", "aria-label": "Summaries" });
  const line = h("p", { class: "small soft" });
  const problems = h("div", { "aria-live": "polite" });
  const cards = { plasma: new FigureCard("plasma", { files: false, whole: true, panels: coursePanels }), urine: new FigureCard("urine", { files: false, whole: true }), brain: new FigureCard("brain", { files: false, whole: true, panels: csfPanels }) };
  const figures = h("div", { class: "figures" }, Object.values(cards).map((card) => card.node));
  const results = h("section", { class: "results", "aria-label": "Results" }, safety, h("h1", { tabindex: "-1" }, "Compare"),
    h("p", { class: "lead" }, "Two to four regimens in the same simulated people. The person is set in the form, the regimens here."), editors, problems, numbers, figures, h("section", { "aria-label": "In words" }, h("h2", null, "Regimen A in words"), summary), line);
  put(root, h("div", { class: "with-form" }, page.form.node, results));
  if (armsOf().length < 2) {
    const arms = startingArms(page);
    changeParams(Object.fromEntries(arms.map((text, i) => [["a", "b", "c", "d"][i], text])), { quiet: true });
  }
  let last = null;

  function editArms() {
    const arms = armsOf();
    put(editors, arms.map((text, i) => armEditor(page, text, i, arms)),
      arms.length < 4 ? h("button", { type: "button", class: "add", on: { click: () => writeArms([...arms, "compound=glycinate&elemental_mg=150"]) } }, "Add a regimen") : null);
  }

  function draw() {
    const convert = converter(last.arms.find((arm) => arm.dose)?.dose);
    const order = last.arms.map((arm) => arm.id);
    const look = (one) => {
      const i = Math.max(0, order.findIndex((id) => one.arm === id || one.id === id || one.id.startsWith(`${id}:`)));
      return { colour: COLOURS[i], dash: one.hypothesis.toUpperCase() === "THREONATE" ? "dashed" : one.hypothesis ? "solid" : DASHES[i], faint: last.arms.length > 2 };
    };
    for (const [id, card] of Object.entries(cards)) {
      card.node.hidden = !last.figures[id];
      if (last.figures[id]) card.draw(last.figures[id], { band: last.band, convert, look, query: "" });
    }
  }

  function show(answer, query) {
    last = answer;
    page.alive();
    put(problems);
    safetyList(safety, answer.safety);
    answerList(summary, answer.summary ?? []);
    put(numbers, table(answer));
    page.form.complain([]);
    draw();
    stateLine(line, answer);
    page.provenance(answer.provenance);
    root.dataset.drawn = query;
  }

  const latest = new Latest((query) => get("compare", query), show, (error) => {
    page.trouble(error, results);
    put(problems, h("p", { class: "problem", role: "alert" }, error.message));
  });
  const ask = () => {
    const base = new URLSearchParams(fullQuery(page.catalogue));
    for (const name of ["compound", "compound_mg", "elemental_mg"]) base.delete(name);
    latest.want([base.toString(), ...armsOf().map((text) => `arm=${encodeURIComponent(text)}`)].filter(Boolean).join("&"));
  };
  const extras = page.extras("simulate", () => {}, { measured: false, jobs: false });
  editArms();
  ask();
  return {
    update(what) {
      page.form.update();
      extras.update();
      if (armsOf().length >= 2) {
        editArms();
        ask();
      } else if (what === "params" && last) draw();
    },
    again: ask,
    redraw: () => last && draw(),
    stop() {
      extras.stop();
      for (const card of Object.values(cards)) card.stop();
    },
  };
}
