"""All figures of one result, in the order of the report."""

from __future__ import annotations

from threonate.report.brain_days import draw_brain_days
from threonate.report.cohort import View
from threonate.report.compound_dots import draw_compound_dots
from threonate.report.figure import Figure
from threonate.report.plasma_day import draw_plasma_day
from threonate.report.response_figures import draw_responses
from threonate.report.sankey import draw_sankey
from threonate.report.time_course import draw_time_course
from threonate.report.urine_days import draw_urine_days

PAINTERS = (draw_plasma_day, draw_urine_days, draw_time_course, draw_brain_days, draw_compound_dots, draw_sankey)


def draw_figures(view: View) -> tuple[Figure, ...]:
    """Every figure that this result has data for."""
    drawn = tuple(figure for paint in PAINTERS if (figure := paint(view)) is not None)
    return (*drawn, *draw_responses(view))
