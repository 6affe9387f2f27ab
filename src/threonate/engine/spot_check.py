"""The spot check: some subjects are solved again, much tighter, and the difference is the error that was achieved.

Who is checked depends on the number of a subject and on nothing else that he shares with others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from threonate.engine.compiled import CompiledNetwork
from threonate.engine.native import Question, solve_native
from threonate.engine.tolerance import Tolerance
from threonate.engine.trajectories import Trajectories
from threonate.engine.workers import works_alone

SHARE = 0.01
LEAST = 3
TIGHTER = 100.0
_KEY = 0x6A09E667F3BCC909
_SMALLEST_SIZE = 1e-9


@dataclass(frozen=True, slots=True)
class AchievedError:
    """What the spot check found.

    observables   ids of what was compared
    errors        (observable,) largest difference at any recorded time, as a share of the largest value of the
                  observable in the subject
    checked       subjects that were solved again
    lost          of these, how many could not be solved tighter
    subjects      in all
    promise       largest error that the tolerance promises
    """

    observables: tuple[str, ...]
    errors: tuple[float, ...]
    checked: int
    lost: int
    subjects: int
    promise: float

    @property
    def worst(self) -> float:
        """Largest error of any observable; 0 when nobody was checked."""
        return max(self.errors, default=0.0)

    @property
    def kept(self) -> bool:
        """Whether the promise was kept by everybody who was checked."""
        return self.lost == 0 and self.worst <= self.promise

    @property
    def sentence(self) -> str:
        """One line for a reader.

        >>> AchievedError(("x",), (2.9e-6,), 10, 0, 1000, 1e-5).sentence
        'achieved error 3e-06 (spot check of 10 of 1000 subjects)'
        """
        if not self.checked:
            return f"no spot check of {self.subjects} subjects was possible"
        return f"achieved error {self.worst:.0e} (spot check of {self.checked} of {self.subjects} subjects)"

    @property
    def warning(self) -> str:
        """What a reader must know; empty when the promise was kept.

        >>> AchievedError(("x", "y"), (2e-5, 1e-6), 10, 0, 1000, 1e-5).warning
        'The error of x is 2e-05; the tolerance promises 1e-05. Use a tighter tolerance.'
        """
        if self.kept:
            return ""
        if self.lost:
            return f"{self.lost} of {self.checked} subjects could not be solved tighter, so their error is not known."
        name, told = self.observables[self.errors.index(self.worst)], f"{self.worst:.0e}"
        return f"The error of {name} is {told}; the tolerance promises {self.promise:.0e}. Use a tighter tolerance."

    def only(self, names: Collection[str]) -> AchievedError:
        """The same for some of the observables."""
        kept = {n: e for n, e in zip(self.observables, self.errors, strict=True) if n in names}
        return replace(self, observables=tuple(kept), errors=tuple(kept.values()))


@lru_cache(maxsize=4)
def checked_numbers(subjects: int) -> NDArray[np.int64]:
    """Numbers of those who are checked among subjects 0 to `subjects` - 1: a hundredth, and three at least.

    A number that is among the checked of some cohort is checked in every cohort of more than a few hundred.

    >>> len(checked_numbers(100_000))
    975
    >>> len(checked_numbers(24))
    3
    """
    keys = _mixed(np.arange(subjects, dtype=np.uint64))
    chosen = keys < np.uint64(SHARE * 2.0**64)
    if chosen.sum() < LEAST:
        chosen[np.argsort(keys, kind="stable")[:LEAST]] = True
    found = np.flatnonzero(chosen)
    found.flags.writeable = False
    return found


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A hash of each number: the finaliser of SplitMix64, keyed."""
    mixed = numbers * np.uint64(0x9E3779B97F4A7C15) + np.uint64(_KEY)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def check_course(
    compiled: CompiledNetwork,
    question: Question,
    course: Trajectories,
    rows: NDArray[np.int64],
    tolerance: Tolerance = Tolerance.DEFAULT,
) -> AchievedError:
    """Solve some subjects again with bounds a hundred times tighter; nothing of the course is changed.

    question   (inputs, events, times_h) that the course answers
    rows       rows of those who are checked; who failed in the course is left out
    tolerance  of the course
    """
    inputs, events, times_h = question
    rows = rows[course.ok[rows]] if len(rows) else rows
    threads = 1 if works_alone() else None
    tight = solve_native(
        compiled,
        inputs.of(rows),
        events.of(rows),
        times_h,
        tolerance=tolerance.bounds.tighter(TIGHTER),
        threads=threads,
    )
    solved = tight.ok.astype(np.bool_)
    truth, found = tight.values[solved], course.values[rows[solved]]
    size = np.maximum(np.abs(truth).max(axis=1, initial=0.0), _SMALLEST_SIZE)
    errors = (np.abs(found - truth).max(axis=1, initial=0.0) / size).max(axis=0, initial=0.0)
    return AchievedError(
        compiled.observables,
        tuple(float(error) for error in errors),
        len(rows),
        int((~solved).sum()),
        len(inputs),
        tolerance.promise,
    )


def largest_of(found: Sequence[AchievedError]) -> AchievedError | None:
    """The checks of several solves of the same subjects as one: the largest error of each observable."""
    if not found:
        return None
    errors: dict[str, float] = {}
    for one in found:
        for name, error in zip(one.observables, one.errors, strict=True):
            errors[name] = max(error, errors.get(name, 0.0))
    return AchievedError(
        tuple(errors),
        tuple(errors.values()),
        max(one.checked for one in found),
        max(one.lost for one in found),
        max(one.subjects for one in found),
        max(one.promise for one in found),
    )
