"""Solvers that are named in the comparison of the field and have no adapter here: said, not silently left out."""

from __future__ import annotations

from importlib.util import find_spec

from benchmarks.accuracy import Reference
from benchmarks.clock import Contender
from benchmarks.problem import Problem

NAME = "AMICI, diffrax"
_MODULES = {"AMICI": "amici", "diffrax": "diffrax"}


def missing() -> str:
    """A sentence for each of them."""
    found = []
    for name, module in _MODULES.items():
        installed = find_spec(module) is not None
        found.append(
            f"{name}: {'installed, but there is no adapter for it yet' if installed else 'not installed here'}."
        )
    return "\n".join(found)


def make_contenders(problem: Problem, reference: Reference, *, quick: bool) -> list[Contender]:
    """None."""
    return []
