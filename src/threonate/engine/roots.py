"""A few unknowns per subject that make as many results of a simulation vanish, by Newton's method.

Where the whole state need not repeat, but a condition must hold: the question is asked for all subjects at once, every
subject searches on his own, and one who has arrived asks no more.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threonate.engine.trajectories import Array
from threonate.errors import EngineError

Evaluate = Callable[[NDArray[np.int64], Array], Array]
"""Subjects (row,) and unknowns (row, unknown) to results (row, result), NaN where there is none."""

_STEPS = 80
_JACOBIANS = 8
_SLOW, _PATIENCE = 0.5, 2
_SHORTEST = 1.0 / 64.0
_CUTOFF = 1e-12


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
    evaluated: NDArray[np.int64]


def find_roots(evaluate: Evaluate, start: Array, search: RootSearch) -> Roots:
    """Unknowns of every subject at which all results vanish.

    start     (subject, unknown)
    Returns   Roots; a subject without a root has found = False and the best point that was met

    >>> def circle_and_line(subjects, x):
    ...     return np.stack([x[:, 0] ** 2 + x[:, 1] ** 2 - 1.0 - subjects, x[:, 0] - x[:, 1]], axis=1)
    >>> one = np.ones(2)
    >>> search = RootSearch(nudges=0.01 * one, largest=one, allowed=1e-9 * one)
    >>> find_roots(circle_and_line, np.array([[1.0, 0.5], [1.0, 0.5]]), search).values.round(6).tolist()
    [[0.707107, 0.707107], [1.0, 1.0]]
    """
    hunts = [_Hunt(row, search) for row in start]
    running = [hunt.run() for hunt in hunts]
    asked = {subject: next(hunt) for subject, hunt in enumerate(running)}
    while asked:
        subjects = np.concatenate([np.full(len(rows), subject) for subject, rows in asked.items()])
        answers = evaluate(subjects, np.concatenate(list(asked.values())))
        following, begin = {}, 0
        for subject, rows in asked.items():
            end = begin + len(rows)
            with suppress(StopIteration):
                following[subject] = running[subject].send(answers[begin:end])
            begin = end
        asked = following
    width = len(search.allowed)
    return Roots(
        np.array([hunt.point for hunt in hunts]).reshape(-1, width),
        np.array([hunt.result for hunt in hunts]).reshape(-1, width),
        np.array([hunt.left <= 1.0 for hunt in hunts], dtype=np.bool_),
        np.array([hunt.evaluated for hunt in hunts], dtype=np.int64),
    )


class _Hunt:
    """One subject's search; `left` is the largest result in units of what is allowed."""

    def __init__(self, start: Array, search: RootSearch) -> None:
        self.search = search
        self.point, self.result = start.copy(), np.full(len(start), np.nan)
        self.left, self.evaluated = np.inf, 0

    def run(self) -> Generator[Array, Array, None]:
        nudged = self.point + np.vstack([np.zeros_like(self.point), np.diag(self.search.nudges)])
        for _ in range(_JACOBIANS):
            answers = yield from self._ask(nudged)
            self._keep(nudged[0], answers[0])
            if self.left <= 1.0 or not np.isfinite(answers).all():
                return
            slope = (answers[1:] - answers[0]).T / self.search.nudges
            yield from self._steps(slope)
            if self.left <= 1.0 or self.evaluated >= _STEPS:
                return
            nudged = self.point + np.vstack([np.zeros_like(self.point), np.diag(self.search.nudges)])

    def _ask(self, points: Array) -> Generator[Array, Array, Array]:
        self.evaluated += len(points)
        return (yield points)

    def _keep(self, point: Array, result: Array) -> bool:
        """Whether a point is the best so far, or at least new."""
        left = float((np.abs(result) / self.search.allowed).max()) if np.isfinite(result).all() else np.inf
        if left >= self.left:
            return False
        self.point, self.result, self.left = point, result, left
        return True

    def _steps(self, slope: Array) -> Generator[Array, Array, None]:
        """Steps with a slope that learns (Broyden), halved where they lead away; ends when they get nowhere."""
        share, slow = 1.0, 0
        while self.left > 1.0 and self.evaluated < _STEPS and share > _SHORTEST and slow <= _PATIENCE:
            move = share * self._move(slope)
            if not move.any():
                return
            base, before = self.result, self.left
            result = (yield from self._ask((self.point + move)[None, :]))[0]
            better = self._keep(self.point + move, result)
            share = min(1.0, 2.0 * share) if better else 0.5 * share
            slow += self.left > _SLOW * before
            if np.isfinite(result).all():
                weight = move / self.search.nudges**2
                slope = slope + np.outer(result - base - slope @ move, weight) / float(weight @ move)

    def _move(self, slope: Array) -> Array:
        """Newton's move, shortened so that no unknown moves further than it may."""
        scaled = slope * self.search.nudges / self.search.allowed[:, None]
        move, *_ = np.linalg.lstsq(scaled, -self.result / self.search.allowed, rcond=_CUTOFF)
        move = move * self.search.nudges
        return np.asarray(move / max(1.0, float((np.abs(move) / self.search.largest).max())))
