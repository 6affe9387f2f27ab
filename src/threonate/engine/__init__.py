"""Solve a network for many subjects. Numbers only: this room knows no magnesium."""

from threonate.engine.compiled import CompiledNetwork, compile_network
from threonate.engine.solve import solve_cohort
from threonate.engine.tolerance import Tolerance, tolerance_names
from threonate.engine.trajectories import SubjectInputs, SubjectStatus, Trajectories
from threonate.engine.workers import one_worker, works_alone

__all__ = [
    "CompiledNetwork",
    "SubjectInputs",
    "SubjectStatus",
    "Tolerance",
    "Trajectories",
    "compile_network",
    "one_worker",
    "solve_cohort",
    "tolerance_names",
    "works_alone",
]
