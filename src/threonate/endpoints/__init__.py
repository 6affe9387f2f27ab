"""What is read from a trajectory, and how."""

from __future__ import annotations

from threonate.endpoints.measure import (
    RESPONSE_COLUMNS,
    DayGrid,
    measure,
    measure_responses,
    measured_ids,
    recorded_ids,
    sbml_id,
)
from threonate.endpoints.path_grade import PathGrade, link_is_on, path_grade

__all__ = [
    "RESPONSE_COLUMNS",
    "DayGrid",
    "PathGrade",
    "link_is_on",
    "measure",
    "measure_responses",
    "measured_ids",
    "path_grade",
    "recorded_ids",
    "sbml_id",
]
