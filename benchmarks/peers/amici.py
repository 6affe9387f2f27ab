"""AMICI has no adapter here, since every model needs a C++ compiler: said, not silently left out."""

from __future__ import annotations

from importlib.util import find_spec

from benchmarks.accuracy import Reference
from benchmarks.clock import Contender
from benchmarks.problem import Problem

NAME = "AMICI"


def missing() -> str:
    """Always the reason."""
    installed = find_spec("amici") is not None
    return f"{NAME}: {'installed, but there is no adapter for it' if installed else 'not installed here'}."


def make_contenders(problem: Problem, reference: Reference, *, quick: bool) -> list[Contender]:
    """None."""
    return []
