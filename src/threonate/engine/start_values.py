"""Parameters that a text gives by a formula, for those who look at its equations without machine code."""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from threonate.engine.codegen.python_emitter import load_values
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
    begin = load_values(model.graph, [model.start_parameters[i] for i in places])
    found = parameters.copy()
    found[:, list(places)] = begin(np.zeros((len(model.states), len(parameters))), parameters.T, 0.0).T
    return found
