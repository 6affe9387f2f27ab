"""A figure as a file: the numbers that are seen, with units, provenance and the word of caution."""

from __future__ import annotations

import io
import json
import threading
from typing import Literal

import numpy as np
import polars as pl

from threonate.evidence import for_endpoints
from threonate.report.cohort import Band, View
from threonate.report.figures import draw_figures
from threonate.report.page import build_page
from threonate.report.sheet import Picture, draw_picture
from threonate.report.whole import whole_summary
from threonate.simulation.run import allowed_hypotheses
from threonate.simulation.scenario import Scenario, check_names
from threonate.units import mg_from_mmol
from threonate.web.asking import MOST_DRAWN, check_cost, wrong_field
from threonate.web.body_map import body_map_answer, map_figure
from threonate.web.desk import Desk
from threonate.web.drawing import FAR_APART_H
from threonate.web.explore import simulate_answer
from threonate.web.models import Common, Figure, Series
from threonate.web.responding import responses_answer

FileKind = Literal["csv", "parquet", "svg", "pdf"]
Amounts = Literal["mmol", "mg"]
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}
_DRAWING = threading.Lock()
"""matplotlib keeps its settings in one place; one drawing at a time."""


def export_file(desk: Desk, scenario: Scenario, name: str, kind: FileKind, amounts: Amounts = "mmol") -> bytes:
    """The figure of this name as a file.

    amounts   unit of amounts of magnesium on the y axis
    Raises    Refused for a figure that this scenario does not have
    """
    answer, figure = _figure(desk, scenario, name)
    figure = in_mg(figure) if amounts == "mg" else figure
    if kind in ("csv", "parquet"):
        return _csv(answer, figure) if kind == "csv" else _parquet(answer, figure)
    with _DRAWING:
        return draw_picture(_picture(answer, figure), "svg" if kind == "svg" else "pdf")


def _figure(desk: Desk, scenario: Scenario, name: str) -> tuple[Common, Figure]:
    if name == "body_map":
        fate = body_map_answer(desk, scenario)
        return fate, map_figure(fate)
    explored = simulate_answer(desk, scenario)
    if name in explored.figures:
        return explored, explored.figures[name]
    known_names = [*explored.figures, "body_map"]
    if scenario.endpoints:
        answer = responses_answer(desk, scenario)
        for endpoint in answer.endpoints:
            if endpoint.id == name:
                return answer, endpoint.figure
        known_names += [endpoint.id for endpoint in answer.endpoints]
    raise wrong_field("figure", name[:80], ", ".join(known_names), "Name one of the figures of this scenario.")


def in_mg(figure: Figure) -> Figure:
    """The figure with amounts in mg of elemental magnesium; one that shows no amount as it is."""
    if not figure.y.unit.startswith("mmol"):
        return figure

    def mg(values: list[float | None]) -> list[float | None]:
        return [None if value is None else mg_from_mmol(value) for value in values]

    series = [
        one.model_copy(update={"median": mg(one.median), "low": mg(one.low), "high": mg(one.high)})
        for one in figure.series
    ]
    unit = figure.y.unit.replace("mmol", "mg", 1)
    greatest = None if figure.max is None else mg_from_mmol(figure.max)
    y = figure.y.model_copy(update={"unit": unit})
    return figure.model_copy(update={"series": series, "max": greatest, "y": y, "reference": None})


def about_figure(answer: Common, figure: Figure) -> dict[str, str]:
    """What every file says of itself."""
    told = {
        "figure": figure.title,
        "x": f"{figure.x.name} [{figure.x.unit}]",
        "y": f"{figure.y.name} [{figure.y.unit or '1'}]",
        "maximum": f"{figure.max} {figure.y.unit}" if figure.max is not None else "",
        "grade": figure.grade.word,
        "band": answer.band,
        "question": answer.question,
        "warning": figure.warning,
        **{name: str(value) for name, value in answer.provenance.model_dump().items()},
        "disclaimer": answer.disclaimer,
    }
    return {name: value for name, value in told.items() if value}


def _table(figure: Figure) -> pl.DataFrame:
    unit = figure.y.unit or "1"
    names = {"x": f"{figure.x.name} [{figure.x.unit}]", **{key: f"{key} [{unit}]" for key in ("median", "p5", "p95")}}
    frames = [
        pl.DataFrame(
            {
                "series": [one.id] * len(one.x),
                names["x"]: one.x,
                names["median"]: one.median,
                names["p5"]: one.low,
                names["p95"]: one.high,
            }
        )
        for one in figure.series
    ]
    return pl.concat(frames)


def _csv(answer: Common, figure: Figure) -> bytes:
    lines = [f"# {name}: {' '.join(value.split())}" for name, value in about_figure(answer, figure).items()]
    return ("\n".join(lines) + "\n" + _table(figure).write_csv()).encode()


def _parquet(answer: Common, figure: Figure) -> bytes:
    import pyarrow.parquet as pq

    table = _table(figure).to_arrow()
    about = about_figure(answer, figure)
    kept = {**about, "provenance": json.dumps(answer.provenance.model_dump(), sort_keys=True)}
    stream = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(kept), stream, compression="zstd")
    return stream.getvalue()


def _picture(answer: Common, figure: Figure) -> Picture:
    record = answer.provenance
    trail = f"threonate {record.version}, library {record.library_hash[:12]}, seed {record.seed}."
    words = [figure.warning, figure.caption, f"Grade: {figure.grade.word}.", trail, answer.disclaimer]
    return Picture(
        id=figure.id.replace("_", "-"),
        title=figure.title,
        caption=" ".join(word for word in words if word),
        x=f"{figure.x.name}, {figure.x.unit}",
        y=f"{figure.y.name}, {figure.y.unit}" if figure.y.unit else figure.y.name,
        lines=[(one.title, _band(one, figure.x.unit == "h")) for one in figure.series],
        about=about_figure(answer, figure),
    )


def _band(one: Series, hours: bool) -> Band:
    """The band of a series; a course in hours is broken where it was not recorded."""
    columns = (one.x, one.median, one.low, one.high)
    x, *values = (np.array([np.nan if v is None else v for v in column], dtype=np.float64) for column in columns)
    gaps = np.flatnonzero(np.diff(x) > FAR_APART_H) + 1 if hours else np.empty(0, dtype=np.int64)
    return Band(np.insert(x, gaps, np.nan), *(np.insert(column, gaps, np.nan) for column in values))


def report_page(desk: Desk, scenario: Scenario, *, capped: bool = True, view: View | None = None) -> str:
    """The report of a scenario: one HTML text that needs nothing but itself."""
    named = check_names(scenario, desk.catalogue)
    if capped:
        _check_report(desk, named)
    whole = view or desk.whole([named])
    with _DRAWING:
        return build_page(whole, whole_summary(whole), draw_figures(whole))


def _check_report(desk: Desk, scenario: Scenario) -> None:
    """Raises Refused when a plain request would solve or draw for too long."""
    chosen = for_endpoints(desk.catalogue, scenario.endpoints)
    drawn = sum(bool(one.response) for one in chosen.endpoints.values())
    if drawn > MOST_DRAWN:
        allowed = f"names of at most {MOST_DRAWN} endpoints in all, and these are {drawn}"
        remedy = "Name fewer, or send it as a job: POST api/jobs."
        raise wrong_field("endpoints", " ".join(scenario.endpoints), allowed, remedy)
    check_cost([scenario], len(allowed_hypotheses(scenario, desk.catalogue)), weight=2 + 2 * len(chosen.chosen))
