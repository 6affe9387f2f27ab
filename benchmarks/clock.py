"""Fair timing on a machine that others use too: processor time, and everybody takes turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.problem import Array


@dataclass(frozen=True, slots=True)
class Contender:
    """One solver at one setting.

    run       (subjects) -> seconds of processor time, courses (subject, time, observable)
    batch     subjects of one turn; turns of fewer subjects than there are go through them one after another
    every     takes part in one of so many rounds
    """

    engine: str
    rtol: float
    batch: int
    run: Callable[[slice], tuple[float, Array]]
    every: int = 1


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn gave."""

    subjects: slice
    seconds: float
    values: Array

    @property
    def seconds_each(self) -> float:
        return self.seconds / len(self.values)


def alternate(contenders: Sequence[Contender], rounds: int, subjects: int) -> list[list[Turn]]:
    """Turns of every contender, round by round, so that a slow minute of the machine hits all of them.

    subjects   those that contenders with small batches go through
    """
    turns: list[list[Turn]] = [[] for _ in contenders]
    for number in range(rounds):
        for contender, mine in zip(contenders, turns, strict=True):
            if number % contender.every:
                continue
            turn = number // contender.every
            first = turn * contender.batch % subjects if contender.batch < subjects else 0
            part = slice(first, first + contender.batch)
            seconds, values = contender.run(part)
            mine.append(Turn(part, seconds, values))
    return turns


def typical(turns: Sequence[Turn]) -> float:
    """Median seconds of processor time for a subject."""
    return statistics.median(turn.seconds_each for turn in turns)


def measured(work: Callable[[], Array]) -> tuple[float, Array]:
    """Seconds of processor time, and what came out."""
    begin = time.process_time()
    values = work()
    return time.process_time() - begin, values
