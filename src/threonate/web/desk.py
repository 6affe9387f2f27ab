"""What does not change from one request to the next: the catalogue, people, and answers that were asked for lately."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from threonate.engine import one_worker
from threonate.evidence import Catalogue, read_catalogue, with_responses
from threonate.report.cohort import View, view_result
from threonate.simulation.body import Body, build_body
from threonate.simulation.fate import Fate, fate_body, follow_fate
from threonate.simulation.run import (
    BodyBuilder,
    People,
    draw_people,
    people_key,
    result_of,
    settle,
)
from threonate.simulation.scenario import Scenario
from threonate.web.asking import refuse
from threonate.web.solving import QUICK, WHOLE, Bodies, solve_side_by_side

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

    def kept(self, key: Hashable) -> Made | None:
        """The thing, if it is there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def get(self, key: Hashable, make: Callable[[], Made]) -> tuple[Made, bool]:
        """The thing, and whether it was there already."""
        found = self.kept(key)
        if found is not None:
            return found, True
        with self._lock:
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
    _catalogue: Shelf[Catalogue] = field(default_factory=lambda: Shelf(1))
    _crew: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE, "desk"))
    _building: threading.Lock = field(default_factory=threading.Lock)
    _waiting: int = 0
    _mine: threading.local = field(default_factory=threading.local)
    _count: threading.Lock = field(default_factory=threading.Lock)

    @property
    def catalogue(self) -> Catalogue:
        """The library, read once."""
        return self._catalogue.get("library", read_catalogue)[0]

    def in_turn(self, make: Callable[[], Made]) -> Made:
        """What is made by one of the desk's own threads, which go on with the memory of the question before.

        Who is not alone uses one core. What the threads of the desk make, they make on the spot.

        Raises    Refused when too many wait already
        """
        if getattr(self._mine, "turn", False):
            return make()
        with self._count:
            if self._waiting >= WAITING_AT_MOST:
                raise refuse(503, "busy", "Too many questions at once. Ask again in a moment.")
            self._waiting += 1
        try:
            return self._crew.submit(self._make, make).result()
        finally:
            with self._count:
                self._waiting -= 1

    def _make(self, make: Callable[[], Made]) -> Made:
        self._mine.turn = True
        with one_worker() if self._waiting > 1 else nullcontext():
            return make()

    def glance(self, scenarios: Sequence[Scenario]) -> View:
        """The scenarios solved, with what one screen shows."""
        return self._view(self.glances, scenarios, QUICK)

    def keep_glance(self, scenarios: Sequence[Scenario], view: View) -> None:
        """Put a view that was solved elsewhere where `glance` finds it."""
        self.glances.get(_key(scenarios), lambda: view)

    def whole(self, scenarios: Sequence[Scenario]) -> View:
        """The scenarios solved, with every endpoint."""
        return self._view(self.wholes, scenarios, WHOLE)

    def _view(self, views: Shelf[View], scenarios: Sequence[Scenario], bodies: Bodies) -> View:
        """Only the desk's threads wait for each other's views, so that nobody holds up one who needs a turn."""
        key = _key(scenarios)
        kept = views.kept(key)
        if kept is not None:
            return kept
        return self.in_turn(lambda: views.get(key, lambda: self._solve(scenarios, bodies))[0])

    def fate(self, scenario: Scenario) -> Fate:
        """Where the supplement was at the end of each day."""
        return self.in_turn(lambda: self._fate(scenario))

    def _fate(self, scenario: Scenario) -> Fate:
        question = settle([scenario], self.catalogue)
        people = self.people_of(question.scenarios[0])
        return follow_fate(question, people, self.catalogue, self._one_at_a_time(fate_body))

    def _one_at_a_time(self, make: BodyBuilder) -> BodyBuilder:
        """Composing and compiling is done by one thread at a time; what two would make alike is made once."""

        def build(catalogue: Catalogue, solids: Sequence[str]) -> Body:
            with self._building:
                return make(catalogue, solids)

        return build

    def people_of(self, scenario: Scenario) -> People:
        """The people of a scenario with their steady states."""
        with self._building:  # a baseline needs the body; once compiled, this is no wait
            build_body(with_responses(self.catalogue, ()))
        return self.people.get(people_key(scenario), lambda: draw_people(scenario, self.catalogue))[0]

    def _solve(self, scenarios: Sequence[Scenario], bodies: Bodies) -> View:
        question = settle(scenarios, self.catalogue)
        people = self.people_of(question.scenarios[0])
        answer = solve_side_by_side(question, people, self.catalogue, bodies.guarded(self._building))
        return view_result(result_of(question, answer, self.catalogue), self.catalogue)


def _key(scenarios: Sequence[Scenario]) -> str:
    return "\n".join(one.model_dump_json() for one in scenarios)
