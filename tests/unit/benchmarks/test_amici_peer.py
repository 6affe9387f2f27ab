"""AMICI is asked the same question: one document for all subjects, and the right answer for each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.accuracy import make_reference
from benchmarks.document import shared_sbml
from benchmarks.models import body, common
from benchmarks.peers import amici


def test_one_document_holds_what_subjects_share_and_parameters_what_they_do_not():
    one, two = (shared_sbml(common.make_problem(count)) for count in (1, 2))
    inputs, events = (getattr(common.make_problem(2), name) for name in ("inputs", "events"))
    doses = [events.value[(events.subject == subject) & (events.target == 0)][0] for subject in (0, 1)]

    assert one.sbml == two.sbml
    assert two.values["first_0"].tolist() == [0.0, 0.0]
    assert two.values["period_0"].tolist() == [12.0, 12.0]
    assert two.values["jump_0_1"].tolist() == doses
    assert two.values["start_plasma"].tolist() == inputs.start[:, inputs.states.index("plasma")].tolist()
    assert two.values["K_m"].tolist() == inputs.values[:, inputs.symbols.index("K_m")].tolist()


def test_a_subject_without_doses_never_gets_to_them():
    problem = common.make_problem(2)

    shared = shared_sbml(replace(problem, events=problem.events.of(np.array([0]))))

    assert shared.values["first_0"][0] == 0.0
    assert shared.values["first_0"][1] > problem.times_h[-1]


@pytest.mark.parametrize("model", [common, body])
def test_amici_solves_every_subject(model):
    if amici.missing():
        pytest.skip(amici.missing())
    problem = model.make_problem(2)
    reference = make_reference(problem)

    (contender,) = (c for c in amici.make_contenders(problem, reference, quick=True) if c.rtol == 1e-6)
    seconds, values = contender.run(slice(0, 2))

    assert seconds > 0
    assert reference.error(values, slice(0, 2)) < 1e-4
    assert not np.array_equal(values[0], values[1])


def test_without_amici_or_a_compiler_the_reason_is_given(monkeypatch):
    monkeypatch.setattr(amici, "find_spec", lambda name: None)
    assert "not installed" in amici.missing()

    monkeypatch.setattr(amici, "find_spec", lambda name: name)
    monkeypatch.setattr(amici, "_COMPILERS", ())
    monkeypatch.delenv("CXX", raising=False)
    assert "compiler" in amici.missing()
