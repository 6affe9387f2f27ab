"""Integration methods, found by looking through this folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from pathlib import Path

from threonate.engine.kernels.tableau import Tableau
from threonate.errors import EngineError, nearest


@lru_cache(maxsize=1)
def all_methods() -> dict[str, Tableau]:
    """Every method of this folder by name: a module with a METHOD."""
    package = __name__.rpartition(".")[0]
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    found = {}
    for name in names:
        if name.startswith("rodas"):
            method = importlib.import_module(f"{package}.{name}").METHOD
            found[method.name] = method
    return found


def method_named(name: str) -> Tableau:
    """A method by name.

    Raises    EngineError for a name that is not there
    """
    if name not in all_methods():
        raise EngineError(f"There is no integration method '{name}'. {nearest(name, all_methods())}")
    return all_methods()[name]
