"""AMICI: CVODES on C++ written for the model, doses as SBML events, one subject after another.

The model is compiled once for all subjects: what differs between them is a parameter. Compiling takes a quarter of a
minute and is kept in the user's cache. AMICI knows one absolute tolerance for all states, where others are given one
for each. It is the share of the relative tolerance that others have, times one size: a typical state's, that of a large
one or that of the largest. The size and the method are tried on the first subject, and the fastest pair counts among
those whose error is at most ten times the tolerance. Nothing is prepared for sensitivities and the search for the
limit of stability is off, which makes it faster than it comes. A restart at each dose was slower on both
models when it was tried.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module, metadata
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from benchmarks.accuracy import ABSOLUTE_SHARE, Reference
from benchmarks.clock import Contender, measured
from benchmarks.document import shared_sbml
from benchmarks.problem import Array, Problem
from threonate.engine.kernels.kept import cache_folder, key_of

NAME = "AMICI"
RTOLS = (1e-3, 1e-4, 1e-5, 1e-6)
_TRIED_RTOL = 1e-6
_TRIED_ERROR = 1e-5
_TRIED_SIZES = (0.5, 0.75, 1.0)
_COMPILERS = ("c++", "g++", "clang++")
_STEPS = 2_000_000


def missing() -> str:
    """Why it cannot be run; empty when it can."""
    if find_spec("amici") is None:
        return f"{NAME}: not installed here."
    if not (os.environ.get("CXX") or any(map(shutil.which, _COMPILERS))):
        return f"{NAME}: there is no C++ compiler here."
    return ""


def make_contenders(problem: Problem, reference: Reference, *, quick: bool) -> list[Contender]:
    """One contender for each tolerance, at the setting that is fastest on the first subject."""
    crew = _Crew(problem)
    setting = _fastest(crew, reference)
    rtols = RTOLS[1:] if quick else RTOLS
    return [Contender(f"{NAME} ({setting})", rtol, 1, crew.runner(setting, rtol)) for rtol in rtols]


@dataclass(frozen=True, slots=True)
class Setting:
    """How it is asked.

    multistep    adams or BDF
    iteration    newton or fixedpoint
    size         of a state, for the absolute tolerance
    """

    multistep: str
    iteration: str
    size: float

    def __str__(self) -> str:
        return f"events, {'BDF' if self.multistep == 'BDF' else 'Adams'}"


METHODS = (("BDF", "newton"), ("adams", "newton"), ("adams", "fixedpoint"))


def _fastest(crew: _Crew, reference: Reference) -> Setting:
    sizes = np.quantile(list(reference.sizes.values()), _TRIED_SIZES)
    settings = [Setting(*method, float(size)) for method, size in product(METHODS, sizes)]
    first = slice(0, 1)

    def judged(setting: Setting) -> tuple[float, float]:
        run = crew.runner(setting, _TRIED_RTOL)
        found = [run(first) for _ in range(2)]
        return max(_TRIED_ERROR, reference.error(found[0][1], first)), min(seconds for seconds, _ in found)

    return min(settings, key=judged)


class _Crew:
    """The compiled model and the parameters of every subject."""

    def __init__(self, problem: Problem) -> None:
        document = shared_sbml(problem)
        logging.getLogger("amici").setLevel(logging.CRITICAL)
        self.library = import_module("amici.sim.sundials")
        self.model = _compiled(problem, document.sbml)
        self.model.set_timepoints([float(t) for t in problem.times_h])
        self.model.set_parameter_list([])  # those that sensitivities are asked for
        self.shape = len(problem.times_h), len(problem.compiled.observables)
        self.values = np.tile(self.model.get_free_parameters(), (len(problem), 1))
        places = {name: place for place, name in enumerate(self.model.get_free_parameter_ids())}
        for name, column in document.values.items():
            self.values[:, places[name]] = column

    def runner(self, setting: Setting, rtol: float) -> Callable[[slice], tuple[float, Array]]:
        """What a contender runs."""
        solve = partial(self._solve, self._solver(setting, rtol))

        def run(subjects: slice) -> tuple[float, Array]:
            parts = []
            for subject in range(subjects.start, subjects.stop):
                self.model.set_free_parameters(self.values[subject].tolist())
                parts.append(measured(solve))
            return sum(seconds for seconds, _ in parts), np.stack([values for _, values in parts])

        return run

    def _solver(self, setting: Setting, rtol: float) -> Any:
        library, solver = self.library, self.model.create_solver()
        solver.set_relative_tolerance(rtol)
        solver.set_absolute_tolerance(ABSOLUTE_SHARE * rtol * setting.size)
        solver.set_linear_multistep_method(getattr(library.LinearMultistepMethod, setting.multistep))
        solver.set_non_linear_solver_iteration(getattr(library.NonlinearSolverIteration, setting.iteration))
        solver.set_stability_limit_flag(False)
        solver.set_return_data_reporting_mode(library.RDataReporting.observables_likelihood)
        solver.set_max_steps(_STEPS)
        return solver

    def _solve(self, solver: Any) -> Array:
        """Observables at the times to record; not a number where it gave up."""
        found = self.model.simulate(solver=solver)
        return np.array(found.y) if found.status == self.library.AMICI_SUCCESS else np.full(self.shape, np.nan)


def _compiled(problem: Problem, sbml: str) -> Any:
    """The model as machine code, from the cache or built anew."""
    observables = problem.compiled.observables
    name = f"{problem.name}_{key_of(sys.version, metadata.version('amici'), sbml, *observables)[:16]}"
    folder = cache_folder() / "amici"
    if not (folder / name).exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as place:
            _build(name, sbml, observables, Path(place) / name)
            with contextlib.suppress(OSError):  # another process was first
                (Path(place) / name).rename(folder / name)
    return import_module("amici.sim.sundials").import_model_module(name, folder / name).get_model()


def _build(name: str, sbml: str, observables: tuple[str, ...], folder: Path) -> None:
    """Write C++ and compile it, with the SWIG that was installed beside this Python."""
    importer = import_module("amici.importers.sbml").SbmlImporter(sbml, from_file=False)
    channel = import_module("amici.importers.utils").MeasurementChannel
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    with mock.patch.dict(os.environ, PATH=beside):
        importer.sbml2amici(
            name, folder, compute_conservation_laws=False, generate_sensitivity_code=False,
            observation_model=[channel(f"seen_{observable}", formula=observable) for observable in observables],
        )  # fmt: skip
