"""Rows of every response: a file in `tests/published/responses` is found by its presence."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache

from tests.published import responses
from tests.published.bench import Row
from threonate.evidence import read_catalogue


@dataclass(frozen=True)
class Chapter:
    """The rows of one response, and what its misses mean."""

    id: str
    title: str
    rows: tuple[Row, ...]
    meaning: str


@cache
def chapters() -> tuple[Chapter, ...]:
    """Every response with rows, by title."""
    names = [module.name for module in pkgutil.iter_modules(responses.__path__)]
    return tuple(sorted((_chapter(name) for name in names), key=lambda one: one.title.lower()))


def _chapter(name: str) -> Chapter:
    module = importlib.import_module(f"{responses.__name__}.{name}")
    shelf = read_catalogue().responses
    title = shelf[name].about.title if name in shelf else module.TITLE
    return Chapter(name, title, tuple(module.ROWS), " ".join(getattr(module, "MEANING", "").split()))
