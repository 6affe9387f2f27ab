// What the server is asked: the start of the catalogue with the address on top.

import { scenarioQuery, state } from "./state.js";

const INSTEAD = { compound_mg: "elemental_mg", elemental_mg: "compound_mg" };
const HOURS = { doses_per_day: "dose_times_h", dose_times_h: "doses_per_day" };

/** Every field that differs from the defaults of the model. */
export function fullScenario(catalogue, scenario = state.scenario) {
  const all = { ...catalogue.start };
  for (const [name, value] of Object.entries(scenario)) {
    const rival = INSTEAD[name] ?? HOURS[name];
    if (rival && !(rival in scenario)) delete all[rival];
    all[name] = value;
  }
  const infused = scenario.iv_mgso4_g && !("compound" in scenario);
  if (all.compound === "none" || infused) {
    if (!("compound_mg" in scenario)) delete all.compound_mg;
    if (!("elemental_mg" in scenario)) delete all.elemental_mg;
  }
  return all;
}

export function fullQuery(catalogue, scenario = state.scenario) {
  return scenarioQuery(fullScenario(catalogue, scenario));
}

/** The value of one field as the form shows it. */
export function valueOf(catalogue, name) {
  return fullScenario(catalogue)[name] ?? catalogue.byName.get(name)?.default ?? "";
}

/** mg of magnesium in a mmol, from the server's own conversion of this dose; null without a dose. */
export function mgPerMmol(dose) {
  return dose && dose.mmol > 0 ? dose.elemental_mg / dose.mmol : null;
}

/** A converter of figures from mmol to mg of magnesium, or null when axes stay as they came. */
export function converter(dose) {
  const factor = mgPerMmol(dose);
  if (state.params.unit !== "elemental_mg" || !factor) return null;
  const scale = (values) => values?.map((value) => (value === null ? null : value * factor));
  return (fig) => {
    if (!fig.y.unit?.startsWith("mmol")) return fig;
    const unit = fig.y.unit.replace("mmol", "mg");
    const reference = fig.reference ? { ...fig.reference, low: times(fig.reference.low, factor), high: times(fig.reference.high, factor) } : null;
    return {
      ...fig, reference, y: { ...fig.y, unit }, max: times(fig.max, factor),
      series: fig.series.map((one) => ({ ...one, median: scale(one.median), low: scale(one.low), high: scale(one.high) })),
    };
  };
}

function times(value, factor) {
  return value === null || value === undefined ? value : value * factor;
}
