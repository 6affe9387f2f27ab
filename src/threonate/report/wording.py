"""The answer in plain sentences; verbs follow the grade, and nothing here advises anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from threonate.report.brain_days import measured_in_nobody
from threonate.report.cohort import View
from threonate.report.compound_dots import absorbed_share, swallowed_mmol
from threonate.report.grading import grade_word
from threonate.report.numbers import direction, interval, plain, signed
from threonate.simulation.scenario import daily_dose
from threonate.units import mg_from_mmol

VERBS = {
    "A": "raises",
    "B": "probably raises",
    "C": "may raise",
    "D": "raises in animals, which says little about people,",
    "E": "is only assumed to raise",
    "N": "was tested and not seen to raise",
    "X": "is contradicted where it is said to raise",
    "U": "is not known to raise",
}
OUTCOMES = {"Mg_plasma": "magnesium in plasma", "Mg_urine_24h": "magnesium in urine"}
PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the answer and how far to trust it."""

    text: str
    grade: str


def name_compound(view: View) -> str:
    """Title of the compound in question, or what was done instead of swallowing one."""
    record = view.catalogue.compounds.get(view.main.compound)
    if record is not None and view.main.compound != "diet":
        return record.title
    return "Magnesium sulfate into the vein" if view.scenario.get("iv_mgso4_g") else "Food alone"


def title_of(view: View) -> str:
    """Heading of the report."""
    taken = daily_dose(view.result.scenario, view.catalogue)
    amount = f", {plain(taken[1].compound.mg, 4)} mg a day" if taken else ""
    return f"{name_compound(view)}{amount}, {view.days} day{'s' if view.days > 1 else ''}"


def question_of(view: View) -> str:
    """The question that was simulated, in one sentence."""
    scenario = view.scenario
    daily = daily_dose(view.result.scenario, view.catalogue)
    taken = []
    if daily:
        product, dose = daily
        name = product.compound.title
        portions = scenario["doses_per_day"]
        times = "in one portion" if portions == 1 else f"in {portions} portions"
        taken.append(
            f"takes {plain(dose.compound.mg, 4)} mg of {name[0].lower()}{name[1:]} a day "
            f"({plain(dose.by_label.mg)} mg magnesium) {times} {scenario['meals']} meals"
        )
    if scenario.get("iv_mgso4_g"):
        taken.append(
            f"receives {scenario['iv_mgso4_g']:g} g magnesium sulfate heptahydrate into a vein on the first day"
        )
    doing = " and ".join(taken) or "takes no supplement"
    rivals = len(view.groups) - 1
    compare = f", compared with {rivals} other compound{'s' if rivals > 1 else ''}" if rivals else ""
    return f"What happens to magnesium in the body of {_person(scenario)} who {doing} for {_days(view)}{compare}?"


def _days(view: View) -> str:
    return "one day" if view.days == 1 else f"{view.days} days"


def _person(scenario: Mapping[str, Any]) -> str:
    sex = {"female": "a woman", "male": "a man"}.get(str(scenario.get("sex")), "an adult")
    if (scenario.get("age") or 0) < 18:
        sex = "a young person"
    traits = [f"of {scenario['age']:g} years"] if scenario.get("age") is not None else []
    if scenario.get("egfr") is not None:
        traits.append(f"with an eGFR of {scenario['egfr']:g} mL/min/1.73 m\u00b2")
    if scenario.get("conditions"):
        traits.append("with " + ", ".join(str(name).replace("_", " ") for name in scenario["conditions"]))
    return " ".join([sex, *traits])


def answer_of(view: View, observables: Mapping[str, Any]) -> list[Statement]:
    """What came out, one statement per sentence; the brain under each hypothesis, never averaged."""
    share, amount = absorbed_share(view), swallowed_mmol(view.main)
    grade = observables.get("Mg_absorbed_24h", {}).get("grade", "U")
    statements = [_absorption(view, share, amount, grade)] if share["median"] is not None else []
    cause = "Extra magnesium" if amount > 0 else "This diet"
    statements += [_outcome(view, cause, name, observables[name]) for name in OUTCOMES if name in observables]
    if "hypotheses" in observables.get("Mg_csf_relative", {}):
        statements.append(_brain(view, observables["Mg_csf_relative"]["hypotheses"]))
    return statements


def _absorption(view: View, share: Mapping[str, float | None], amount: float, grade: str) -> Statement:
    text = (
        f"Of {plain(amount)} mmol ({plain(mg_from_mmol(amount))} mg) supplementary magnesium swallowed "
        f"in {_days(view)}, "
        f"the model absorbs {interval(share)} %; the rest leaves with the faeces or is still in the gut."
    )
    return Statement(text, grade_word(view.catalogue, grade).word)


def _outcome(view: View, cause: str, name: str, entry: Mapping[str, Any]) -> Statement:
    unit = {"mmol/d": "mmol per day"}.get(entry["unit"], entry["unit"])
    change, way = entry["change"], direction(entry["change"])
    levels = f"from {plain(entry['baseline']['median'])} to {plain(entry['last_day_mean']['median'])} {unit}"
    if way == "rises":
        opening = f"{cause} {VERBS[entry['grade']]} {OUTCOMES[name]}; in the model it goes"
    elif way == "falls":
        opening = f"In the model {OUTCOMES[name]} falls"
    else:
        opening = f"In the model {OUTCOMES[name]} shows no clear change; its median goes"
    text = f"{opening} {levels}, a change of {interval(change, change=True)} {unit} on the last day."
    return Statement(
        text + _peak(view, entry, unit) + _size(view, name, entry), grade_word(view.catalogue, entry["grade"]).word
    )


def _peak(view: View, entry: Mapping[str, Any], unit: str) -> str:
    """The greatest value, which is what matters after an infusion."""
    return f" The highest value is {interval(entry['max'])} {unit}." if view.scenario.get("iv_mgso4_g") else ""


def _size(view: View, name: str, entry: Mapping[str, Any]) -> str:
    """Whether one person's blood sample could show it."""
    base, change = entry["baseline"], entry["change"]["median"]
    if (
        name != "Mg_plasma"
        or view.people < 2
        or view.scenario.get("iv_mgso4_g")
        or change is None
        or base["p5"] is None
        or base["p95"] is None
    ):
        return ""
    if abs(change) < (base["p95"] - base["p5"]) / 2:
        return " People differ from one another by more than that, so a single blood test cannot show it."
    return ""


def _brain(view: View, hypotheses: Mapping[str, Any]) -> Statement:
    nobody = measured_in_nobody(view)
    known = (
        "Whether the brain gains magnesium is unknown: there is no human measurement"
        if nobody
        else "Magnesium in the brain is modelled here, not measured"
    )
    spans = {name: _span(numbers["change"]) for name, numbers in hypotheses.items()}
    parts = [f"under {name.upper()} the modelled CSF magnesium changes by {span}" for name, span in spans.items()]
    end = ""
    if len(parts) > 1 and not nobody and len(set(spans.values())) == 1:
        parts, end = parts[:1], ", and as no threonate is given, by the same under THREONATE"
    elif len(parts) > 1:
        end = "; these are two hypotheses, at most one is right, and no average of them means anything"
    words = [f"{name.upper()}: {grade_word(view.catalogue, item['grade']).word}" for name, item in hypotheses.items()]
    return Statement(f"{known}; {', '.join(parts)}{end}.", "; ".join(words))


def _span(change: Mapping[str, float | None]) -> str:
    """The interval of a relative change in %, never its median alone."""
    low, high = ((change[limit] or 0.0) * PERCENT for limit in ("p5", "p95"))
    return f"{signed(low)} to {signed(high)} %" if low != high else f"{signed(low)} %"


def dose_rows(view: View) -> list[tuple[str, str, str]]:
    """The dose of one full day said three ways, by label and by formula: (what, by label, by formula)."""
    taken = daily_dose(view.result.scenario, view.catalogue)
    if taken is None:
        return []
    product, dose = taken
    label = product.printed_mg_per_g
    mass = f"{plain(dose.compound.mg, 4)} mg a day"
    printed, formula = dose.by_label, dose.by_formula
    rows = [
        ("magnesium in it (elemental)", "mg a day", printed.mg, formula.mg),
        ("amount of magnesium", "mmol a day", printed.millimole.value, formula.millimole.value),
        ("magnesium per gram of compound", "mg per g", label, product.formula_mg_per_g),
    ]
    return [
        ("mass of the compound", mass, mass),
        *(
            (what, f"{plain(one)} {unit}" if label else "not known", f"{plain(two)} {unit}")
            for what, unit, one, two in rows
        ),
    ]


def dose_note(view: View) -> str:
    """Which of the two contents the run used."""
    taken = daily_dose(view.result.scenario, view.catalogue)
    if taken is None:
        return ""
    product, dose = taken
    amounts = (
        f"{plain(dose.by_label.mg)} mg magnesium, {plain(dose.amount.value)} mmol ({plain(dose.charge.value)} mEq)"
    )
    return f"The run uses the {product.content_from} value: {amounts} a day."
