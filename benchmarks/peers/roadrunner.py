"""libroadrunner: CVODE on code compiled by LLVM, one subject after another.

Its fastest honest setting is found by trying: doses as SBML events or a restart at each, BDF or Adams. Where that is
not the setting it comes with, events and BDF, it is measured at both, under names that do not begin alike. Absolute
tolerances are given per state, by the rule that our engine uses. Every subject is a document of his own, loaded before
the clock starts, so that the values at time zero are his and nothing has to be set.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.accuracy import ABSOLUTE_SHARE, Reference
from benchmarks.clock import Contender, measured
from benchmarks.document import subject_sbml
from benchmarks.problem import Array, Problem
from tests.oracle.interpreter_library import import_roadrunner
from threonate.errors import EngineError
from threonate.schedule import ADD

NAME = "libroadrunner"
FASTEST = f"{NAME} ("
AS_IT_COMES = f"{NAME} as it comes ("
RTOLS = (1e-3, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6)
RTOLS_QUICK = (1e-4, 1e-5, 1e-6)
_STEPS = 2_000_000
_QUIET = ("SUNLOGGER_ERROR_FILENAME", "SUNLOGGER_WARNING_FILENAME")


@dataclass(frozen=True, slots=True)
class Setting:
    """How it is asked: doses as SBML events or as restarts, BDF or Adams."""

    events: bool
    stiff: bool

    def __str__(self) -> str:
        return f"{'events' if self.events else 'restarts'}, {'BDF' if self.stiff else 'Adams'}"


DEFAULT = Setting(True, True)
SETTINGS = (DEFAULT, Setting(False, True), Setting(True, False))


def missing() -> str:
    """Why it cannot be run; empty when it can."""
    try:
        _library()
    except EngineError as error:
        return str(error)
    return ""


def make_contenders(problem: Problem, reference: Reference, *, quick: bool) -> list[Contender]:
    """One contender for each tolerance at the setting that is fastest on the first subject, and as it comes."""
    fastest = _fastest(problem, reference)
    named = {f"{FASTEST}{fastest})": fastest}
    if fastest != DEFAULT:
        named[f"{AS_IT_COMES}{DEFAULT})"] = DEFAULT
    found = []
    for name, setting in named.items():
        fleet = Fleet(problem, reference, setting)
        found += [Contender(name, rtol, 1, fleet.runner(rtol)) for rtol in (RTOLS_QUICK if quick else RTOLS)]
    return found


def courses(problem: Problem, reference: Reference, rtol: float) -> Array:
    """Courses of every subject at one tolerance, with a restart at every event."""
    run = Fleet(problem, reference, Setting(False, True)).runner(rtol)
    return np.concatenate([run(slice(i, i + 1))[1] for i in range(len(problem))])


def _fastest(problem: Problem, reference: Reference) -> Setting:
    first = problem.first(1)
    seconds = {}
    for setting in SETTINGS:
        run = Fleet(first, reference, setting).runner(1e-6)
        try:
            seconds[setting] = min(run(slice(0, 1))[0] for _ in range(2))
        except RuntimeError:  # CVODE gives up: a setting that does not suit the problem
            continue
    return min(seconds, key=lambda setting: seconds[setting])


@lru_cache(maxsize=1)
def _library() -> Any:
    for name in _QUIET:
        os.environ.setdefault(name, os.devnull)
    found = import_roadrunner()
    found.Logger.disableLogging()
    return found


class Fleet:
    """Loaded models, one for each subject, at one setting."""

    def __init__(self, problem: Problem, reference: Reference, setting: Setting) -> None:
        self.problem, self.reference, self.setting = problem, reference, setting
        self._engines: dict[int, Any] = {}

    def runner(self, rtol: float) -> Any:
        """What a contender runs."""

        def run(subjects: slice) -> tuple[float, Array]:
            parts = []
            for subject in range(subjects.start, subjects.stop):
                engine = self._ready(subject, rtol)
                solve = self._with_events if self.setting.events else self._with_restarts
                parts.append(measured(lambda solve=solve, engine=engine, subject=subject: solve(engine, subject)))
            return sum(seconds for seconds, _ in parts), np.stack([values for _, values in parts])

        return run

    def _ready(self, subject: int, rtol: float) -> Any:
        """The engine of a subject, at its start and with these tolerances."""
        if subject not in self._engines:
            text = subject_sbml(self.problem, subject, events=self.setting.events)
            engine = _library().RoadRunner(text)
            engine.timeCourseSelections = self._selections()
            self._engines[subject] = engine
        engine = self._engines[subject]
        engine.resetAll()
        integrator = engine.integrator
        integrator.relative_tolerance = rtol
        integrator.absolute_tolerance = self._absolute(engine, rtol)
        integrator.stiff = self.setting.stiff
        integrator.variable_step_size = False
        integrator.maximum_num_steps = _STEPS
        return engine

    def _selections(self) -> list[str]:
        diluted = self.problem.compiled.network.concentrations
        return [f"[{name}]" if name in diluted else name for name in self.problem.compiled.observables]

    def _absolute(self, engine: Any, rtol: float) -> list[float]:
        """Tolerances in the order of the state vector: rate rules first, whatever the manual says.

        Seen on a model of two uncoupled halves: a coarse tolerance in the first places spoils the rate rules.
        """
        sizes = self.reference.sizes
        rules = [name for name in engine.model.getRateRuleSymbols() if name in sizes]
        names = [*rules, *engine.model.getFloatingSpeciesIds()]
        scheduled = len(engine.model.getRateRuleSymbols()) - len(rules)
        if scheduled:
            raise EngineError("A rate rule of the document is not a state of the problem.")
        return [ABSOLUTE_SHARE * rtol * sizes[name] for name in names]

    def _with_events(self, engine: Any, subject: int) -> Array:
        return np.array(engine.simulate(times=list(self.problem.times_h)))

    def _with_restarts(self, engine: Any, subject: int) -> Array:
        """From event to event; a value recorded at the time of an event is the one just before it."""
        times, events = self.problem.times_h, self.problem.events
        mine = np.flatnonzero((events.subject == subject) & (events.times_h < times[-1]))
        due = events.times_h[mine]
        edges = np.unique(np.concatenate([times[[0, -1]], due]))
        values = np.empty((len(times), len(self.problem.compiled.observables)))
        values[0] = [engine.getValue(name) for name in engine.timeCourseSelections]
        for begin, end in pairwise(edges):
            for row in mine[np.searchsorted(due, begin) : np.searchsorted(due, begin, side="right")]:
                self._jump(engine.model, row)
            low, high = np.searchsorted(times, [begin, end], side="right")
            wanted = times[low:high]
            marks = [begin, *wanted] if len(wanted) and wanted[-1] == end else [begin, *wanted, end]
            values[low:high] = engine.simulate(times=marks)[1 : 1 + len(wanted)]
        return values

    def _jump(self, model: Any, row: int) -> None:
        events = self.problem.events
        name, value = events.targets[events.target[row]], float(events.value[row])
        if events.operation[row] == ADD:
            value += float(model[name])
        model[name] = value
