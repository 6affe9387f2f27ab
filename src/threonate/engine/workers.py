"""How many workers a solve may use: all of the machine, or one where others already share it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ALONE: ContextVar[bool] = ContextVar("alone", default=False)


@contextmanager
def one_worker() -> Iterator[None]:
    """Solves inside the block, in this thread, use one worker; for callers that divide the work themselves.

    >>> with one_worker():
    ...     works_alone()
    True
    >>> works_alone()
    False
    """
    token = _ALONE.set(True)
    try:
        yield
    finally:
        _ALONE.reset(token)


def works_alone() -> bool:
    """Whether this thread was told to use one worker."""
    return _ALONE.get()


def processors() -> int:
    """How many processors this process may use; at least one.

    >>> processors() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1
