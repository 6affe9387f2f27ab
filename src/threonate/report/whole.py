"""The whole of summary.json: the body, and the responses where some were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threonate.evidence.records import Catalogue
from threonate.report.cohort import View, view_result
from threonate.report.responses import summarise_responses
from threonate.report.summary import summarise_body

if TYPE_CHECKING:
    from threonate.simulation.result import SimulationResult


def summarise(result: SimulationResult, catalogue: Catalogue) -> dict[str, Any]:
    """The whole of summary.json as plain Python values; absent numbers are None.

    Keys: provenance, scenario, safety, subjects, observables; `arms` when several compounds were run; `responses`
    when some were asked for.
    """
    return whole_summary(view_result(result, catalogue))


def whole_summary(view: View) -> dict[str, Any]:
    """The same from a view."""
    summary = summarise_body(view)
    if not view.main.reference.responses.is_empty():
        summary["responses"] = summarise_responses(view, view.main)
        for group in view.groups if "arms" in summary else ():
            summary["arms"][group.key]["responses"] = summarise_responses(view, group)
    return summary
