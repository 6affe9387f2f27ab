"""Events for tests, one row each: subject, time, operation, target, value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from threonate.schedule import EventTable

Row = tuple[int, float, int, str, float]


def table(rows: Iterable[Row]) -> EventTable:
    """The events by subject, then time; those at one time in the order given."""
    return in_this_order(sorted(rows, key=lambda row: (row[0], row[1])))


def in_this_order(rows: Sequence[Row]) -> EventTable:
    """The events as they stand."""
    targets = tuple(dict.fromkeys(row[3] for row in rows))
    return EventTable(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.float64),
        np.array([targets.index(row[3]) for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.int8),
        np.array([row[4] for row in rows], dtype=np.float64),
        targets,
    )
