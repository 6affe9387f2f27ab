"""What moves an answer: the same people, sorted by one input after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from threonate.report.glance import Array

FEWEST = 25
"""People below which a sorting says nothing."""
MOST = 8
_SHARE = 5
_BEYOND_CHANCE = 3.0
"""Rank correlations below this many standard errors are left out."""


@dataclass(frozen=True, slots=True)
class Mover:
    """An input, and where the outcome lies in the fifth of the people with the least and with the most of it.

    inputs        medians of the input in both fifths
    outcomes      medians of the outcome there
    correlation   of the ranks of input and outcome, -1 to 1
    """

    id: str
    inputs: tuple[float, float]
    outcomes: tuple[float, float]
    correlation: float

    @property
    def reach(self) -> float:
        """How far apart the outcomes are."""
        return abs(self.outcomes[1] - self.outcomes[0])


def movers_of(inputs: Mapping[str, Array], outcome: Array, most: int = MOST) -> list[Mover]:
    """The inputs with which an outcome goes, the widest first; what chance could have done is left out.

    inputs    id -> (subject,)
    outcome   (subject,)

    >>> people = np.arange(100.0)
    >>> [one.id for one in movers_of({"half": people, "same": np.ones(100)}, 2.0 * people)]
    ['half']
    """
    if len(outcome) < FEWEST or not np.isfinite(outcome).all():
        return []
    found = [mover for name, values in inputs.items() if (mover := _mover(name, values, outcome)) is not None]
    least = _BEYOND_CHANCE / np.sqrt(len(outcome))
    telling = [mover for mover in found if abs(mover.correlation) > least]
    return sorted(telling, key=lambda mover: -mover.reach)[:most]


def _mover(name: str, values: Array, outcome: Array) -> Mover | None:
    if not np.isfinite(values).all() or np.ptp(values) == 0.0 or np.ptp(outcome) == 0.0:
        return None
    order = np.argsort(values, kind="stable")
    fifth = max(1, len(values) // _SHARE)
    ends = (order[:fifth], order[-fifth:])
    low, high = ((float(np.median(values[rows])), float(np.median(outcome[rows]))) for rows in ends)
    correlation = float(np.corrcoef(_ranks(values), _ranks(outcome))[0, 1])
    return Mover(name, (low[0], high[0]), (low[1], high[1]), correlation)


def _ranks(values: Array) -> Array:
    """Equal values share the middle of their ranks."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - 0.5 * (count - 1))[place])
