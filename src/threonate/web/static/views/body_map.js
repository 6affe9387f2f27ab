// Where the swallowed magnesium went, day by day.

import { get, Latest } from "../api.js";
import { safetyList, stateLine } from "../answer.js";
import { BodyPicture, percent } from "../body.js";
import { fresh, h, put } from "../dom.js";
import { exportLinks, gradeChip, lazy, sourceList } from "../figure.js";
import { plain } from "../format.js";
import { fullQuery, mgPerMmol } from "../question.js";
import { changeParams, state } from "../state.js";
import { sankey } from "../svg.js";

const TONES = { urine: "tone-urine", faeces: "tone-faeces", gut: "tone-gut", plasma: "tone-plasma", muscle: "tone-muscle", bone: "tone-bone", red_cells: "tone-red", not_absorbed: "tone-faeces", absorbed: "tone-plasma" };

export function mountBody(root, page) {
  const safety = h("div", { class: "safety", role: "alert", "aria-label": "Safety" });
  const sliderId = fresh("day");
  const slider = h("input", { type: "range", id: sliderId, min: 0, max: 1, step: 1, value: 0 });
  const play = h("button", { type: "button" }, "Play");
  const dayText = h("output", { for: sliderId });
  const picture = h("div");
  const flows = h("div", { class: "flows" });
  const words = h("figcaption");
  const chip = h("span");
  const brain = h("div", { class: "brain-note" });
  const line = h("p", { class: "small soft" });
  let answer = null;
  let drawnFor = "";
  let map = null;
  let timer = null;
  const files = h("span", { class: "files" });
  const table = lazy("Data table", () => dataTable(answer));
  const sources = lazy("Evidence and sources", () => [answer.grade ? h("p", null, h("b", null, `${answer.grade.word}. `), answer.grade.sentence) : null, sourceList(answer.sources)]);
  const card = h("figure", { class: "card whole", id: "figure-body" }, h("header", null, h("h2", null, "Where the extra magnesium is"), chip),
    h("div", { class: "time" }, play, h("label", { for: sliderId }, "Day"), slider, dayText), picture, words, h("div", { class: "under" }, table.node, sources.node, files));
  const flowCard = h("figure", { class: "card whole", id: "figure-flows" }, h("header", null, h("h2", null, "From the capsule to every place")), h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": "Flows" }, flows),
    h("figcaption", null, "Bands are as wide as the amounts, up to the chosen day, in mmol of magnesium; means over people."));
  const results = h("section", { class: "results", "aria-label": "Results" }, safety, h("h1", { tabindex: "-1" }, "Body map"),
    h("p", { class: "lead" }, "Follow what was swallowed. Amounts are what would not be there without the supplement."), h("div", { class: "figures" }, card, brain, flowCard), line);
  put(root, h("div", { class: "with-form" }, page.form.node, results));

  function dataTable(given) {
    return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Amounts in each place" }, h("table", null, h("caption", null, "Extra magnesium in each place [mmol], mean over people"),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "day"), given.places.map((place) => h("th", { scope: "col", class: "num" }, place.title)))),
      h("tbody", null, given.days.map((day, i) => h("tr", null, h("th", { scope: "row" }, String(day)), given.places.map((place) => h("td", { class: "num" }, plain(place.mean[i]))))))));
  }

  function drawDay() {
    const i = Number(slider.value);
    const swallowed = answer.swallowed.mean[i];
    const factor = mgPerMmol(answer.dose);
    const amounts = new Map(answer.places.map((place) => {
      const mean = place.mean[i];
      const share = swallowed > 0 ? mean / swallowed : 0;
      const text = `${plain(mean)} mmol${factor ? ` (${plain(mean * factor)} mg)` : ""}`;
      const low = place.band?.low[i];
      const note = `${percent(share)} of what was swallowed${low === null || low === undefined ? "" : `; people: ${plain(low)} to ${plain(place.band.high[i])}`}`;
      return [place.id, { share, text, note }];
    }));
    const most = answer.places.reduce((best, place) => (place.mean[i] > best.mean[i] ? place : best));
    const sentence = swallowed > 0
      ? `By the end of day ${answer.days[i] + 1}, ${plain(swallowed)} mmol have been swallowed; the largest part, ${percent(most.mean[i] / swallowed)}, is in: ${most.title}.`
      : "Nothing has been swallowed yet.";
    map.show(amounts, sentence);
    words.replaceChildren(sentence, h("span", { class: "meaning" }, answer.caption ?? ""));
    dayText.textContent = `${answer.days[i] + 1} of ${answer.days.at(-1) + 1}`;
    slider.setAttribute("aria-valuetext", `day ${answer.days[i] + 1}`);
    const names = new Map([...answer.places.map((place) => [place.id, place.title]), ["gut", "into the gut"], ["plasma", "absorbed"]]);
    const moved = answer.flows.map((flow) => ({ from: flow.from, to: flow.to, amount: flow.mmol[i] }));
    for (const place of answer.places.filter((one) => moved.some((flow) => flow.from === one.id))) {
      names.set(`${place.id}_now`, place.title);
      moved.push({ from: place.id, to: `${place.id}_now`, amount: place.mean[i] });
    }
    put(flows, sankey(moved, {
      names: (id) => names.get(id) ?? id.replaceAll("_", " "), tone: (id) => TONES[id.replace("_now", "")] ?? "tone-other", unit: "mmol", label: sentence,
    }));
  }

  function drawBrain() {
    const last = answer.days.length - 1;
    const rows = answer.brain.map((one) => {
      const [middle, low, high] = ["median", "low", "high"].map((key) => one.umol[key]?.[last] ?? one.umol[key]);
      const kind = one.hypothesis.toUpperCase();
      return h("div", { class: `brain-kind kind-${kind.toLowerCase()}` }, h("h3", null, kind), h("p", { class: "big" }, `${plain(middle)} µmol`), h("p", { class: "soft small" }, low === null || low === undefined ? "" : `people: ${plain(low)} to ${plain(high)} µmol`));
    });
    put(brain, h("h2", null, "And the brain?"), h("p", null, "Extra magnesium in brain fluid and CSF on the last day, once under each hypothesis. At most one is right; nobody has measured it in people."), h("div", { class: "side-by-side" }, rows));
    brain.hidden = !rows.length;
  }

  function show(given, query) {
    answer = given;
    page.alive();
    safetyList(safety, given.safety ?? []);
    page.form.complain([]);
    page.form.update(given.dose ?? undefined);
    const places = given.places.map((place) => place.id).join();
    if (places !== drawnFor) {
      drawnFor = places;
      map = new BodyPicture(given.places);
      put(picture, map.node);
    }
    slider.max = given.days.length - 1;
    const wanted = state.params.day === undefined ? given.days.length - 1 : Number(state.params.day);
    slider.value = Math.min(wanted, given.days.length - 1);
    put(chip, gradeChip(given.grade, () => { sources.node.open = !sources.node.open; }));
    put(files, exportLinks("body_map", query === "job" ? fullQuery(page.catalogue) : query, "mmol"));
    drawDay();
    drawBrain();
    table.refresh();
    stateLine(line, given);
    page.provenance(given.provenance);
    root.dataset.drawn = query;
  }

  slider.addEventListener("input", () => {
    changeParams({ day: slider.value }, { quiet: true });
    drawDay();
  });
  play.addEventListener("click", () => {
    if (timer) return halt();
    if (Number(slider.value) >= Number(slider.max)) slider.value = 0;
    play.textContent = "Pause";
    timer = setInterval(() => {
      if (Number(slider.value) >= Number(slider.max)) return halt();
      slider.value = Number(slider.value) + 1;
      drawDay();
    }, matchMedia("(prefers-reduced-motion: reduce)").matches ? 900 : 350);
  });
  function halt() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    changeParams({ day: slider.value }, { quiet: true });
  }

  const latest = new Latest((query) => get("body_map", query), show, (error) => page.trouble(error, results));
  const ask = () => latest.want(fullQuery(page.catalogue));
  const extras = page.extras("body_map", (given) => show(given, "job"), { measured: false });
  ask();
  return {
    update(what) {
      page.form.update();
      extras.update();
      if (what !== "params") ask();
    },
    again: ask,
    stop() {
      clearInterval(timer);
      extras.stop();
    },
  };
}
