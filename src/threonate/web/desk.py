"""What does not change from one request to the next: the catalogue, people, and answers that were asked for lately."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from threonate.evidence import Catalogue, read_catalogue
from threonate.report.cohort import View, view_result
from threonate.simulation.body import build_body
from threonate.simulation.glance import glance_body
from threonate.simulation.result import SimulationResult
from threonate.simulation.run import (
    People,
    Progress,
    draw_people,
    people_key,
    result_of,
    settle,
    solve_people,
)
from threonate.simulation.scenario import Scenario
from threonate.web.asking import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

Made = TypeVar("Made")
WAITING_AT_MOST = 64
AT_ONCE = 2


class Shelf(Generic[Made]):
    """The last few things that were made, by key; two who ask for the same at once wait for one making."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, make: Callable[[], Made]) -> tuple[Made, bool]:
        """The thing, and whether it was there already."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key], True
            mine = self._making.setdefault(key, threading.Lock())
        with mine:
            with self._lock:
                if key in self._kept:
                    return self._kept[key], True
            try:
                made = make()
                with self._lock:
                    self._kept[key] = made
                    while len(self._kept) > self._size:
                        self._kept.popitem(last=False)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made, False


@dataclass
class Desk:
    """One process of the page; every method may be called from any thread.

    glances   views with the endpoints of one screen; wholes  views with all of them
    """

    people: Shelf[People] = field(default_factory=lambda: Shelf(16))
    glances: Shelf[View] = field(default_factory=lambda: Shelf(6))
    wholes: Shelf[View] = field(default_factory=lambda: Shelf(3))
    answers: Shelf[Any] = field(default_factory=lambda: Shelf(64))
    _turn: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))
    _waiting: int = 0
    _count: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def catalogue(self) -> Catalogue:
        return read_catalogue()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A place among those who calculate.

        Raises    Refused when too many wait already
        """
        with self._count:
            if self._waiting >= WAITING_AT_MOST:
                raise refuse(503, "busy", "Too many questions at once. Ask again in a moment.")
            self._waiting += 1
        try:
            with self._turn:
                yield
        finally:
            with self._count:
                self._waiting -= 1

    def glance(self, scenarios: Sequence[Scenario]) -> View:
        """The scenarios solved, with what one screen shows."""
        return self.glances.get(_key(scenarios), lambda: self._solve(scenarios, quick=True))[0]

    def whole(self, scenarios: Sequence[Scenario], progress: Progress | None = None) -> View:
        """The scenarios solved, with every endpoint."""
        return self.wholes.get(_key(scenarios), lambda: self._solve(scenarios, quick=False, progress=progress))[0]

    def _solve(self, scenarios: Sequence[Scenario], *, quick: bool, progress: Progress | None = None) -> View:
        with self.turn():
            question = settle(scenarios, self.catalogue)
            first = question.scenarios[0]
            people = self.people.get(people_key(first), lambda: draw_people(first, self.catalogue))[0]
            build = glance_body if quick else build_body
            answer = solve_people(question, people, self.catalogue, build=build, progress=progress)
            result = result_of(question, answer, self.catalogue)
            return view_result(_with_hashes(result, people), self.catalogue)


def _key(scenarios: Sequence[Scenario]) -> str:
    return "\n".join(one.model_dump_json() for one in scenarios)


def _with_hashes(result: SimulationResult, people: People) -> SimulationResult:
    """The provenance with a hash of every number that stands for a subject before anything is taken."""
    digest = hashlib.sha256()
    for name, values in sorted(people.baseline.table.values.items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(values, dtype=np.float64).tobytes())
    return replace(result, provenance={**result.provenance, "parameter_hash": digest.hexdigest()})
