"""One response alone, for several subjects that differ in numbers or ports."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tests.responses import Alone, compose_response
from threonate.endpoints import sbml_id
from threonate.engine import SubjectInputs, Tolerance, compile_network, solve_cohort
from threonate.evidence import Species
from threonate.physiology.network import start_states
from threonate.schedule import NO_EVENTS

Array = NDArray[np.float64]


@lru_cache(maxsize=32)
def alone(response: str, ports: tuple[str, ...], species: Species) -> Alone:
    catalogue_defaults = {port: 0.0 for port in ports}
    return compose_response(response, ports=catalogue_defaults, species=species)


def solve_many(
    response: str,
    columns: Mapping[str, ArrayLike],
    times_h: ArrayLike,
    *symbols: str,
    ports: Mapping[str, ArrayLike] | None = None,
    species: Species = "human",
) -> dict[str, Array]:
    """Courses by symbol -> (subject, time); `columns` are symbols of the response, `ports` what the body would give."""
    driven = dict(ports or {})
    model = alone(response, tuple(sorted(driven)), species)
    given = {sbml_id(f"{response}.{name}"): value for name, value in columns.items()} | driven
    names = tuple(given)
    n = max([np.size(value) for value in given.values()], default=1)
    shape = (n, len(names))
    values = (
        np.stack([np.broadcast_to(np.asarray(v, float), (n,)) for v in given.values()], 1) if given else np.empty(shape)
    )
    start = start_states(model.network, names, values)
    wanted = [sbml_id(f"{response}.{symbol}") for symbol in symbols]
    inputs = SubjectInputs(names, values, model.network.states, start)
    compiled = compile_network(model.network, wanted)
    course = solve_cohort(compiled, inputs, NO_EVENTS, np.asarray(times_h, float), tolerance=Tolerance.REFERENCE)
    assert course.ok.all(), course.status
    return {symbol: course.of(name) for symbol, name in zip(symbols, wanted, strict=True)}
