"""The answer that Explore draws, and what every answer about a scenario carries."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from threonate.evidence import Catalogue
from threonate.keyed import Keyed
from threonate.report.cohort import View, describe_band, subjects_failed
from threonate.report.glance import glance_observables
from threonate.report.grading import endpoint_grade
from threonate.report.numbers import plain
from threonate.report.summary import count_subjects, finding_fields, ordered_findings
from threonate.report.wording import answer_of, question_of, title_of
from threonate.safety.findings import SafetyFinding, plain_disclaimer
from threonate.simulation.glance import SHOWN
from threonate.simulation.run import allowed_hypotheses
from threonate.simulation.scenario import Scenario, check_names, daily_dose
from threonate.web.asking import check_cost, query_of
from threonate.web.desk import Desk
from threonate.web.drawing import figures_of, grade_model
from threonate.web.models import (
    Common,
    Counts,
    Dose,
    Figure,
    Finding,
    Observable,
    Provenance,
    Sentence,
    SimulateAnswer,
    Stat,
)

Told = TypeVar("Told", bound=Common)


def simulate_answer(desk: Desk, scenario: Scenario, *, capped: bool = True) -> SimulateAnswer:
    """What Explore draws for a scenario."""
    named = check_names(scenario.model_copy(update={"endpoints": (), "links": {}, "priors": {}}), desk.catalogue)
    hypotheses = allowed_hypotheses(named, desk.catalogue)
    if capped:
        check_cost([named], len(hypotheses))
    return answered(desk, ("simulate", named.model_dump_json()), lambda: _explore(desk.glance([named])))


def answered(desk: Desk, key: object, make: Callable[[], Told]) -> Told:
    """An answer, made or found, with how long it took this time [ms]."""
    begun = time.perf_counter()
    made, found = desk.answers.get(str(key), lambda: desk.in_turn(make))
    elapsed = round(1e3 * (time.perf_counter() - begun), 2)
    copied: Told = made.model_copy(update={"elapsed_ms": elapsed, "cached": found})
    return copied


def _explore(view: View) -> SimulateAnswer:
    entries = glance_observables(view, SHOWN)
    figures = figures_of(view, entries)
    return SimulateAnswer(
        **common_fields(view, answer_sentences(view, entries), figures),
        figures=figures,
        observables=observable_rows(view, entries),
    )


def answer_sentences(view: View, entries: Mapping[str, Any]) -> list[Sentence]:
    """The answer in plain sentences, whose verbs follow the grade."""
    absorbed = {"Mg_absorbed_24h": {"grade": endpoint_grade(view.catalogue, "Mg_absorbed_24h", "null")}}
    return [Sentence(text=one.text, grade=one.grade) for one in answer_of(view, {**entries, **absorbed})]


def common_fields(view: View, summary: Sequence[Sentence], figures: Mapping[str, Figure]) -> dict[str, Any]:
    """What every answer carries."""
    result = view.result
    return {
        "title": title_of(view),
        "question": question_of(view),
        "query": query_of(result.scenario),
        "scenario": dict(view.scenario),
        "safety": [finding_model(finding) for finding in ordered_findings(result.safety)],
        "dose": dose_of(result.scenario, view.catalogue),
        "summary": list(summary),
        "warnings": list(dict.fromkeys(one.warning for one in figures.values() if one.warning.startswith("What-if"))),
        "subjects": Counts(**count_subjects(view)),
        "lost": [f"subject {subject}: {sentence}" for subject, sentence in subjects_failed(view.main.reference)],
        "band": describe_band(view),
        "sources": list(result.sources),
        "accuracy": result.provenance.get("accuracy_warning", "") or result.provenance.get("accuracy", ""),
        "provenance": provenance_model(view, figures),
        "disclaimer": plain_disclaimer(),
        "elapsed_ms": 0.0,
        "cached": False,
    }


def finding_model(finding: SafetyFinding) -> Finding:
    """A safety finding as it is sent."""
    fields = finding_fields(finding)
    return Finding(**{**fields, "sources": list(fields["sources"])})


def provenance_model(view: View, figures: Mapping[str, Figure]) -> Provenance:
    """Where the numbers came from, and a hash of them as they are sent."""
    record = view.result.provenance
    hashes = _hashes(Keyed((view.catalogue.hash, view.catalogue.chosen), view.catalogue))
    numbers = {name: [one.model_dump_json() for one in figure.series] for name, figure in sorted(figures.items())}
    return Provenance(
        program=record["program"],
        version=record["version"],
        model_hash=hashes.model,
        library_hash=record["library_hash"],
        parameter_hash=hashes.parameters,
        scenario_hash=record["scenario_hash"],
        result_hash=_hash_of(numbers),
        seed=record["seed"],
        tolerance=record.get("tolerance", ""),
        command=record["command"],
        use=record["use"],
    )


@dataclass(frozen=True, slots=True)
class _Hashes:
    """Hashes of the texts and of the numbers that a run is made of."""

    model: str
    parameters: str


@lru_cache(maxsize=16)
def _hashes(catalogue: Keyed[Catalogue]) -> _Hashes:
    texts = sorted((name, module.text) for name, module in catalogue.thing.modules.items())
    rows = sorted(str(row) for row in catalogue.thing.parameters.values())
    return _Hashes(_hash_of(texts), _hash_of(rows))


def _hash_of(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def dose_of(scenario: Scenario, catalogue: Catalogue) -> Dose | None:
    """What is taken on one full day, said three ways."""
    taken = daily_dose(scenario, catalogue)
    if taken is None:
        return None
    product, dose = taken
    compound = product.compound
    return Dose(
        compound=compound.id,
        compound_title=compound.title,
        compound_mg=dose.compound.mg,
        elemental_mg=dose.by_label.mg,
        mmol=dose.amount.value,
        meq=dose.charge.value,
        label_mg_per_g=product.label_mg_per_g or compound.label_mg_per_g,
        formula_mg_per_g=product.formula_mg_per_g,
        sentence=f"{plain(dose.compound.mg, 4)} mg {compound.title} = {plain(dose.by_label.mg)} mg elemental "
        f"magnesium = {plain(dose.amount.value)} mmol a day",
    )


def observable_rows(view: View, entries: Mapping[str, Any]) -> list[Observable]:
    """Rows of the table of outcomes; brain rows once per hypothesis."""
    rows = []
    for name, entry in entries.items():
        record = view.catalogue.endpoints[name]
        told = entry.get("hypotheses", {"": entry})
        for hypothesis, numbers in told.items():
            rows.append(
                Observable(
                    id=name,
                    title=record.title,
                    unit=record.unit,
                    note=record.note,
                    hypothesis=hypothesis.upper(),
                    baseline=Stat(**numbers["baseline"]),
                    last=Stat(**numbers["last_day_mean"]),
                    change=Stat(**numbers["change"]),
                    max=Stat(**numbers["max"]),
                    time_of_max_h=Stat(**numbers["time_of_max_h"]),
                    grade=grade_model(view.catalogue, numbers["grade"]),
                )
            )
    return rows
