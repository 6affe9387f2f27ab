"""COPASI through basico: LSODA, doses as SBML events, one subject after another."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.accuracy import ABSOLUTE_SHARE, Reference
from benchmarks.clock import Contender, measured
from benchmarks.document import subject_sbml
from benchmarks.problem import Array, Problem

NAME = "COPASI"
RTOLS = (1e-6,)
_STEPS = 10_000_000
_ATTEMPTS = 5


def missing() -> str:
    """Why it cannot be run; empty when it can."""
    return "" if find_spec("basico") else "COPASI: copasi-basico is not installed here."


def make_contenders(problem: Problem, reference: Reference, *, quick: bool) -> list[Contender]:
    """LSODA at the nominal tolerance; its absolute tolerance is scaled by COPASI with the start values."""
    crew = _Crew(problem)
    return [Contender(f"{NAME} (LSODA)", rtol, 1, crew.runner(rtol)) for rtol in RTOLS]


class _Crew:
    """Loaded models, one for each subject."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.basico = import_module("basico")
        logging.getLogger("basico").setLevel(logging.CRITICAL)
        self._models: dict[int, Any] = {}

    def runner(self, rtol: float) -> Callable[[slice], tuple[float, Array]]:
        """What a contender runs."""

        def run(subjects: slice) -> tuple[float, Array]:
            found = [self._whole(subject, rtol) for subject in range(subjects.start, subjects.stop)]
            return sum(seconds for seconds, _ in found), np.stack([values for _, values in found])

        return run

    def _whole(self, subject: int, rtol: float) -> tuple[float, Array]:
        """A whole run of a subject; about one in ten stops early ("invalid state") and succeeds when loaded anew."""
        count = len(self.problem.times_h)
        seconds, values = 0.0, np.empty((0, 0))
        for _ in range(_ATTEMPTS):
            if subject not in self._models:
                self._models[subject] = self.basico.load_model_from_string(subject_sbml(self.problem, subject))
            seconds, values = _timed(self.basico, self._models[subject], self.problem, rtol)
            if len(values) == count:
                return seconds, values
            self.basico.remove_datamodel(self._models.pop(subject))
        return seconds, np.full((count, len(self.problem.compiled.observables)), np.nan)


def _timed(basico: Any, model: Any, problem: Problem, rtol: float) -> tuple[float, Array]:
    times = problem.times_h
    basico.set_task_settings("Time-Course", {"method": {"Max Internal Steps": _STEPS}}, model=model)
    frames = []

    def work() -> Array:
        frames.append(
            basico.run_time_course(
                model=model, values=[float(t) for t in times], method="lsoda", r_tol=rtol, a_tol=ABSOLUTE_SHARE * rtol,
                update_model=False, use_initial_values=True,
            )
        )  # fmt: skip
        return np.empty(0)

    seconds, _ = measured(work)
    return seconds, _columns(basico, model, frames[0], problem)


def _columns(basico: Any, model: Any, frame: Any, problem: Problem) -> Array:
    """The observables, with species as amounts where the formulas mean amounts."""
    network = problem.compiled.network
    species = basico.get_species(model=model)
    by_id = dict(zip(species["sbml_id"], species.index, strict=True))
    quantities = basico.get_parameters(model=model)
    by_id_other = dict(zip(quantities["sbml_id"], quantities.index, strict=True))
    found = []
    for name in problem.compiled.observables:
        if name not in by_id:
            found.append(frame[f"Values[{by_id_other[name]}]"].to_numpy())
            continue
        column = frame[by_id[name]].to_numpy()
        compartment = species.loc[by_id[name], "compartment"]
        volume = basico.get_compartments(compartment, exact=True, model=model)["initial_size"].iloc[0]
        found.append(column if name in network.concentrations else column * volume)
    return np.stack(found, axis=1)
