"""Rows of every response: what the model gives, and whether it lies inside what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.bench import Row
from tests.published.response_rows import Chapter, chapters

ROWS = [row for chapter in chapters() for row in chapter.rows]


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_model_gives_what_is_written(row: Row) -> None:
    assert row.value() == pytest.approx(row.expected, abs=row.tolerance)


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_known_misses_are_named_and_the_rest_meet_the_data(row: Row) -> None:
    if np.isnan(row.low):
        assert row.note
    else:
        assert bool(row.low <= row.value() <= row.high) is row.meets
    assert row.role in ("T", "V")
    assert row.meets or row.note


@pytest.mark.parametrize("chapter", chapters(), ids=[chapter.id for chapter in chapters()])
def test_what_misses_mean_is_said_where_there_are_some(chapter: Chapter) -> None:
    assert bool(chapter.meaning) is any(not row.meets for row in chapter.rows)


def test_every_row_has_a_name_of_its_own() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)
