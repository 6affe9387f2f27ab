"""Parameters that a text gives by a formula, for those who look at its equations without machine code."""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from threonate.engine.codegen.program import Output, Program, Routine
from threonate.engine.codegen.python_emitter import load_python
from threonate.engine.lower import LoweredModel
from threonate.engine.trajectories import Array


def derived_parameters(model: LoweredModel, given: Set[str]) -> tuple[int, ...]:
    """Places of the parameters that nobody gives and whose start value is not simply the one written."""
    return tuple(
        i
        for i, (name, node) in enumerate(zip(model.parameters, model.start_parameters, strict=True))
        if name not in given and node != model.graph.leaf("p", i)
    )


def with_derived(model: LoweredModel, parameters: Array, given: Set[str]) -> Array:
    """(subject, parameter) with what the start formulas of the text make of the rest.

    given    ids that were set by hand, and count instead of their formula
    """
    places = derived_parameters(model, given)
    if not places:
        return parameters
    wanted = Output("o", tuple(model.start_parameters[i] for i in places))
    program = Program(model.graph, (Routine("begin", ("p", "t"), (wanted,), {}),), {}, (), 0, 0)
    found, out = parameters.copy(), np.zeros((len(places), len(parameters)))
    with np.errstate(all="ignore"):
        load_python(program)["begin"](parameters.T, (np.float64(0.0),), out)
    found[:, list(places)] = out.T
    return found
