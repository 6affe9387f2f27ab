"""A small shelf and stand-ins for everything below the command line."""

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.compounds import compound
from threonate.evidence.records import Catalogue, Endpoint, Finding, GradeWord, Link, Parameter, Source
from threonate.simulation.scenario import Scenario


def statistic(median: float) -> dict[str, float]:
    return {"median": median, "p5": median - 0.01, "p95": median + 0.02}


def five(level: float, change: float) -> dict[str, dict[str, float]]:
    names = ("baseline", "last_day_mean", "max", "time_of_max_h")
    return {"change": statistic(change), **{name: statistic(level) for name in names}}


OBSERVABLES = {
    "Mg_plasma": {"unit": "mmol/L", "grade": "B", **five(0.85, 0.018)},
    "fraction_absorbed": {"unit": "1", "grade": "B", **five(0.3, -0.1)},
    "Mg_csf_relative": {
        "unit": "1",
        "grade": "D",
        "hypotheses": {
            "null": {"grade": "B", **five(1.0, 0.006)},
            "threonate": {"grade": "D", **five(1.0, 0.031)},
        },
    },
}
SUMMARY = {
    "provenance": {"seed": "1"},
    "scenario": {},
    "safety": [{"severity": "caution", "title": "Kidney", "message": "Filtration is low [ask a clinician]."}],
    "subjects": {"simulated": 24, "completed": 23, "failed": 1},
    "observables": OBSERVABLES,
}


@pytest.fixture
def catalogue() -> Catalogue:
    oxide = compound("oxide", "Magnesium oxide", 40.304, formula="MgO", base=True, basis="derived")
    threonate_salt = compound(
        "l_threonate",
        "Magnesium L-threonate",
        294.5,
        formula="C8H14MgO10",
        counter_ion="threonate",
        counter_ions_per_formula=2,
        label_mg_per_g=72.0,
        basis="derived",
        sources=("label_2020",),
        synonyms=("MgT",),
    )
    row = (
        "kidney",
        "T",
        0.5967,
        "mmol_per_L",
        None,
        None,
        0.045,
        0.025,
        "lognormal",
        0.0,
        "fitted",
        "label_2020",
        "LAB1; p. 3",
    )
    human = Parameter(*row, "human", "Threshold.", 3)
    rat = Parameter(*row, "rat", "Threshold of the rat.", 4)
    reading = Finding("LAB1", "content", "72", "mg/g", "", "", "", "", "", "secondary", "", "front")
    how = "The label was read on a photograph."
    label = Source("label_2020", "A label, 2020", "label", "", "", "secondary", how, (reading,))
    plasma = Endpoint("Mg_plasma", "Plasma magnesium", "plasma.C", "mmol/L", "mean", "B", (), False, (), "")
    link = Link("oral_to_csf", "To the CSF", "plasma", "csf", "B", (), True, ("null",), "", (), ("@LAB1",), (), "")
    shelf: dict[str, Any] = {field.name: {} for field in fields(Catalogue)}
    shelf |= {
        "ports": "",
        "hash": "0123456789abcdef",
        "parameters": {("kidney.T", "human"): human, ("kidney.T", "rat"): rat},
        "compounds": {"oxide": oxide, "l_threonate": threonate_salt},
        "conditions": {"ppi": SimpleNamespace()},
        "populations": {"healthy_adult": SimpleNamespace()},
        "links": {"oral_to_csf": link},
        "endpoints": {"Mg_plasma": plasma},
        "sources": {"label_2020": label},
        "grades": {"B": GradeWord("B", "moderate human evidence", ""), "D": GradeWord("D", "animal evidence only", "")},
    }
    return Catalogue(**shelf)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, catalogue: Catalogue) -> list[Any]:
    """What the verbs of the simulation were asked; everything below the command line is a stand-in."""
    calls: list[Any] = []

    def answer(*question: Any, progress: Callable[[int, int], None]) -> SimpleNamespace:
        calls.append(question)
        progress(1, 1)
        return SimpleNamespace(scenario=Scenario(), arms=())

    def write(result: object, catalogue: Catalogue, folder: Path) -> Path:
        (folder / "figures").mkdir(parents=True)
        (folder / "figures" / "plasma.svg").write_text("<svg/>", encoding="utf-8")
        (folder / "summary.json").write_text(json.dumps(SUMMARY), encoding="utf-8")
        (folder / "report.html").write_text("<html/>", encoding="utf-8")
        return folder

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("threonate.evidence.read_catalogue", lambda: catalogue)
    for verb in ("simulate", "compare", "compare_scenarios"):
        monkeypatch.setattr(f"threonate.simulation.{verb}", answer, raising=False)
    monkeypatch.setattr("threonate.report.write_results", write, raising=False)
    monkeypatch.setattr("threonate.report.summarise", lambda result, catalogue: SUMMARY, raising=False)
    return calls


@pytest.fixture
def summary() -> dict[str, Any]:
    """The summary that every stand-in run gives."""
    return SUMMARY
