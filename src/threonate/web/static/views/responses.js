// What may follow: each endpoint against placebo, its grade in words, its weakest step, and the switches of its links.

import { get, Latest } from "../api.js";
import { safetyList, stateLine } from "../answer.js";
import { fresh, h, put } from "../dom.js";
import { FigureCard, gradeChip, sourceList } from "../figure.js";
import { interval, sentence, signed } from "../format.js";
import { fullScenario } from "../question.js";
import { changeParams, changeScenario, scenarioQuery, state } from "../state.js";
import { forest } from "../svg.js";

const WEAK = new Set(["D", "E", "X", "U"]);
const FIRST = "sleep";
/** Responses take weeks; fewer people keep the answer quick. The form shows both. */
const WEEKS = { days: "28", subjects: "24" };

function switchesOf(text) {
  return new Map(String(text ?? "").split(",").filter(Boolean).map((part) => part.split("=")));
}

function linkSwitch(link) {
  const id = fresh("link");
  const on = Object.values(link.on).some(Boolean);
  const box = h("input", { type: "checkbox", id, checked: on });
  box.addEventListener("change", () => {
    const now = switchesOf(state.scenario.links);
    if (box.checked === link.default_on) now.delete(link.id);
    else now.set(link.id, box.checked ? "on" : "off");
    changeScenario({ links: [...now].map((pair) => pair.join("=")).join(",") });
  });
  const kinds = Object.entries(link.on).map(([kind, yes]) => `${kind} ${yes ? "on" : "off"}`).join(", ");
  const what = WEAK.has(link.grade?.letter) && !on ? h("span", { class: "soft small" }, "(off unless you ask for it)") : null;
  return h("li", { class: "link-switch", data: { link: link.id } },
    h("div", { class: "check" }, box, h("label", { for: id }, link.title)), h("div", { class: "row small" }, gradeChip(link.grade), h("span", { class: "soft" }, kinds), what),
    link.note ? h("p", { class: "small soft" }, link.note) : null,
    link.sources?.length ? h("details", { class: "small" }, h("summary", null, "Sources"), sourceList(link.sources)) : null);
}

const text = (one) => JSON.stringify([one.effect, one.standardised, one.grade, one.weakest, one.marks]);

/** Hypotheses that say the same stand together: [[names, numbers], ...]. */
function grouped(hypotheses) {
  const kinds = new Map();
  for (const [kind, one] of Object.entries(hypotheses)) kinds.set(text(one), [...(kinds.get(text(one)) ?? []), kind]);
  return [...kinds.values()].map((names) => [names, hypotheses[names[0]]]);
}

/** One panel while the hypotheses agree; one for each where they differ. */
function hypothesisPanels(fig) {
  const kinds = [...new Set(fig.series.map((one) => one.hypothesis))].filter(Boolean);
  const isPlacebo = (one) => one.id.includes("placebo");
  const placebo = fig.series.filter(isPlacebo).slice(0, 1);
  const own = (kind) => fig.series.filter((one) => one.hypothesis === kind && !isPlacebo(one));
  const values = kinds.map((kind) => JSON.stringify(own(kind).map((one) => [one.median, one.low, one.high])));
  const alike = new Set(values).size <= 1;
  const shown = alike ? kinds.slice(0, 1) : kinds;
  return shown.map((kind) => ({ title: alike ? (kinds.length > 1 ? `${kinds.join(" and ")} alike` : "") : kind, series: [...own(kind), ...placebo] }));
}

const isNone = (one) => one.effect?.median === 0 && one.effect.p5 === 0 && one.effect.p95 === 0;

/** Nothing at all is another answer than little: say that it is so by construction, and where to look. */
function noneLine(endpoint) {
  if (!Object.values(endpoint.hypotheses).every(isNone)) return null;
  const off = (endpoint.path ?? []).filter((step) => !step.on?.length).map((step) => step.title);
  return h("li", { class: "none" }, "Exactly zero, which is not a small effect: no step that is on acts for this compound and these people. ",
    off.length ? `Off on this chain: ${off.join("; ")}. ` : "", "The chain below says of each step when it acts.");
}

function hypothesisLine(names, one, unit) {
  const kind = names.join(" and ");
  const none = isNone(one);
  const marks = one.marks?.length ? h("b", { class: "mark" }, ` ${one.marks.join("; ")}`) : null;
  return h("li", null, h("b", null, `${kind}: `), none ? "no difference from placebo on the last day " : `difference from placebo on the last day ${interval(one.effect, signed)}${unit === "1" ? "" : ` ${unit}`} `,
    gradeChip(one.grade), one.weakest ? h("span", { class: "soft" }, ` Weakest step: ${one.weakest}.`) : null, marks);
}

class EndpointCard {
  constructor(id) {
    this.card = new FigureCard(id, { panels: hypothesisPanels, height: 220 });
    this.said = h("ul", { class: "plain-list" });
    this.mark = h("p", { class: "warning" });
    this.path = h("ol", { class: "path small" });
    this.card.caption.before(this.mark);
    this.card.caption.after(this.said, h("details", { class: "small" }, h("summary", null, "The chain of causes, link by link"), this.path));
    this.node = this.card.node;
  }

  draw(endpoint, more) {
    this.card.draw({ ...endpoint.figure, title: endpoint.title }, more);
    this.node.classList.toggle("whole", this.card.parts.length > 1);
    this.mark.hidden = !endpoint.illustration;
    this.mark.textContent = "Illustration, not prediction: its parameters are free and no human data bind them.";
    put(this.said, grouped(endpoint.hypotheses).map(([names, one]) => hypothesisLine(names, one, endpoint.unit)), noneLine(endpoint), endpoint.note ? h("li", { class: "soft" }, endpoint.note) : null);
    put(this.path, (endpoint.path ?? []).map((step) => h("li", null, step.title, " ", gradeChip(step.grade), h("span", { class: "soft" }, step.on?.length ? ` on under ${step.on.join(" and ")}` : " off"), step.note ? h("span", { class: "soft block" }, step.note) : null)));
  }
}

/** A small card that would stand alone in its row takes all of it. */
function fillRows(nodes) {
  let waiting = null;
  for (const node of nodes) {
    if (!node.classList.contains("whole")) waiting = waiting ? null : node;
    else {
      waiting?.classList.add("whole");
      waiting = null;
    }
  }
  waiting?.classList.add("whole");
}

function overview(answer) {
  const rows = answer.endpoints.flatMap((endpoint) => grouped(endpoint.hypotheses).map(([names, one]) => ({
    title: endpoint.title, note: `${names.join(" and ")}${endpoint.illustration ? ", illustration, not prediction" : ""}`, low: one.standardised?.p5, middle: one.standardised?.median, high: one.standardised?.p95,
    colour: names.length > 1 ? "one" : names[0] === "THREONATE" ? "threonate" : "null", chip: gradeChip(one.grade), none: "spread between people not known",
  })));
  if (!rows.some((row) => Number.isFinite(row.middle))) {
    return h("p", { class: "soft small" }, "How widely people differ in these endpoints is not known, so that their sizes cannot be set side by side.");
  }
  return forest(rows, { caption: "Difference from placebo on the last day, as a share of the spread between people. Bars: 5th to 95th percentile of the simulated people.", unit: "SD" });
}

export function mountResponses(root, page) {
  const safety = h("div", { class: "safety", role: "alert", "aria-label": "Safety" });
  const pick = h("div", { class: "chips", role: "radiogroup", "aria-label": "Response" });
  const warnings = h("div", { class: "warnings" });
  const about = h("p", { class: "lead" });
  const figures = h("div", { class: "figures" });
  const forestNode = h("figure", { class: "card" });
  const links = h("ul", { class: "plain-list switches" });
  const line = h("p", { class: "small soft" });
  const wait = h("p", { class: "small soft", role: "status" });
  const results = h("section", { class: "results", "aria-label": "Results" }, safety, h("h1", { tabindex: "-1" }, "Responses"),
    h("p", { class: "lead" }, "What magnesium may do beyond magnesium. Every curve stands beside the same people on placebo, and every step carries its grade."),
    pick, about, warnings, wait, forestNode, figures,
    h("section", { class: "card-like" }, h("h2", null, "Links of this answer"), h("p", { class: "soft small" }, "A link is one arrow from cause to effect. Those without support in people are off; you may switch them on to see what they would mean, and the page will say so."), links), line);
  put(root, h("div", { class: "with-form" }, page.form.node, results));
  const cards = new Map();
  const { start } = page.catalogue;
  page.catalogue.start = { ...start, ...WEEKS };
  page.form.update();
  const chosen = () => state.params.response ?? FIRST;
  let last = null;

  const shown = page.catalogue.responses.filter((one) => one.endpoints?.length);
  put(pick, shown.map((one) => {
    const input = h("input", { type: "radio", name: "response", value: one.id, on: { change: () => changeParams({ response: one.id === FIRST ? null : one.id }, { push: true }) } });
    return h("label", { class: "chip" }, input, one.title);
  }));

  function draw() {
    for (const [id, card] of cards) if (!last.endpoints.some((one) => one.id === id)) {
      card.card.stop();
      card.node.remove();
      cards.delete(id);
    }
    for (const endpoint of last.endpoints) {
      if (!cards.has(endpoint.id)) {
        cards.set(endpoint.id, new EndpointCard(endpoint.id));
        figures.append(cards.get(endpoint.id).node);
      }
      cards.get(endpoint.id).draw(endpoint, { band: last.band, query: ask.query });
    }
    fillRows(last.endpoints.map((endpoint) => cards.get(endpoint.id).node));
  }

  function show(answer, query) {
    last = answer;
    page.alive();
    wait.textContent = "";
    safetyList(safety, answer.safety ?? []);
    put(warnings, (answer.warnings ?? []).map((text) => h("p", { class: "warning loud" }, text)));
    about.textContent = answer.responses.find((one) => one.id === chosen())?.plain ?? "";
    page.form.complain([]);
    page.form.update(answer.dose ?? undefined);
    put(forestNode, h("h2", null, "At a glance"), overview(answer));
    put(links, answer.links.map(linkSwitch));
    draw();
    stateLine(line, answer);
    page.provenance(answer.provenance);
    root.dataset.drawn = query;
  }

  const latest = new Latest((query) => get("responses", query), show, (error) => {
    page.trouble(error, results);
    put(wait, h("span", { class: "problem" }, error.message));
  });
  function ask() {
    for (const input of pick.querySelectorAll("input")) input.checked = input.value === chosen();
    const scenario = { ...fullScenario(page.catalogue), endpoints: chosen() };
    ask.query = scenarioQuery(scenario);
    wait.textContent = `Computing: ${sentence(shown.find((one) => one.id === chosen())?.title ?? chosen())} …`;
    latest.want(ask.query);
  }
  const extras = page.extras("responses", (answer) => show(answer, "job"), { measured: false });
  ask();
  return {
    update() {
      page.form.update();
      extras.update();
      ask();
    },
    again: ask,
    redraw: () => last && draw(),
    stop() {
      page.catalogue.start = start;
      extras.stop();
      for (const card of cards.values()) card.card.stop();
    },
  };
}
