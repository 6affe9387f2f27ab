"""What a study records of the processor decides the bits: processors of one class give the same."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.engine.test_many_people import solve, wild
from threonate.engine import arithmetic
from threonate.engine.kernels import object_code
from threonate.engine.kernels.object_code import Machine, this_machine
from threonate.engine.native import native_solver

CLASSES = {"avx512f": (8, ("x86-64-v4", "skylake-avx512", "znver4")), "avx2": (4, ("x86-64-v3", "haswell", "znver2"))}


@pytest.fixture
def unkept_solvers():
    native_solver.cache_clear()
    yield
    native_solver.cache_clear()


@pytest.mark.parametrize("kind", CLASSES)
def test_same_bits_on_processors_of_a_class(kind, monkeypatch, unkept_solvers):
    if f"+{kind}" not in this_machine().features.split(","):
        pytest.skip(f"this processor has no {kind}")
    lanes, processors = CLASSES[kind]
    question = wild(10_000).of(np.arange(65))
    found = []
    for processor in processors:
        monkeypatch.setattr(object_code, "this_machine", lambda name=processor: Machine(name, ""))
        native_solver.cache_clear()
        found.append(solve(question, lanes).values)

    for other in found[1:]:
        np.testing.assert_array_equal(other, found[0])


def test_the_record_names_class_lanes_and_compiler():
    record = arithmetic()

    assert record["lanes"] == this_machine().lanes
    assert str(record["processor"])
    assert str(record["llvm"]).count(".") == 2
