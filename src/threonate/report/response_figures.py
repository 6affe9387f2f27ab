"""Figures of the responses: one course for each endpoint."""

from __future__ import annotations

import textwrap

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from threonate.evidence.important import important_told
from threonate.evidence.records import Endpoint
from threonate.report.canvas import BLUE, ORANGE, SOFT, Pen, blank_sheet, day_axis, draw_band, drawing_style, sheet_svg
from threonate.report.cohort import Band, View, band_over, describe_band
from threonate.report.figure import Figure, Table
from threonate.report.numbers import interval, plain
from threonate.report.response_overview import draw_forest
from threonate.report.responses import (
    ILLUSTRATION,
    NEGLIGIBLE,
    effect_of,
    grade_sentence,
    own_what_ifs,
    response_days,
    shown_endpoints,
)
from threonate.report.summary import statistic
from threonate.report.urine_days import band_cell, telling

PENS = {"null": Pen(BLUE), "threonate": Pen(ORANGE, (0, (4, 2)), 0.0, edge=True), "repletion": Pen(SOFT)}
PLACEBO = Pen(SOFT, ":", 0.0)
AXIS_COLUMNS = 26
SMALLEST_SPAN = 0.01
"""Height of a picture at least, as a share of the level."""
Bands = dict[str, Band]


def draw_responses(view: View) -> tuple[Figure, ...]:
    """The course of every endpoint that was asked for, then the overview of effects."""
    endpoints = shown_endpoints(view)
    courses = [figure for endpoint in endpoints if (figure := draw_response(view, endpoint)) is not None]
    overview = draw_forest(view)
    return (*courses, overview) if overview is not None else tuple(courses)


def draw_response(view: View, endpoint: Endpoint) -> Figure | None:
    """One endpoint by day: each hypothesis with its band, the placebo course, and what one measurement would show."""
    days = {name: _numbered(response_days(arm, endpoint.id)) for name, arm in view.main.arms.items()}
    bands = {name: band_over(frame, "number", "value") for name, frame in days.items()}
    bands = {name: band for name, band in bands.items() if len(band)}
    if not bands:
        return None
    first = next(iter(days.values()))
    placebo, measured = band_over(first, "number", "placebo"), band_over(first, "number", "measured")
    title, caption = _title(view, endpoint), _caption(view, endpoint)
    grade = grade_sentence(view, endpoint)
    name = f"response-{endpoint.id.replace('_', '-')}"
    with drawing_style():
        sheet = blank_sheet(title, f"{caption} Evidence: {grade}.", 3.3)
        axes = sheet.canvas.subplots()
        if endpoint.noise_sd:
            _draw_measured(axes, measured)
        for hypothesis, band in _distinct(bands).items():
            draw_band(axes, band, PENS[hypothesis.split()[0]], hypothesis.upper())
        if len(placebo):
            axes.plot(placebo.x, placebo.median, linestyle=":", color=PLACEBO.colour, linewidth=2.2, label="placebo")
        axes.axvline(0.5, color=SOFT, linestyle=(0, (4, 3)), linewidth=1)
        day_axis(axes, view.days)
        _open_up(axes, float(next(iter(bands.values())).median[-1]))
        axes.set_ylabel(_axis_label(endpoint))
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4)
        svg, inline = sheet_svg(sheet, name)
    return Figure(name, title, caption, grade, svg, inline, _table(bands, placebo, endpoint))


def _numbered(days: pl.DataFrame) -> pl.DataFrame:
    return days.with_columns(number=pl.col("day") + 1)


def _distinct(bands: Bands) -> Bands:
    """Hypotheses that give the same course, but for the error of the solver, are drawn once."""
    names = list(bands)
    if len(names) > 1 and all(_alike(bands[names[0]], bands[name]) for name in names[1:]):
        return {" = ".join(names): bands[names[0]]}
    return bands


def _alike(one: Band, other: Band) -> bool:
    pairs = ((one.median, other.median), (one.low, other.low), (one.high, other.high))
    return all(bool(np.all(np.abs(a - b) <= NEGLIGIBLE * np.abs(a))) for a, b in pairs)


def _open_up(axes: Axes, level: float) -> None:
    """Show at least a hundredth of the level, so that a change nobody could read does not fill the picture."""
    low, high = axes.get_ylim()
    least = SMALLEST_SPAN * abs(level)
    if high - low < least:
        middle = (low + high) / 2.0
        axes.set_ylim(middle - least / 2.0, middle + least / 2.0)
    axes.ticklabel_format(axis="y", useOffset=False, style="plain")


def _draw_measured(axes: Axes, band: Band) -> None:
    for turn, limit in enumerate((band.low, band.high)):
        label = "one measurement, 5\u201395 %" if turn == 0 else ""
        axes.plot(band.x, limit, color=SOFT, linewidth=0.6, alpha=0.6, label=label)


def _axis_label(endpoint: Endpoint) -> str:
    lines = textwrap.wrap(endpoint.title, AXIS_COLUMNS)
    return "\n".join(lines if endpoint.unit in ("1", "") else [*lines[:-1], f"{lines[-1]},", endpoint.unit])


def _title(view: View, endpoint: Endpoint) -> str:
    parts = []
    for name in view.main.arms:
        effect = interval(statistic(effect_of(view, endpoint, name)), change=True)
        parts.append((effect, name.upper()))
    unit = "" if endpoint.unit in ("1", "") else f" {endpoint.unit}"
    if len({effect for effect, _ in parts}) == 1:
        said = f"{parts[0][0]}{unit} under {' and '.join(name for _, name in parts)}"
    else:
        said = ", ".join(f"{effect}{unit} under {name}" for effect, name in parts)
    mark = f"{ILLUSTRATION.capitalize()}. " if endpoint.illustration else ""
    against = "against placebo" if endpoint.placebo else "from the own baseline"
    return f"{mark}{endpoint.title}: {said}, {against}"


def _caption(view: View, endpoint: Endpoint) -> str:
    parts = [endpoint.note, describe_band(view)]
    if endpoint.placebo:
        parts.append("Dotted: the same people on placebo.")
    if endpoint.noise_sd:
        parts.append(f"Thin lines: one measurement of one person, noise SD {plain(endpoint.noise_sd)}.")
    parts.append(important_told(endpoint, view.catalogue))
    assumed = {title for arm in view.main.arms.values() for title in own_what_ifs(view, endpoint, arm)}
    if assumed:
        parts.append(f"What-if, with weak links on: {'; '.join(sorted(assumed))}.")
    return " ".join(part for part in parts if part)


def _table(bands: Bands, placebo: Band, endpoint: Endpoint) -> Table:
    columns = ["day", *(f"{endpoint.title}, {name.upper()}" for name in bands)]
    first = next(iter(bands.values()))
    rows = [[f"{first.x[at]:g}", *(band_cell(band, at) for band in bands.values())] for at in telling(first)]
    if len(placebo) == len(first):
        columns.append("placebo")
        rows = [[*row, band_cell(placebo, at)] for row, at in zip(rows, telling(first), strict=True)]
    return Table(tuple(columns), tuple(tuple(row) for row in rows))
