"""Which method suits a network: explicit steps where nothing in it is much faster than the steps themselves.

A high order needs smooth formulas: a network with a minimum, a maximum or a choice that depends on the state keeps the
Rosenbrock method, whose lower order loses less at a kink.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from threonate.engine.kernels.kept import kept_value

if TYPE_CHECKING:
    from threonate.engine.lower import LoweredModel

STIFF_METHOD, EXPLICIT_METHOD = "rodas5p", "dop853"
_KINKED = frozenset({"select", "floor", "ceil", "abs"})
STABLE_PRODUCT = 6.0
"""Largest step times rate that is trusted to DOP853: it damps decays to 6.39, computed from its coefficients."""


def suited_method(sbml: str, longest_step: float) -> str:
    """The method for steps that are seldom longer than this, in the unit of time of the model.

    It is chosen from the text alone, with the values written in it, so that it is the same for every subject. For a
    subject that is faster than the text the explicit method takes shorter steps; it does not become wrong.

    >>> text = '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model/></sbml>'
    >>> suited_method(text, 1.0)
    'dop853'
    """
    slow = fastest_rate(sbml) * longest_step <= STABLE_PRODUCT
    return EXPLICIT_METHOD if slow and is_smooth(sbml) else STIFF_METHOD


@lru_cache(maxsize=64)
def is_smooth(sbml: str) -> bool:
    """Whether no derivative has a kink or a jump at some state or time.

    Raises    UnsupportedModel for a model that is not solved
    """
    return bool(kept_value(("is smooth", sbml), lambda: _is_smooth(sbml)))


def _is_smooth(sbml: str) -> bool:
    from threonate.engine.lower import Level

    model = _lowered(sbml)
    graph = model.graph
    computed = graph.ordered(model.derivatives, stop=lambda node: graph.levels[node] < Level.STATE)
    inside_powers = {arg for node in computed if graph.nodes[node].op == "log" for arg in graph.nodes[node].args}
    return not any(
        graph.nodes[node].op in _KINKED and graph.levels[node] == Level.STATE and node not in inside_powers
        for node in computed
    )


@lru_cache(maxsize=64)
def fastest_rate(sbml: str) -> float:
    """Largest eigenvalue of the Jacobian by size, at the start values [1 per unit of time]; infinite if not finite.

    Raises    UnsupportedModel for a model that is not solved
    """
    return kept_value(("fastest rate", sbml), lambda: _fastest_rate(sbml))


def _fastest_rate(sbml: str) -> float:
    model = _lowered(sbml)
    if not model.states:
        return 0.0
    jacobian = _jacobian_at_start(model)
    if not np.isfinite(jacobian).all():
        return float("inf")
    return float(np.abs(np.linalg.eigvals(jacobian)).max())


@lru_cache(maxsize=2)
def _lowered(sbml: str) -> LoweredModel:
    """The formulas; what they need is loaded here, for a kept solver does without."""
    from threonate.engine.lower import lower_sbml

    return lower_sbml(sbml)


def _jacobian_at_start(model: LoweredModel) -> np.ndarray:
    """The Jacobian (state, state) with the values that the text gives."""
    from threonate.engine.codegen import load_values
    from threonate.engine.lower import differentiate

    rows = differentiate(model.graph, model.derivatives, model.state_leaves)
    places = [(i, j) for i, row in enumerate(rows) for j in row]
    begin = load_values(model.graph, [*model.start_parameters, *model.start_states])
    started = begin(np.zeros(len(model.states)), np.array(model.defaults), 0.0)
    parameters, states = np.split(started, [len(model.parameters)])
    found = load_values(model.graph, [rows[i][j] for i, j in places])(states, parameters, 0.0)
    jacobian = np.zeros((len(states), len(states)))
    for (i, j), value in zip(places, found, strict=True):
        jacobian[i, j] = value
    return jacobian
