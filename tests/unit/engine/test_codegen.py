"""Fast code against the plain one, on random points."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.engine.lane_calls import aligned, call, compile_program
from tests.unit.engine.sbml_texts import MIXED
from threonate.engine.codegen import build_program, load_python
from threonate.engine.lower import lower_sbml

rng = np.random.default_rng(3)


@pytest.fixture(scope="module")
def program():
    model = lower_sbml(MIXED)
    return build_program(model, tuple(model.symbols))


@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_lanes_agree_with_the_reference(program, lanes):
    code, reference = compile_program(program, lanes), load_python(program)
    arrays = {name: aligned(max(1, size), lanes) for name, size in program.sizes.items()}
    for name in ("p", "y", "t", "g", "b"):
        arrays[name][:] = rng.uniform(0.3, 3.0, arrays[name].shape)
    plain = {name: array.copy() for name, array in arrays.items()}
    for routine in program.routines:
        names = [*routine.inputs, *(output.name for output in routine.outputs)]
        call(code, routine.name, *(arrays[name] for name in names))
        with np.errstate(all="ignore"):
            reference[routine.name](*(plain[name] for name in names))
        for output in routine.outputs:
            np.testing.assert_allclose(arrays[output.name], plain[output.name], rtol=1e-13, atol=1e-13)


def test_factors_solve_the_system(program):
    """The solution of (g I - J) x = b + 0.25, with J from differences of the right-hand side."""
    reference = load_python(program)
    size = program.sizes
    value = {name: np.zeros(max(1, n)) for name, n in size.items()}
    for name in ("p", "y", "t", "g", "b"):
        value[name][:] = rng.uniform(0.5, 2.0, len(value[name]))
    reference["prologue"](value["p"], value["q"])
    reference["matrix"](*(value[name] for name in ("y", "q", "t", "g", "w", "r")))
    value["x"][:] = 0.25  # the right-hand side is b + what x holds
    reference["substitute"](value["w"], value["b"], value["x"])

    def slope(y, t):
        found = np.zeros(size["f"])
        reference["rhs"](y, value["q"], t, found)
        return found

    step = 1e-6
    columns = [
        (slope(value["y"] + step * unit, value["t"]) - slope(value["y"] - step * unit, value["t"])) / (2 * step)
        for unit in np.eye(size["y"])
    ]
    matrix = value["g"][0] * np.eye(size["y"]) - np.array(columns).T
    np.testing.assert_allclose(matrix @ value["x"], value["b"] + 0.25, rtol=1e-6, atol=1e-6)
    by_time = (slope(value["y"], value["t"] + step) - slope(value["y"], value["t"] - step)) / (2 * step)
    np.testing.assert_allclose(value["r"][: len(program.timed)], by_time[list(program.timed)], rtol=1e-6, atol=1e-7)
