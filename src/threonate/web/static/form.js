// Who, what, how long. The form writes the address; the server says what is wrong.

import { fresh, h, put, putNew } from "./dom.js";
import { plain, sentence } from "./format.js";
import { valueOf } from "./question.js";
import { changeParams, changeScenario, replaceScenario, state } from "./state.js";

const SLIDERS = {
  compound_mg: [0, 4000, 50], elemental_mg: [0, 800, 5], mmol: [0, 33, 0.1], age: [18, 95, 1], weight_kg: [35, 160, 1], egfr: [5, 130, 1],
  dietary_mg: [80, 700, 5], days: [1, 56, 1], titrate_days: [0, 28, 1], missed_dose_share: [0, 1, 0.05], transfer_probability: [0, 1, 0.05],
  serum_mmol_per_l: [0.4, 1.2, 0.01],
};
const REST = { weight_kg: 75, egfr: 100, dietary_mg: 330, serum_mmol_per_l: 0.85 };
const NAMES = {
  age: "Age", sex: "Sex", weight_kg: "Body weight", egfr: "Kidney function (eGFR)", dietary_mg: "Magnesium in food", serum_mmol_per_l: "Measured serum magnesium",
  compound: "Compound", doses_per_day: "Portions a day", meals: "Meals", days: "Days on the regimen", titrate_days: "Days of stepwise rise", run_in_days: "Days before, on diet alone",
  washout_days: "Days after, on diet alone", missed_dose_share: "Forgotten portions", label_mg_per_g: "Content printed on the label", iv_mgso4_g: "Magnesium sulfate into a vein",
  iv_minutes: "Length of the infusion", phytate_mmol_per_meal: "Phytate in each meal", circadian_amplitude: "Daily swing of the kidney", population: "Population",
  subjects: "People simulated", seed: "Seed", uncertainty: "Parameter uncertainty drawn", transfer_probability: "Chance that the rat action exists in people",
  tolerance: "Accuracy of the solver", conditions: "Conditions and medicines", hypothesis: "Hypotheses",
};
const UNITS = { d: "days", h: "hours", min: "minutes", "mg/d": "mg a day", "mL/min/1.73 m2": "mL/min/1.73 m²" };
const CHOICES = { with: "with meals", between: "between meals", any: "any", female: "female", male: "male" };
const WAYS = [["compound_mg", "mg compound"], ["elemental_mg", "mg magnesium"], ["mmol", "mmol"]];
const MORE = ["serum_mmol_per_l", "titrate_days", "missed_dose_share", "label_mg_per_g", "run_in_days", "washout_days", "iv_mgso4_g", "iv_minutes", "phytate_mmol_per_meal", "subjects", "seed", "tolerance", "transfer_probability"];

/** The panel of the scenario. One for the whole page; `update` follows the address and the last answer. */
export class ScenarioForm {
  #fields = new Map();
  #dose = null;

  constructor(catalogue) {
    this.catalogue = catalogue;
    this.general = h("div", { "aria-live": "polite" });
    this.ways = h("p", { class: "ways", id: "dose-ways", "aria-live": "polite" });
    this.extra = h("div");
    this.node = h("form", { class: "panel folded", "aria-label": "Scenario", on: { submit: (event) => event.preventDefault() } },
      this.#fold(), this.#presets(), this.general,
      h("fieldset", null, h("legend", null, "What"), this.#compound(), this.#doseField(), this.#choice("doses_per_day", ["1", "2", "3", "4"]), this.#segments("meals", ["between", "with"])),
      h("fieldset", null, h("legend", null, "How long"), this.#number("days")),
      h("fieldset", null, h("legend", null, "Who"), this.#number("age"), this.#segments("sex", ["any", "female", "male"]), this.#number("weight_kg"), this.#number("egfr"), this.#number("dietary_mg"), this.#conditions()),
      h("details", { class: "more" }, h("summary", null, "More settings"), MORE.map((name) => this.#any(name))),
      this.extra);
    this.update();
  }

  /** On a narrow screen the plot comes first and the form waits behind one button. */
  #fold() {
    const button = h("button", { type: "button", class: "unfold", "aria-expanded": "false" }, "Change the scenario");
    button.addEventListener("click", () => {
      const folded = this.node.classList.toggle("folded");
      button.setAttribute("aria-expanded", String(!folded));
      button.textContent = folded ? "Change the scenario" : "Hide the scenario";
    });
    return button;
  }

  /** Follow the address and, when known, the dose of the last answer. */
  update(dose = this.#dose) {
    this.#dose = dose;
    for (const field of this.#fields.values()) field.show();
    this.#showWays();
  }

  /** Put what the server refused beside its field. */
  complain(problems) {
    const loose = [];
    const beside = new Map();
    for (const one of problems) {
      const name = one.field === "elemental_mg" || one.field === "compound_mg" ? "dose" : one.field;
      if (this.#fields.has(name)) beside.set(name, one);
      else loose.push(one);
    }
    for (const [name, field] of this.#fields) field.complain(beside.get(name));
    put(this.general, loose.map((one) => h("p", { class: "problem", role: "alert" }, told(one))));
    if ([...beside.keys()].some((name) => MORE.includes(name))) this.node.querySelector("details.more").open = true;
  }

  #frame(name, control, inputs, show, label = NAMES[name] ?? sentence(name.replaceAll("_", " "))) {
    const id = fresh("problem");
    const problem = h("p", { class: "problem", id, role: "alert", hidden: true });
    const info = this.catalogue.byName.get(name);
    const unit = info?.unit && !["dose", "doses_per_day"].includes(name) ? h("span", { class: "unit" }, ` ${UNITS[info.unit] ?? info.unit}`) : null;
    const group = inputs.length > 1 && inputs[0].type === "radio";
    const head = group || !inputs[0] ? h("span", { class: "label" }, label, unit) : h("label", { for: inputs[0].id }, label, unit);
    const node = h("div", { class: "field", data: { field: name } }, head, control, problem);
    const complain = (one) => {
      node.classList.toggle("wrong", Boolean(one));
      problem.hidden = !one;
      problem.textContent = one ? told(one) : "";
      for (const input of inputs) {
        if (one) { input.setAttribute("aria-invalid", "true"); input.setAttribute("aria-describedby", id); }
        else { input.removeAttribute("aria-invalid"); input.removeAttribute("aria-describedby"); }
      }
    };
    this.#fields.set(name, { show, complain, node });
    return node;
  }

  #number(name) {
    const info = this.catalogue.byName.get(name);
    const reach = SLIDERS[name];
    const open = info?.default === null || info?.default === undefined;
    const box = h("input", { id: fresh(name), inputmode: "decimal", autocomplete: "off", name, placeholder: open ? "open" : "", title: info?.description });
    box.addEventListener("change", () => changeScenario({ [name]: box.value.trim() }));
    if (!reach) {
      return this.#frame(name, box, [box], () => { if (document.activeElement !== box) box.value = valueOf(this.catalogue, name); });
    }
    const slider = h("input", { type: "range", min: reach[0], max: reach[1], step: reach[2], "aria-label": `${NAMES[name]}, slider`, data: { slider: name } });
    slider.addEventListener("input", () => { box.value = slider.value; changeScenario({ [name]: slider.value }); });
    const show = () => {
      const value = valueOf(this.catalogue, name);
      if (document.activeElement !== box) box.value = value;
      if (document.activeElement !== slider || slider.value !== String(value)) slider.value = value === "" ? REST[name] ?? reach[0] : value;
      slider.setAttribute("aria-valuetext", value === "" ? "open: drawn from the population" : `${value} ${info?.unit ?? ""}`);
    };
    return this.#frame(name, h("div", { class: "pair" }, slider, box), [box, slider], show);
  }

  #choice(name, options) {
    const select = h("select", { id: fresh(name), name }, options.map((one) => h("option", { value: one }, CHOICES[one] ?? one)));
    select.addEventListener("change", () => changeScenario({ [name]: select.value }));
    return this.#frame(name, select, [select], () => {
      const value = String(valueOf(this.catalogue, name));
      if (![...select.options].some((one) => one.value === value)) select.append(h("option", { value }, value));
      select.value = value;
    });
  }

  #segments(name, options) {
    const inputs = options.map((one) => h("input", { type: "radio", name, value: one, on: { change: () => changeScenario({ [name]: one }) } }));
    const control = h("div", { class: "segments", role: "radiogroup", "aria-label": NAMES[name] }, inputs.map((input) => h("label", null, input, CHOICES[input.value] ?? input.value)));
    return this.#frame(name, control, inputs, () => {
      const value = String(valueOf(this.catalogue, name));
      for (const input of inputs) input.checked = input.value === value;
    });
  }

  #any(name) {
    const info = this.catalogue.byName.get(name);
    if (!info) return null;
    return info.choices?.length ? this.#choice(name, info.choices) : this.#number(name);
  }

  #compound() {
    const swallowed = this.catalogue.compounds.filter((one) => one.id !== "diet");
    const select = h("select", { id: fresh("compound"), name: "compound" },
      swallowed.map((one) => h("option", { value: one.id }, one.title)), h("option", { value: "none" }, "None: food alone"));
    select.addEventListener("change", () => {
      const none = select.value === "none";
      changeScenario({ compound: select.value, ...(none ? { compound_mg: null, elemental_mg: null } : this.#keepElemental()) });
    });
    return this.#frame("compound", select, [select], () => {
      const value = String(valueOf(this.catalogue, "compound"));
      if (![...select.options].some((one) => one.value === value)) select.append(h("option", { value }, value));
      select.value = value;
    });
  }

  /** Another compound keeps the magnesium, not the mass of the powder: that is the fair comparison. */
  #keepElemental() {
    if (!this.#dose) return {};
    return { elemental_mg: Number(this.#dose.elemental_mg.toPrecision(4)), compound_mg: null };
  }

  #doseField() {
    const unit = () => state.params.unit ?? "compound_mg";
    const radios = WAYS.map(([id, text]) => {
      const input = h("input", { type: "radio", name: "dose-unit", value: id, on: { change: () => changeParams({ unit: id === "compound_mg" ? null : id }) } });
      return [input, h("label", null, input, text)];
    });
    const box = h("input", { id: fresh("dose"), inputmode: "decimal", autocomplete: "off", name: "dose", "aria-describedby": "dose-ways" });
    const slider = h("input", { type: "range", "aria-label": "Daily dose, slider", data: { slider: "dose" } });
    const enter = (text) => changeScenario(this.#doseFields(unit(), text));
    box.addEventListener("change", () => enter(box.value.trim()));
    slider.addEventListener("input", () => { box.value = slider.value; enter(slider.value); });
    const show = () => {
      for (const [input] of radios) input.checked = input.value === unit();
      const [low, high, step] = SLIDERS[unit()];
      Object.assign(slider, { min: low, max: high, step });
      const given = this.#doseShown(unit());
      if (document.activeElement !== box) box.value = given;
      if (document.activeElement !== slider || Math.abs(Number(slider.value) - Number(given)) > step) slider.value = given || 0;
      const none = valueOf(this.catalogue, "compound") === "none";
      box.disabled = none;
      slider.disabled = none;
      slider.setAttribute("aria-valuetext", `${given || 0} ${WAYS.find(([id]) => id === unit())[1]} a day`);
    };
    const control = [h("div", { class: "pair" }, slider, box), h("div", { class: "segments", role: "radiogroup", "aria-label": "Unit of the dose" }, radios.map(([, label]) => label)), this.ways];
    return this.#frame("dose", control, [box, slider], show, "Dose a day");
  }

  #doseFields(unit, text) {
    if (unit === "compound_mg") return { compound_mg: text, elemental_mg: null };
    const number = Number(text);
    if (unit === "mmol" && this.#dose?.mmol > 0 && Number.isFinite(number)) {
      return { elemental_mg: Number((number * (this.#dose.elemental_mg / this.#dose.mmol)).toPrecision(6)), compound_mg: null };
    }
    return { elemental_mg: text, compound_mg: null };
  }

  #doseShown(unit) {
    const own = valueOf(this.catalogue, unit);
    if (unit !== "mmol" && own !== "" && own !== null) return own;
    if (!this.#dose || valueOf(this.catalogue, "compound") === "none") return "";
    return String(Number(this.#dose[unit].toPrecision(4)));
  }

  #showWays() {
    const dose = this.#dose;
    const none = !dose || valueOf(this.catalogue, "compound") === "none";
    putNew(this.ways, none ? null : dose, () => none ? ["Nothing is swallowed but food."] : [
      h("b", null, `${plain(dose.compound_mg, 4)} mg`), " compound = ", h("b", null, `${plain(dose.elemental_mg, 3)} mg`), " magnesium (elemental) = ",
      h("b", null, `${plain(dose.mmol, 3)} mmol`), " a day",
    ]);
  }

  #conditions() {
    const known = this.catalogue.conditions;
    const chosen = () => new Set(String(valueOf(this.catalogue, "conditions") || "").split(",").filter(Boolean));
    const boxes = known.map((one) => {
      const input = h("input", { type: "checkbox", value: one.id, name: "conditions" });
      input.addEventListener("change", () => {
        const now = chosen();
        now[input.checked ? "add" : "delete"](one.id);
        changeScenario({ conditions: [...now].join(",") });
      });
      return input;
    });
    const box = h("div", { class: "checks" }, boxes.map((input, i) => h("label", { class: "check" }, input, known[i].title)));
    const summary = h("summary");
    const details = h("details", null, summary, box);
    return this.#frame("conditions", details, boxes, () => {
      const now = chosen();
      for (const input of boxes) input.checked = now.has(input.value);
      summary.textContent = now.size ? `${now.size} chosen` : "None chosen; choose";
    });
  }

  #presets() {
    const groups = { people: "People", trials: "Published trials", labels: "Product labels" };
    const select = h("select", { id: fresh("preset"), "aria-label": "Start from a preset" }, h("option", { value: "" }, "Start from a preset …"),
      Object.entries(groups).map(([group, title]) => h("optgroup", { label: title }, this.catalogue.presets.filter((one) => one.group === group).map((one) => h("option", { value: one.id }, one.title)))));
    const about = h("p", { class: "small soft", "aria-live": "polite" });
    select.addEventListener("change", () => {
      const one = this.catalogue.presets.find((preset) => preset.id === select.value);
      if (!one) return;
      about.textContent = one.description ?? "";
      const { start } = this.catalogue;
      replaceScenario(Object.fromEntries([...new URLSearchParams(one.query)].filter(([name, value]) => start[name] !== value)));
      select.value = "";
    });
    return h("div", { class: "field presets" }, select, about);
  }
}

/** One refused value: what was given, what is allowed, what to do. */
export function told(one) {
  const reason = one.reason ?? `${one.field} is ${one.value}; allowed: ${one.allowed}.`;
  return one.remedy && !reason.includes(one.remedy) ? `${reason} ${one.remedy}` : reason;
}
