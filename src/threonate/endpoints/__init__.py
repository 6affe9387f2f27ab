"""What is read from a trajectory, and how."""

from __future__ import annotations

from threonate.endpoints.measure import DayGrid, measure, recorded_ids, sbml_id
from threonate.endpoints.path_grade import PathGrade, path_grade

__all__ = ["DayGrid", "PathGrade", "measure", "path_grade", "recorded_ids", "sbml_id"]
