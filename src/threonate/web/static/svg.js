// Small pictures of our own: intervals of a forest, evidence bars, flows.

import { h, s } from "./dom.js";
import { plain, signed } from "./format.js";

/** Scale that holds every interval and zero. */
function span(rows) {
  const ends = rows.flatMap((row) => [row.low, row.middle, row.high]).filter(Number.isFinite);
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const pad = (high - low || 1) * 0.06;
  return (value) => (100 * (value - low + pad)) / (high - low + 2 * pad);
}

function whisker(row, at) {
  const low = at(row.low ?? row.middle);
  const high = at(row.high ?? row.middle);
  return s("svg", { viewBox: "0 0 100 12", class: "whisker", "aria-hidden": "true", preserveAspectRatio: "none" },
    s("line", { x1: at(0), x2: at(0), y1: 0, y2: 12, class: "zero" }),
    s("line", { x1: low, x2: high, y1: 6, y2: 6, class: `stroke-${row.colour} reach` }),
    s("line", { x1: at(row.middle), x2: at(row.middle), y1: 1.5, y2: 10.5, class: `stroke-${row.colour} middle` }));
}

/**
 * A forest: one line of the table for each row {title, note, low, middle, high, colour, chip}.
 * Rows without a number say so; the table is its own text alternative.
 */
export function forest(rows, { caption, unit = "", heading = "" }) {
  const known = rows.filter((row) => Number.isFinite(row.middle));
  const at = span(known);
  const body = rows.map((row) => h("tr", null,
    h("th", { scope: "row" }, row.title, row.note ? h("span", { class: "soft small block" }, row.note) : null),
    h("td", { class: "drawn" }, Number.isFinite(row.middle) ? whisker(row, at) : null),
    h("td", { class: "num" }, Number.isFinite(row.middle) ? `${signed(row.middle)}${row.low === row.high ? "" : ` (${signed(row.low)} to ${signed(row.high)})`}` : h("span", { class: "soft" }, row.none ?? "no size known")),
    h("td", null, row.chip)));
  return h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { class: "forest" }, h("caption", null, caption),
      h("thead", null, h("tr", null, [heading || "endpoint", "interval", `size${unit ? ` [${unit}]` : ""}`, "evidence"].map((text, i) => h("th", { scope: "col", class: i === 2 ? "num" : null }, text)))),
      h("tbody", null, body)));
}

/** Counts as bars: [{title, count, tone, sentence, press}]. */
export function evidenceBars(items, caption) {
  const most = Math.max(1, ...items.map((one) => one.count));
  const bar = (one) => s("svg", { viewBox: "0 0 100 8", class: "bar", "aria-hidden": "true", preserveAspectRatio: "none" },
    s("rect", { x: 0, y: 0, height: 8, width: (100 * one.count) / most, class: `tone-${one.tone}` }));
  return h("table", { class: "bars" }, h("caption", { class: "unseen" }, caption),
    h("thead", { class: "unseen" }, h("tr", null, ["verdict", "share", "count"].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", null, items.map((one) => h("tr", null,
      h("th", { scope: "row" }, one.press ? h("button", { type: "button", class: "quiet", "aria-pressed": String(Boolean(one.pressed)), on: { click: one.press } }, one.title) : one.title),
      h("td", { class: "drawn" }, bar(one)), h("td", { class: "num" }, String(one.count))))));
}

function depths(flows) {
  const depth = new Map();
  for (const { from } of flows) depth.set(from, 0);
  for (let round = 0; round < flows.length; round += 1) {
    for (const { from, to } of flows) depth.set(to, Math.max(depth.get(to) ?? 0, (depth.get(from) ?? 0) + 1));
  }
  return depth;
}

function heightsOf(flows) {
  const into = new Map();
  const out = new Map();
  for (const { from, to, amount } of flows) {
    out.set(from, (out.get(from) ?? 0) + amount);
    into.set(to, (into.get(to) ?? 0) + amount);
  }
  return (id) => Math.max(into.get(id) ?? 0, out.get(id) ?? 0);
}

/** Flows as bands: flows [{from, to, amount}], names: id -> title, colours: id -> class. */
export function sankey(flows, { names, tone, unit, label: said }) {
  const narrow = matchMedia("(max-width: 40rem)").matches;
  const [WIDTH, LABELS] = narrow ? [420, 182] : [760, 236];
  const HEIGHT = 360;
  const GAP = narrow ? 40 : 26;
  const shown = flows.filter((flow) => flow.amount > 0);
  if (!shown.length) return h("p", { class: "soft" }, "Nothing has moved yet on this day.");
  const depth = depths(shown);
  const columns = [];
  for (const [id, at] of depth) (columns[at] ??= []).push(id);
  const amount = heightsOf(shown);
  const most = Math.max(...columns.map((ids) => ids.reduce((sum, id) => sum + amount(id), 0)));
  const longest = Math.max(...columns.map((ids) => ids.length));
  const scale = (HEIGHT - GAP * longest) / most;
  const place = new Map();
  columns.forEach((ids, column) => {
    let y = GAP;
    for (const id of ids) {
      const tall = Math.max(1, amount(id) * scale);
      place.set(id, { x: 4 + (column * (WIDTH - LABELS)) / Math.max(1, columns.length - 1), y, tall, out: y, into: y });
      y += tall + GAP;
    }
  });
  const byPlace = [...shown].sort((one, two) => place.get(one.to).y - place.get(two.to).y);
  const lowest = Math.max(...[...place.values()].map((one) => one.y + one.tall));
  const bands = byPlace.map(({ from, to, amount: size }) => {
    const one = place.get(from);
    const two = place.get(to);
    const tall = Math.max(0.8, size * scale);
    const [x1, x2] = [one.x + 12, two.x];
    const middle = (x1 + x2) / 2;
    const path = `M${x1} ${one.out}C${middle} ${one.out} ${middle} ${two.into} ${x2} ${two.into}V${two.into + tall}C${middle} ${two.into + tall} ${middle} ${one.out + tall} ${x1} ${one.out + tall}Z`;
    one.out += tall;
    two.into += tall;
    return s("path", { d: path, class: `flow ${tone(to)}` }, s("title", null, `${names(from)} to ${names(to)}: ${plain(size)} ${unit}`));
  });
  /** Name and amount, below each other where there is little room. */
  const label = (name, size, [x, y], last) => (narrow
    ? s("text", { x, y: last ? y - 6 : y - 13 }, s("tspan", null, name), s("tspan", { x, dy: 14 }, size))
    : s("text", { x, y }, `${name} ${size}`));
  const bars = [...place].map(([id, at]) => {
    const last = depth.get(id) === columns.length - 1;
    return s("g", null, s("rect", { x: at.x, y: at.y, width: 12, height: at.tall, rx: 2, class: `node ${tone(id)}` }),
      label(names(id), plain(amount(id)), last ? [at.x + 20, at.y + Math.max(at.tall / 2, 4) + 4] : [at.x, at.y - 9], last));
  });
  return s("svg", { viewBox: `0 0 ${WIDTH} ${Math.ceil(lowest) + 16}`, class: `sankey${narrow ? " narrow" : ""}`, role: "img", "aria-label": said }, bands, bars);
}
