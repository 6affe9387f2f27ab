// Time courses: median lines with bands, on canvas by uPlot.

import uPlot from "./vendor/uPlot/uPlot.esm.js";
import { h, ink, s } from "./dom.js";
import { plain } from "./format.js";

const DASH = { solid: [], dashed: [7, 4], dotted: [2, 3], "dash-dot": [8, 3, 2, 3] };
/** Steps between ticks that people count in. */
const TICKS = { h: [1, 2, 3, 4, 6, 12, 24, 48, 72, 96, 168], d: [1, 2, 5, 7, 14, 28, 56, 84, 168, 364] };
const live = new Set();

/** How a series looks: {colour: name in the style sheet, dash, width}. */
export function strokeSample(look) {
  const line = s("line", { x1: 1, x2: 30, y1: 7, y2: 7, "stroke-width": 2.4, class: `stroke-${look.colour}`, "stroke-dasharray": DASH[look.dash].join(" ") || null });
  const band = look.band === false ? null : s("rect", { x: 0, y: 1, width: 31, height: 12, rx: 2, class: `fill-${look.colour}-band` });
  return s("svg", { viewBox: "0 0 31 14", "aria-hidden": "true" }, band, line);
}

function columns(series) {
  const tables = series.map((one) => [one.x, one.low ?? one.median, one.high ?? one.median, one.median]);
  const same = tables.every(([x]) => x.length === tables[0][0].length && x.every((value, i) => value === tables[0][0][i]));
  if (!same) return uPlot.join(tables);
  return [tables[0][0], ...tables.flatMap(([, ...rest]) => rest)];
}

function seriesOptions(series) {
  return series.flatMap((one) => {
    const { colour, dash, width = 2.2 } = one.look;
    const edge = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: true };
    const alone = one.x.length < 2;
    const points = alone ? { show: true, size: 8, fill: ink(colour) } : { show: false };
    return [edge, edge, { label: one.title, stroke: ink(colour), width, dash: DASH[dash], points, spanGaps: true }];
  });
}

function bandFill(look) {
  if (look.band === false) return "transparent";
  const fill = ink(`${look.colour}-band`);
  return look.faint ? fill.replace(/\/\s*0?\.\d+/, "/ 0.07") : fill;
}

function bandOptions(series) {
  return series
    .map((one, i) => ({ series: [2 + 3 * i, 1 + 3 * i], fill: bandFill(one.look) }));
}

function axis(title, grid, size, more = {}) {
  return {
    label: title, labelSize: 18, labelFont: "12px system-ui, sans-serif", font: "12px system-ui, sans-serif", size,
    stroke: ink("soft"), grid: { stroke: grid ? ink("grid") : "transparent", width: 1 }, ticks: { stroke: ink("line"), width: 1, size: 4 }, ...more,
  };
}

function drawUnder(u, spec) {
  const { left, top, width, height } = u.bbox;
  const { ctx } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  if (spec.reference) {
    const high = u.valToPos(spec.reference.high ?? u.scales.y.max, "y", true);
    const low = u.valToPos(spec.reference.low ?? u.scales.y.min, "y", true);
    ctx.fillStyle = ink("normal");
    ctx.fillRect(left, high, width, low - high);
  }
  ctx.strokeStyle = ink("strong-line");
  ctx.lineWidth = devicePixelRatio;
  if (u.scales.y.min < 0 && u.scales.y.max > 0) {
    const zero = u.valToPos(0, "y", true);
    ctx.beginPath();
    ctx.moveTo(left, zero);
    ctx.lineTo(left + width, zero);
    ctx.stroke();
  }
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const x of spec.marks ?? []) {
    const at = u.valToPos(x, "x", true);
    ctx.beginPath();
    ctx.moveTo(at, top + height);
    ctx.lineTo(at, top + height - 10 * devicePixelRatio);
    ctx.stroke();
  }
  ctx.restore();
}

function drawMeasured(u, points) {
  if (!points?.length) return;
  const { ctx } = u;
  const px = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = ink("data");
  ctx.fillStyle = ink("card");
  ctx.lineWidth = 1.5 * px;
  for (const point of points) {
    const x = u.valToPos(point.x, "x", true);
    const at = (value) => u.valToPos(value, "y", true);
    if (point.low !== null && point.low !== undefined && point.high !== null && point.high !== undefined) {
      ctx.beginPath();
      ctx.moveTo(x, at(point.low));
      ctx.lineTo(x, at(point.high));
      ctx.stroke();
    }
    ctx.beginPath();
    ctx.arc(x, at(point.value), 4 * px, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

function reach(spec) {
  let low = Infinity;
  let high = -Infinity;
  const see = (value) => {
    if (value === null || value === undefined) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const one of spec.series) for (const values of [one.low, one.high, one.median]) values?.forEach(see);
  for (const point of spec.measured ?? []) [point.low, point.value, point.high].forEach(see);
  if (spec.zero) see(0);
  if (spec.range) spec.range.forEach(see);
  if (!Number.isFinite(low)) return [0, 1];
  const pad = (high - low || Math.abs(high) || 1) * 0.08;
  return [low >= 0 && low - pad < 0 ? 0 : low - pad, high + pad];
}

/**
 * A panel. spec: {x: {name, unit}, y: {name, unit}, series: [{title, x, median, low, high, look}],
 * reference, marks, measured: [{x, low, value, high}], zero, range, height}.
 */
export class Lines {
  #plot = null;
  #shape = "";
  #width = 0; // as the observer saw it: to ask the element would lay out the page anew for every panel

  constructor(readout) {
    this.node = h("div", { class: "plot" });
    this.readout = readout;
    this.watch = new ResizeObserver(() => this.#fit());
    this.watch.observe(this.node);
    live.add(this);
  }

  draw(spec) {
    this.spec = spec;
    if (!spec.series.length || !this.#width) return;
    const shape = JSON.stringify([spec.series.map((one) => [one.look, one.x.length < 2]), spec.x, spec.y]);
    if (this.#plot && shape === this.#shape) {
      this.#plot.setData(columns(spec.series));
      return;
    }
    this.#shape = shape;
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(spec), columns(spec.series), this.node);
  }

  redraw() {
    this.#shape = "";
    if (this.spec) this.draw(this.spec);
  }

  stop() {
    this.watch.disconnect();
    this.#plot?.destroy();
    live.delete(this);
  }

  #fit() {
    this.#width = this.node.clientWidth;
    if (!this.spec) return;
    if (!this.#plot) this.draw(this.spec);
    else if (this.#width && this.#plot.width !== this.#width) this.#plot.setSize({ width: this.#width, height: this.#plot.height });
  }

  #options(spec) {
    const name = (one) => (one.unit && one.unit !== "1" && one.unit !== "d" ? `${one.name} [${one.unit}]` : one.name);
    return {
      width: this.#width, height: spec.height ?? 240, legend: { show: false }, padding: [10, 14, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { size: 7 }, y: false },
      scales: { x: { time: false }, y: { range: () => reach(this.spec) } },
      axes: [
        axis(name(spec.x), false, 34, TICKS[spec.x.unit] ? { incrs: TICKS[spec.x.unit] } : {}),
        axis(spec.y.name.length > 20 && spec.y.unit !== "1" ? spec.y.unit : name(spec.y), true, 58, { values: (u, splits) => splits.map((value) => plain(value, 4)) }),
      ],
      series: [{}, ...seriesOptions(spec.series)],
      bands: bandOptions(spec.series),
      hooks: {
        drawAxes: [(u) => drawUnder(u, this.spec)],
        draw: [(u) => drawMeasured(u, this.spec.measured)],
        setCursor: [(u) => this.#read(u)],
      },
    };
  }

  #read(u) {
    if (!this.readout) return;
    const { idx } = u.cursor;
    if (idx === null || idx === undefined) {
      this.readout.textContent = "";
      return;
    }
    const { spec } = this;
    const unit = spec.y.unit === "1" ? "" : ` ${spec.y.unit}`;
    const parts = spec.series.map((one, i) => {
      const [low, high, middle] = [1, 2, 3].map((k) => u.data[3 * i + k][idx]);
      if (middle === null || middle === undefined) return null;
      const span = low === high || low === null ? "" : ` (${plain(low)} to ${plain(high)})`;
      return `${one.short ?? one.title}: ${plain(middle)}${span}${unit}`;
    });
    this.readout.textContent = `${spec.x.name} ${plain(u.data[0][idx], 4)}${spec.x.unit === "h" ? " h" : ""} · ${parts.filter(Boolean).join(" · ")}`;
  }
}

/** Draw every panel anew, in the colours that hold now. */
export function redrawAll() {
  for (const one of live) one.redraw();
}

matchMedia("print").addEventListener("change", redrawAll);
