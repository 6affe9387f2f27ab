"""The benchmarks by name, each a module with `main(arguments)`; found by looking through this folder."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def all_verbs() -> dict[str, ModuleType]:
    """Every module of this folder by name."""
    names = [found.name for found in pkgutil.iter_modules(__path__)]
    return {name: importlib.import_module(f"{__name__}.{name}") for name in names}
