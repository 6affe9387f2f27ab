"""Figures of the responses: one course for each endpoint, and all effects side by side."""

from __future__ import annotations

import textwrap

import polars as pl
from matplotlib.axes import Axes

from threonate.evidence.records import Endpoint
from threonate.report.canvas import (
    BLUE,
    ORANGE,
    SOFT,
    Pen,
    blank_sheet,
    day_axis,
    draw_band,
    drawing_style,
    sheet_svg,
)
from threonate.report.cohort import Band, View, band_over, describe_band
from threonate.report.figure import Figure, Table
from threonate.report.grading import grade_word
from threonate.report.numbers import ABSENT, interval, plain
from threonate.report.responses import (
    ILLUSTRATION,
    effects_of,
    grade_of,
    grade_sentence,
    marks_of,
    own_what_ifs,
    response_days,
    scale_of,
    shown_endpoints,
    standardised,
    weakest_title,
)
from threonate.report.summary import Statistic, statistic
from threonate.report.urine_days import band_cell, telling

PENS = {"null": Pen(BLUE), "threonate": Pen(ORANGE, (0, (4, 2)), 0.0, edge=True), "repletion": Pen(SOFT)}
PLACEBO = Pen(SOFT, ":", 0.0)
MARKERS = {"null": "o", "threonate": "D", "repletion": "s"}
ROW_IN, FRAME_IN = 0.4, 1.1
OFFSET = 0.17
LABEL_COLUMNS = 38
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
    name = f"response-{endpoint.id.replace('_', '-')}"
    with drawing_style():
        sheet = blank_sheet(title, caption, 3.3)
        axes = sheet.canvas.subplots()
        if endpoint.noise_sd:
            _draw_measured(axes, measured)
        for hypothesis, band in _distinct(bands).items():
            draw_band(axes, band, PENS[hypothesis.split()[0]], hypothesis.upper())
        if len(placebo):
            axes.plot(placebo.x, placebo.median, linestyle=":", color=PLACEBO.colour, linewidth=2.2, label="placebo")
        axes.axvline(0.5, color=SOFT, linestyle=(0, (4, 3)), linewidth=1)
        day_axis(axes, view.days)
        axes.set_ylabel(_axis_label(endpoint))
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4)
        svg, inline = sheet_svg(sheet, name)
    return Figure(name, title, caption, grade_sentence(view, endpoint), svg, inline, _table(bands, placebo, endpoint))


def draw_forest(view: View) -> Figure | None:
    """Standardised effects of every endpoint against placebo, one dot per hypothesis; right is better."""
    cells = {(e.id, name): _standardised(view, e, name) for e in shown_endpoints(view) for name in view.main.arms}
    first = view.main.reference.hypothesis
    endpoints = [one for one in shown_endpoints(view) if cells[one.id, first]["median"] is not None]
    if not endpoints:
        return None
    title = f"Effects against placebo after {view.days} days, in units of the spread between people"
    caption = _forest_caption(view, endpoints)
    with drawing_style():
        sheet = blank_sheet(title, caption, FRAME_IN + ROW_IN * len(endpoints))
        axes = sheet.canvas.subplots()
        for row, endpoint in enumerate(endpoints):
            for turn, name in enumerate(view.main.arms):
                shift = OFFSET * (turn - (len(view.main.arms) - 1) / 2.0)
                _draw_effect(axes, cells[endpoint.id, name], (row + shift, name), labelled=row == 0)
        axes.axvline(0.0, color=SOFT, linewidth=0.9)
        axes.grid(visible=True, axis="x")
        axes.set_yticks(range(len(endpoints)), [_row_label(view, endpoint) for endpoint in endpoints])
        axes.set_ylim(len(endpoints) - 0.4, -0.6)
        axes.set_xlabel("effect in SD; right is better")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
        svg, inline = sheet_svg(sheet, "response-overview")
    return Figure("response-overview", title, caption, _forest_grade(view), svg, inline, _forest_table(view, cells))


def _numbered(days: pl.DataFrame) -> pl.DataFrame:
    return days.with_columns(number=pl.col("day") + 1)


def _distinct(bands: Bands) -> Bands:
    """Hypotheses that give the same course are drawn once."""
    names = list(bands)
    if len(names) > 1 and all((bands[names[0]].median == bands[name].median).all() for name in names[1:]):
        return {" = ".join(names): bands[names[0]]}
    return bands


def _draw_measured(axes: Axes, band: Band) -> None:
    for turn, limit in enumerate((band.low, band.high)):
        label = "one measurement, 5\u201395 %" if turn == 0 else ""
        axes.plot(band.x, limit, color=SOFT, linewidth=0.6, alpha=0.6, label=label)


def _axis_label(endpoint: Endpoint) -> str:
    return endpoint.title if endpoint.unit in ("1", "") else f"{endpoint.title},\n{endpoint.unit}"


def _effect(view: View, endpoint: Endpoint, hypothesis: str) -> pl.Series:
    return effects_of(view, response_days(view.main.arms[hypothesis], endpoint.id))["effect"]


def _standardised(view: View, endpoint: Endpoint, hypothesis: str) -> Statistic:
    return standardised(endpoint, _effect(view, endpoint, hypothesis), scale_of(view, endpoint))


def _title(view: View, endpoint: Endpoint) -> str:
    parts = []
    for name in view.main.arms:
        effect = interval(statistic(_effect(view, endpoint, name)), change=True)
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
    if endpoint.smallest_difference:
        parts.append(f"Smallest important difference: {plain(endpoint.smallest_difference)}.")
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


def _draw_effect(axes: Axes, cell: Statistic, place: tuple[float, str], *, labelled: bool) -> None:
    at, name = place
    if cell["median"] is None or cell["p5"] is None or cell["p95"] is None:
        return
    colour = PENS[name].colour
    axes.plot([cell["p5"], cell["p95"]], [at, at], color=colour, linewidth=1.8, alpha=0.75, solid_capstyle="butt")
    label = name.upper() if labelled else ""
    axes.plot([cell["median"]], [at], MARKERS[name], color=colour, markersize=5, label=label, linestyle="none")


def _row_label(view: View, endpoint: Endpoint) -> str:
    grades = {grade_of(view, endpoint, name).grade for name in view.main.arms}
    marks = {mark for arm in view.main.arms.values() for mark in marks_of(view, endpoint, arm)}
    star = " *" if marks else ""
    simulated = " \u2020" if scale_of(view, endpoint).simulated else ""
    return textwrap.fill(f"{endpoint.title} ({'/'.join(sorted(grades))}){star}{simulated}", LABEL_COLUMNS)


def _forest_caption(view: View, endpoints: list[Endpoint]) -> str:
    left_out = len(shown_endpoints(view)) - len(endpoints)
    parts = [
        "Letters: the lowest grade on the way to each endpoint.",
        describe_band(view).replace("Line: median. Band:", "Dot: median. Bar:"),
        "* what-if with weak links on, or an illustration and no prediction.",
        "\u2020 divided by the spread between the simulated people, as no published one is on the shelf.",
        "Two hypotheses, not a range: one of them at most is right.",
    ]
    if left_out:
        parts.append(f"{left_out} endpoints have no known spread or no better side and are left out.")
    return " ".join(parts)


def _forest_grade(view: View) -> str:
    graded = [grade_of(view, endpoint, name) for endpoint in shown_endpoints(view) for name in view.main.arms]
    words = sorted({grade_word(view.catalogue, one.grade).word for one in graded})
    return f"by endpoint, from the table: {', '.join(words)}"


def _forest_table(view: View, cells: dict[tuple[str, str], Statistic]) -> Table:
    names = list(view.main.arms)
    columns = ["endpoint"]
    columns += [f"{name.upper()}: {what}" for name in names for what in ("effect in SD", "evidence", "weakest step")]
    rows = []
    for endpoint in shown_endpoints(view):
        row = [endpoint.title]
        for name in names:
            cell = cells.get((endpoint.id, name))
            graded = grade_of(view, endpoint, name)
            row += [
                interval(cell, change=True) if cell else ABSENT,
                grade_word(view.catalogue, graded.grade).word,
                weakest_title(view, endpoint, name),
            ]
        rows.append(tuple(row))
    return Table(tuple(columns), tuple(rows))
