"""Rows about the brain: what the model gives, and whether it lies inside what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from tests.published.bench import Row
from tests.published.responses import alzheimer, bdnf, cognition, nmda, synapse, virtual_rat

ROWS = [row for part in (alzheimer, bdnf, cognition, nmda, synapse, virtual_rat) for row in part.ROWS]


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_known_misses_are_named_and_the_rest_meet_the_data(row: Row) -> None:
    assert row.value() == pytest.approx(row.expected, abs=row.tolerance)
    assert bool(row.low <= row.value() <= row.high) is row.meets
    assert not np.isnan(row.low)
    assert row.meets or row.note
