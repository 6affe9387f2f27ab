// What was measured in people, laid over the simulation. The reader may switch it off.

import { once } from "./api.js";
import { state } from "./state.js";

const ENDPOINTS = { urine: "Mg_urine_24h", plasma: "Mg_plasma", plasma_course: "Mg_plasma" };
const found = new Map();
/** Levels belong on figures of levels; a change from baseline does not. */
const fits = (set) => set.kind !== "change";

/** Points for one figure, or nothing; what was not fetched yet arrives with a redraw. */
export function measuredFor(page, fig, id, convert) {
  const endpoint = ENDPOINTS[id] ?? fig.endpoint;
  const chosen = state.params.data;
  if (!endpoint || !chosen || chosen === "off") return [];
  if (!found.has(endpoint)) {
    found.set(endpoint, []);
    once(`measured?endpoint=${encodeURIComponent(endpoint)}`).then((got) => { found.set(endpoint, got.sets); page.redraw(); }, () => {});
  }
  const sets = found.get(endpoint).filter((one) => fits(one) && (chosen === "on" || one.id === chosen));
  const factor = convert ? convert({ ...fig, max: 1 }).max : 1;
  const scale = (value) => (value === null || value === undefined ? value : value * factor);
  return sets.filter((one) => one.unit === fig.y.unit).flatMap((one) => one.points.map((point) => ({ x: point.x, low: scale(point.low), value: scale(point.value), high: scale(point.high), title: one.title })));
}

/** Which people the points are from: seldom those of the scenario, and the reader must know. */
measuredFor.note = (page, id) => {
  const endpoint = ENDPOINTS[id];
  const sets = (found.get(endpoint) ?? []).filter((one) => fits(one) && (state.params.data === "on" || one.id === state.params.data));
  return sets.length ? `Circles: ${sets.map((one) => `${one.title}${one.population ? `, ${one.population}` : ""}${one.source?.citation ? ` (${one.source.citation})` : ""}`).join("; ")}.` : "";
};
