"""Parts of a table of events are the events that a plain reading of its rows finds."""

from __future__ import annotations

import numpy as np
import pytest

from tests.event_rows import table
from threonate.schedule import ADD, NO_EVENTS, SET, EventTable

ROWS = [
    (0, 0.0, ADD, "a", 1.0),
    (0, 8.0, SET, "b", 2.0),
    (2, 8.0, ADD, "a", 3.0),
    (2, 8.0, ADD, "a", 4.0),
    (2, 24.0, SET, "b", 5.0),
    (3, 12.0, ADD, "a", 6.0),
]


def rows_of(events: EventTable) -> list[tuple[int, float, int, str, float]]:
    columns = (events.subject, events.times_h, events.operation, events.target, events.value)
    named = zip(*(column.tolist() for column in columns), strict=True)
    return [
        (subject, time, operation, events.targets[target], value) for subject, time, operation, target, value in named
    ]


@pytest.mark.parametrize("subjects", [[0, 1, 2, 3], [3, 0], [2, 2, 1], [1], []])
def test_events_of_subjects_are_those_of_each_in_turn(subjects):
    found = table(ROWS).of(np.array(subjects, dtype=np.int64))
    expected = [(place, *row[1:]) for place, subject in enumerate(subjects) for row in ROWS if row[0] == subject]

    assert rows_of(found) == expected


def test_a_day_begins_at_its_midnight_and_ends_before_the_next():
    found = table(ROWS).between(8.0, 24.0)

    assert rows_of(found) == [(s, time - 8.0, *rest) for s, time, *rest in ROWS if 8.0 <= time < 24.0]


def test_nothing_has_no_rows():
    assert len(NO_EVENTS) == len(NO_EVENTS.of(np.arange(3))) == 0
    assert NO_EVENTS.subject.dtype == table(ROWS).subject.dtype
