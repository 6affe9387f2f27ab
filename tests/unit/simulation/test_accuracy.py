"""How accurate a run is: asked for in the scenario, checked, told, and recorded in a study."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from threonate.engine import tolerance_names
from threonate.errors import ResultsError
from threonate.evidence import read_catalogue
from threonate.simulation import Scenario, simulate, study
from threonate.simulation.accuracy import accuracy_of, accuracy_record, study_error
from threonate.simulation.dispatch import Workforce, run_study
from threonate.simulation.run import compare_scenarios
from threonate.simulation.scenario import ToleranceChoice
from threonate.simulation.study import Study

CATALOGUE = read_catalogue()
PEOPLE = Scenario(days=2, run_in_days=1, subjects=8, hypothesis="null")
SERIAL = Workforce("threads", 1)


def test_a_person_meets_the_tolerances_of_the_engine():
    assert get_args(ToleranceChoice) == tolerance_names()


def test_the_check_changes_no_number():
    checked = simulate(PEOPLE, CATALOGUE)
    plain = simulate(PEOPLE.model_copy(update={"spot_check": False}), CATALOGUE)

    for one, other in zip(checked.arms, plain.arms, strict=True):
        assert one.daily.equals(other.daily)
        assert one.course.equals(other.course)
    assert checked.provenance["scenario_hash"] == plain.provenance["scenario_hash"]
    assert checked.provenance["accuracy"].endswith("(spot check of 3 of 8 subjects)")
    assert "accuracy_warning" not in checked.provenance
    assert "accuracy" not in plain.provenance
    assert checked.error is not None
    assert checked.error.kept
    assert "Mg_plasma" in checked.error.observables


def test_a_tighter_tolerance_errs_less():
    errors = [
        simulate(PEOPLE.model_copy(update={"tolerance": name}), CATALOGUE).error for name in ("fast", "reference")
    ]

    assert errors[1].worst < 1e-7 < errors[0].worst < 5e-3


def test_a_broken_promise_is_a_warning():
    error = compare_scenarios([PEOPLE], CATALOGUE).error
    broken = replace(error, errors=(1.0, *error.errors[1:]))

    asked = accuracy_of(PEOPLE)
    record = accuracy_record(asked, broken)
    assert record["accuracy_warning"].startswith(
        f"The error of {error.observables[0]} is 1e+00; the tolerance promises"
    )
    assert "accuracy_warning" not in accuracy_record(asked, error)


def test_a_study_adds_its_checks_up(tmp_path):
    asked = Study((PEOPLE,), partition_size=3)
    silent = Study((PEOPLE.model_copy(update={"spot_check": False}),), partition_size=3)
    checked = run_study(asked, CATALOGUE, tmp_path / "checked", workforce=SERIAL)
    plain = run_study(silent, CATALOGUE, tmp_path / "plain", workforce=SERIAL)

    found = study_error(checked.receipts)
    assert found is not None
    assert found.sentence.endswith("(spot check of 3 of 8 subjects)")
    assert study_error(plain.receipts) is None
    assert checked.content == plain.content


def test_another_processor_is_refused(tmp_path, monkeypatch):
    asked = Study((PEOPLE,), partition_size=8)
    run_study(asked, CATALOGUE, tmp_path, workforce=SERIAL)
    here = study.arithmetic()
    monkeypatch.setattr(study, "arithmetic", lambda: {**here, "processor": "vax"})

    with pytest.raises(ResultsError, match=rf"arithmetic\.processor is {here['processor']} there and vax here"):
        run_study(asked, CATALOGUE, tmp_path, workforce=SERIAL, resume=True)
