"""Daily values from a course: means, ends, increases, shares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from threonate.endpoints import DayGrid, measure, recorded_ids, sbml_id
from threonate.engine import SubjectStatus, Trajectories
from threonate.errors import EngineError
from threonate.evidence import Endpoint, read_catalogue

LEVEL = read_catalogue().endpoints["Mg_plasma"]
MEAN, END, INCREASE, SHARE = (
    replace(LEVEL, id=kind, kind=kind, symbol="organ.x") for kind in ("mean", "end", "increase", "share")
)
ENDPOINTS: dict[str, Endpoint] = {endpoint.id: endpoint for endpoint in (MEAN, END, INCREASE, SHARE)}
GRID = DayGrid(first_day=-1, days=3)
TIMES = np.array([0.0, 12.0, 24.0, 30.0, 48.0, 72.0])
SWALLOWED = np.array([[10.0, 0.0, 20.0], [10.0, 10.0, 10.0]])


def course() -> Trajectories:
    """Two subjects: x grows by 1 per hour and its integral by x; the second one failed."""
    values = np.stack([TIMES, TIMES**2 / 2.0], axis=1)
    both = np.stack([values, np.full_like(values, np.nan)])
    return Trajectories(
        TIMES, ("organ_x", "integral_organ_x"), both, (SubjectStatus(True), SubjectStatus(False, "no."))
    )


def values(kind: str, subject: int) -> list[float | None]:
    rows = measure(course(), ENDPOINTS, GRID, SWALLOWED).filter(
        (pl.col("endpoint") == kind) & (pl.col("subject") == subject)
    )
    return rows.sort("day")["value"].to_list()


def test_each_kind_of_daily_value() -> None:
    assert values("mean", 0) == [12.0, 36.0, 60.0]
    assert values("end", 0) == [24.0, 48.0, 72.0]
    assert values("increase", 0) == [24.0, 24.0, 24.0]
    assert values("share", 0) == [2.4, None, 1.2]


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_a_failed_subject_has_rows_without_values(kind: str) -> None:
    assert values(kind, 1) == [None, None, None]


def test_one_row_for_each_subject_day_and_endpoint() -> None:
    table = measure(course(), ENDPOINTS, GRID, SWALLOWED)

    assert table.columns == ["subject", "day", "endpoint", "value"]
    assert table.select("subject", "day", "endpoint").n_unique() == len(table) == 2 * 3 * 4
    assert table["day"].unique().sort().to_list() == [-1, 0, 1]


def test_a_midnight_that_was_not_recorded_is_an_error() -> None:
    with pytest.raises(EngineError, match="not recorded at 96 h"):
        measure(course(), ENDPOINTS, DayGrid(first_day=-1, days=4), np.ones((2, 4)))


def test_days_of_a_run() -> None:
    grid = DayGrid(first_day=-7, days=21, washout=4)

    assert grid.labels.tolist() == list(range(-7, 14))
    assert grid.bounds_h.tolist() == [24.0 * day for day in range(22)]
    assert grid.last_day == 9


def test_a_mean_needs_the_integral_and_the_rest_themselves() -> None:
    assert recorded_ids(ENDPOINTS.values()) == ("integral_organ_x", "organ_x")
    assert sbml_id("soft_tissue.Mg_muscle") == "soft_tissue_Mg_muscle"
