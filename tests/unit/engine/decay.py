"""A network small enough to solve on paper: A decays at rate k into U and is fed at a constant rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import antimony
import numpy as np
from numpy.typing import NDArray

from tests import event_rows
from threonate.engine import CompiledNetwork, SubjectInputs, Tolerance, Trajectories, compile_network, solve_cohort
from threonate.physiology import read_sbml
from threonate.physiology.network import start_states
from threonate.schedule import ADD, SET, EventTable

K = 0.5
TEXT = """
model decay()
  compartment V = 2;
  species C in V = 3;
  substanceOnly species A = 0, U = 0;
  k = 0.5; rate = 0; growth = 0;
  loss: A => U; k * A;
  feed: => A; rate;
  burst: => A; growth * A ^ 2;
  exposure = 0; exposure' = A;
end
"""
OBSERVED = ("A", "U", "exposure", "C", "loss")


@dataclass(frozen=True)
class Event:
    """One jump of one subject."""

    subject: int
    time_h: float
    target: str
    value: float
    operation: int = ADD


def dose(subject: int, time_h: float, amount: float) -> Event:
    return Event(subject, time_h, "A", amount)


def switch(subject: int, time_h: float, target: str, value: float) -> Event:
    return Event(subject, time_h, target, value, SET)


@lru_cache(maxsize=1)
def network() -> CompiledNetwork:
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(TEXT) >= 0, antimony.getLastError()
    return compile_network(read_sbml(antimony.getSBMLString("decay")), OBSERVED)


def subjects(n: int, **columns: Sequence[float]) -> SubjectInputs:
    """N subjects with some parameters of their own."""
    symbols = tuple(columns)
    values = np.array([columns[name] for name in symbols], dtype=np.float64).T if symbols else np.empty((n, 0))
    inner = network().network
    return SubjectInputs(symbols, values, inner.states, start_states(inner, symbols, values))


def table(events: Sequence[Event]) -> EventTable:
    """Events by subject, then time, in the order given."""
    return event_rows.table((e.subject, e.time_h, e.operation, e.target, e.value) for e in events)


def solve(
    inputs: SubjectInputs, events: Sequence[Event], times_h: Sequence[float], tolerance: Tolerance = Tolerance.REFERENCE
) -> Trajectories:
    return solve_cohort(network(), inputs, table(events), np.asarray(times_h, dtype=np.float64), tolerance=tolerance)


def decayed(amount: float, hours: float | NDArray[np.float64], k: float = K) -> NDArray[np.float64]:
    """What is left of an amount."""
    return np.asarray(amount * np.exp(-k * np.asarray(hours)))
