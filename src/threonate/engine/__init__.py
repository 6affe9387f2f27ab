"""Solve a network for many subjects. Numbers only: this room knows no magnesium."""

from threonate.engine.arithmetic import arithmetic
from threonate.engine.compiled import CompiledNetwork, compile_network
from threonate.engine.solve import solve_cohort
from threonate.engine.spot_check import AchievedError, check_course, checked_numbers, largest_of
from threonate.engine.tolerance import Tolerance, tolerance_names
from threonate.engine.trajectories import SubjectInputs, SubjectStatus, Trajectories
from threonate.engine.workers import one_worker, processors, works_alone

__all__ = [
    "AchievedError",
    "CompiledNetwork",
    "SubjectInputs",
    "SubjectStatus",
    "Tolerance",
    "Trajectories",
    "arithmetic",
    "check_course",
    "checked_numbers",
    "compile_network",
    "largest_of",
    "one_worker",
    "processors",
    "solve_cohort",
    "tolerance_names",
    "works_alone",
]
