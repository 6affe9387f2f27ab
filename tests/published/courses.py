"""One response solved for many subjects at once, ports and parts it needs included, observables of any part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tests.responses import compose_response
from threonate.endpoints import sbml_id
from threonate.engine import CompiledNetwork, SubjectInputs, Tolerance, compile_network, solve_cohort
from threonate.evidence import Species
from threonate.physiology.network import start_states
from threonate.schedule import NO_EVENTS

Array = NDArray[np.float64]


@lru_cache(maxsize=16)
def compiled(response: str, symbols: tuple[str, ...], driven: tuple[str, ...], species: Species) -> CompiledNetwork:
    """The response alone, ready for these observables; `driven` ports are given from outside."""
    alone = compose_response(response, ports=dict.fromkeys(driven, 1.0), species=species)
    return compile_network(alone.network, [sbml_id(symbol) for symbol in symbols])


def courses(
    response: str,
    given: Mapping[str, Array | float],
    times_h: Sequence[float],
    *symbols: str,
    species: Species = "human",
) -> dict[str, Array]:
    """Courses (subject, time) by the names asked for.

    given    `response.symbol` or port -> one value, or one for each subject
    """
    driven = tuple(name for name in given if "." not in name)
    ready = compiled(response, symbols, driven, species)
    size = max((np.size(value) for value in given.values()), default=1)
    names = tuple(sbml_id(name) for name in given)
    columns = [np.broadcast_to(np.asarray(value, dtype=float), (size,)) for value in given.values()]
    values = np.stack(columns, axis=1) if columns else np.empty((size, 0))
    inputs = SubjectInputs(names, values, ready.network.states, start_states(ready.network, names, values))
    course = solve_cohort(ready, inputs, NO_EVENTS, np.asarray(times_h, dtype=float), tolerance=Tolerance.TIGHT)
    assert course.ok.all()
    return {symbol: course.of(sbml_id(symbol)) for symbol in symbols}
