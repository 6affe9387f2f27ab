"""Integration methods, found by looking through this folder."""

from __future__ import annotations

import importlib
from functools import lru_cache
from pathlib import Path

from threonate.engine.kernels.tableau import Method
from threonate.errors import EngineError, nearest


@lru_cache(maxsize=1)
def all_methods() -> dict[str, Method]:
    """Every method of this folder by name: a module with a METHOD."""
    package = __name__.rpartition(".")[0]
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if "\nMETHOD = " in path.read_text(encoding="utf-8"):
            method = importlib.import_module(f"{package}.{path.stem}").METHOD
            found[method.name] = method
    return found


def method_named(name: str) -> Method:
    """A method by name.

    Raises    EngineError for a name that is not there
    """
    if name not in all_methods():
        raise EngineError(f"There is no integration method '{name}'. {nearest(name, all_methods())}")
    return all_methods()[name]
