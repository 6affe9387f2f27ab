// What moves the answer most: the same people, sorted by one input after another. Asked for when it is opened.

import { get } from "../api.js";
import { h, put, s } from "../dom.js";
import { plain, signed } from "../format.js";

const SHOWN = new Set(["Mg_plasma", "Mg_urine_24h", "Mg_csf_relative"]);

/** A bar from the fifth with the least of an input to the fifth with the most, which has the mark. */
function bar(one, at, middle, colour) {
  const [low, high] = [at(one.low), at(one.high)];
  return s("svg", { viewBox: "0 0 100 12", class: "whisker", "aria-hidden": "true", preserveAspectRatio: "none" },
    s("line", { x1: at(middle), x2: at(middle), y1: 0, y2: 12, class: "zero" }),
    s("line", { x1: low, x2: high, y1: 6, y2: 6, class: `stroke-${colour} reach` }),
    s("line", { x1: high, x2: high, y1: 1.5, y2: 10.5, class: `stroke-${colour} middle` }));
}

function scaleOf(outcome) {
  const ends = outcome.movers.flatMap((one) => [one.low, one.high]).concat(outcome.middle);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const pad = (high - low || 1) * 0.06;
  return (value) => (100 * (value - low + pad)) / (high - low + 2 * pad);
}

function outcomeTable(outcome) {
  const unit = outcome.unit === "1" ? "" : ` ${outcome.unit}`;
  const title = `${outcome.title}${outcome.hypothesis ? `, ${outcome.hypothesis}` : ""}`;
  const colour = { NULL: "null", THREONATE: "threonate" }[outcome.hypothesis] ?? "one";
  if (!outcome.movers.length) return h("div", null, h("h3", null, title), h("p", { class: "soft small" }, "No single input stands out among these people."));
  const at = scaleOf(outcome);
  const rows = outcome.movers.map((one) => h("tr", null,
    h("th", { scope: "row" }, h("span", { class: "mono small" }, one.id), one.note ? h("span", { class: "soft small block" }, one.note.split(/[.;]/)[0]) : null,
      h("span", { class: "soft small block" }, `${plain(one.least)} to ${plain(one.most)} ${one.unit === "1" ? "" : one.unit.replaceAll("_", " ")}`)),
    h("td", { class: "drawn" }, bar(one, at, outcome.middle, colour)),
    h("td", { class: "num" }, `${signed(one.low)} to ${signed(one.high)}`)));
  return h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": `What moves ${title}` },
    h("table", { class: "forest movers" }, h("caption", null, h("span", null, h("b", null, title), ` Change on the last day; median ${signed(outcome.middle)}${unit}.`)),
      h("thead", null, h("tr", null, ["input, least to most", "bar", `change${unit ? ` [${unit.trim()}]` : ""}`].map((text, i) => h("th", { scope: "col", class: i === 2 ? "num" : null }, text)))), h("tbody", null, rows)));
}

/** A part of a page that opens; `query` tells the present question. */
export function moversCard(query) {
  const inside = h("div", { "aria-live": "polite" });
  const node = h("details", { class: "card-like whole movers-card", data: { part: "movers" } }, h("summary", null, "What moves this answer most"), inside);
  let shown = "";
  async function refresh() {
    const wanted = query();
    if (!node.open || !wanted || wanted === shown) return;
    shown = wanted;
    try {
      const answer = await get("movers", wanted);
      if (shown !== wanted) return;
      put(inside, h("p", { class: "small soft" }, answer.caption), h("div", { class: "movers-grid" }, answer.outcomes.filter((one) => SHOWN.has(one.id)).map(outcomeTable)));
      node.dataset.shown = wanted;
    } catch (error) {
      shown = "";
      put(inside, h("p", { class: "small soft" }, error.message));
    }
  }
  node.addEventListener("toggle", refresh);
  return { node, refresh };
}
