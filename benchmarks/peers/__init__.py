"""Other solvers on the same problems, each at its fastest honest setting; found by looking through this folder.

A peer is a module with `NAME`, `missing()` (why it cannot be run, or an empty text) and
`make_contenders(problem, reference, quick)`.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def all_peers() -> list[ModuleType]:
    """Every module of this folder."""
    return [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
