"""Every row of the acceptance table: what the model gives, and whether it lies inside what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.acceptance import rows
from tests.published.bench import Row
from tests.published.page import PAGE, text

ROWS = rows()


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_model_gives_what_is_written(row: Row) -> None:
    assert row.value() == pytest.approx(row.expected, abs=row.tolerance)


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_known_misses_are_named_and_the_rest_meet_the_data(row: Row) -> None:
    """A miss that is not named fails, and so does a named miss that has been mended."""
    if np.isnan(row.low):
        assert row.role == "prediction"
    else:
        assert bool(row.low <= row.value() <= row.high) is row.meets


def test_the_page_shows_what_the_model_gives() -> None:
    """`python -m tests.published.page` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == text()
