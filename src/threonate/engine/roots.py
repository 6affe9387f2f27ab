"""A few unknowns per subject that make as many results of a simulation vanish, by Newton's method.

Where the whole state need not repeat, but a condition must hold: the question is asked for all subjects at once, every
subject searches on his own, and one who has arrived asks no more. What is computed for many at once is computed term by
term, or matrix by matrix, so that no subject's digits hang on who else searches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threonate.engine.trajectories import Array
from threonate.errors import EngineError

Index = NDArray[np.int64]
Evaluate = Callable[[Index, Array], Array]
"""Subjects (row,) and unknowns (row, unknown) to results (row, result), NaN where there is none."""

_STEPS = 80
_JACOBIANS = 8
_SLOW, _PATIENCE = 0.5, 2
_SHORTEST = 1.0 / 64.0
_CUTOFF = 1e-12
_NOT_YET = float(np.nextafter(1.0, 2.0))


@dataclass(frozen=True, slots=True)
class RootSearch:
    """How to search.

    nudges     (unknown,) by how much each unknown is moved for the first slopes
    largest    (unknown,) largest move in one step
    allowed    (result,) what counts as vanished
    """

    nudges: Array
    largest: Array
    allowed: Array

    def __post_init__(self) -> None:
        if not len(self.nudges) == len(self.largest) == len(self.allowed):
            raise EngineError("nudges, largest and allowed must have one number for each unknown.")
        if not (np.all(self.nudges != 0.0) and np.all(self.largest > 0.0) and np.all(self.allowed > 0.0)):
            raise EngineError("nudges must not be 0; largest and allowed must be above 0.")


@dataclass(frozen=True, slots=True)
class Roots:
    """Where the searches ended.

    values      (subject, unknown) the best point of each
    results     (subject, result) there
    found       (subject,) whether every result vanished
    evaluated   (subject,) points tried
    """

    values: Array
    results: Array
    found: NDArray[np.bool_]
    evaluated: Index


def find_roots(evaluate: Evaluate, start: Array, search: RootSearch, slopes_from: Evaluate | None = None) -> Roots:
    """Unknowns of every subject at which all results vanish.

    start         (subject, unknown)
    slopes_from   a rougher and cheaper `evaluate`, good enough for the first slopes; a root is never believed on it
    Returns       Roots; a subject without a root has found = False and the best point that was met

    >>> def circle_and_line(subjects, x):
    ...     return np.stack([x[:, 0] ** 2 + x[:, 1] ** 2 - 1.0 - subjects, x[:, 0] - x[:, 1]], axis=1)
    >>> one = np.ones(2)
    >>> search = RootSearch(nudges=0.01 * one, largest=one, allowed=1e-9 * one)
    >>> find_roots(circle_and_line, np.array([[1.0, 0.5], [1.0, 0.5]]), search).values.round(6).tolist()
    [[0.707107, 0.707107], [1.0, 1.0]]
    """
    hunt = _Hunt(evaluate, slopes_from, start, search)
    for _ in range(_JACOBIANS):
        if not hunt.searching.any():
            break
        hunt.take_slopes()
        while (stepping := hunt.stepping()).size:
            hunt.step(stepping)
        hunt.searching &= (hunt.left > 1.0) & (hunt.evaluated < _STEPS)
    return Roots(hunt.point, hunt.result, hunt.left <= 1.0, hunt.evaluated)


class _Hunt:
    """Everybody's search, one row each.

    point, result   the best so far
    left            the largest result in units of what is allowed
    slope           (subject, result, unknown)
    share           of a whole step that is tried next; 0 when the slope is of no more use
    slow            steps that brought little
    searching       whether there is hope
    """

    def __init__(self, evaluate: Evaluate, slopes_from: Evaluate | None, start: Array, search: RootSearch) -> None:
        self.evaluate, self.rough, self.search = evaluate, slopes_from or evaluate, search
        self.nearest = 0.0 if slopes_from is None else _NOT_YET
        count, width = start.shape
        self.point, self.result = start.astype(np.float64), np.full((count, width), np.nan)
        self.left, self.evaluated = np.full(count, np.inf), np.zeros(count, dtype=np.int64)
        self.slope = np.zeros((count, width, width))
        self.share, self.slow = np.zeros(count), np.zeros(count, dtype=np.int64)
        self.searching = np.ones(count, dtype=np.bool_)

    def take_slopes(self) -> None:
        """Slopes by differences, of everybody who searches."""
        rows = np.flatnonzero(self.searching)
        nudges = self.search.nudges
        tried = self.point[rows, None, :] + np.vstack([np.zeros_like(nudges), np.diag(nudges)])
        asked = np.repeat(rows, len(nudges) + 1)
        answers = self.rough(asked, tried.reshape(len(asked), -1)).reshape(tried.shape)
        self.evaluated[rows] += len(nudges) + 1
        self._keep(rows, tried[:, 0], answers[:, 0], self.nearest)
        self.slope[rows] = (answers[:, 1:] - answers[:, :1]).transpose(0, 2, 1) / nudges
        self.searching[rows] = (self.left[rows] > 1.0) & np.isfinite(answers).all(axis=(1, 2))
        self.share[rows], self.slow[rows] = 1.0, 0

    def stepping(self) -> Index:
        """Who goes on with the slope that he has."""
        hopeful = (self.share > _SHORTEST) & (self.slow <= _PATIENCE)
        return np.flatnonzero(self.searching & hopeful & (self.left > 1.0) & (self.evaluated < _STEPS))

    def step(self, rows: Index) -> None:
        """A step with a slope that learns (Broyden), halved next time where it leads away."""
        move = self.share[rows, None] * self._moves(rows)
        moved = move.any(axis=1)
        self.share[rows[~moved]] = 0.0
        rows, move = rows[moved], move[moved]
        if not rows.size:
            return
        tried, base, before = self.point[rows] + move, self.result[rows], self.left[rows]
        result = self.evaluate(rows, tried)
        self.evaluated[rows] += 1
        better, share = self._keep(rows, tried, result), self.share[rows]
        self.share[rows] = np.where(better, np.minimum(1.0, 2.0 * share), 0.5 * share)
        self.slow[rows] += self.left[rows] > _SLOW * before
        finite = np.isfinite(result).all(axis=1)
        self._learn(rows[finite], move[finite], (result - base)[finite])

    def _learn(self, rows: Index, move: Array, gained: Array) -> None:
        """Slopes that would have told what a move has brought, and are changed least in units of the nudges."""
        weight = move / self.search.nudges**2
        missed = gained - _times(self.slope[rows], move)
        self.slope[rows] += missed[:, :, None] * (weight / _times(weight[:, None, :], move))[:, None, :]

    def _keep(self, rows: Index, point: Array, result: Array, nearest: float = 0.0) -> NDArray[np.bool_]:
        """Whether each point is the best so far."""
        left = np.maximum((np.abs(result) / self.search.allowed).max(axis=1), nearest)
        better = np.asarray(left < self.left[rows])
        kept = rows[better]
        self.point[kept], self.result[kept], self.left[kept] = point[better], result[better], left[better]
        return better

    def _moves(self, rows: Index) -> Array:
        """Newton's moves, shortened so that no unknown moves further than it may."""
        search = self.search
        scaled = self.slope[rows] * search.nudges / search.allowed[:, None]
        left, size, right = np.linalg.svd(scaled)
        along = _times(left.transpose(0, 2, 1), -self.result[rows] / search.allowed)
        seen = size > _CUTOFF * size[:, :1]
        move = _times(right.transpose(0, 2, 1), np.divide(along, size, out=np.zeros_like(size), where=seen))
        move = move * search.nudges
        return np.asarray(move / np.maximum(1.0, (np.abs(move) / search.largest).max(axis=1))[:, None])


def _times(matrices: Array, vectors: Array) -> Array:
    """(row, i) each matrix (row, i, j) times its vector (row, j), added up in the order of j."""
    total = np.zeros(matrices.shape[:2])
    for column in range(matrices.shape[2]):
        total = total + matrices[:, :, column] * vectors[:, None, column]
    return total
