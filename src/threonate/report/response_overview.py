"""All effects of a run side by side, in units of the spread between people, best evidence on top."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from threonate.evidence.important import NONE_KNOWN, size_told
from threonate.evidence.records import Endpoint
from threonate.report.canvas import BLUE, INK, ORANGE, PALE, SOFT, blank_sheet, drawing_style, sheet_svg
from threonate.report.cohort import View, describe_band
from threonate.report.figure import Figure, Table
from threonate.report.grading import ORDER, grade_word, weakest
from threonate.report.numbers import ABSENT, interval, signed
from threonate.report.responses import (
    Scale,
    effect_of,
    grade_of,
    marks_of,
    scale_of,
    shown_endpoints,
    standardised,
    weakest_title,
)
from threonate.report.summary import Statistic, statistic

COLOURS = {"null": BLUE, "threonate": ORANGE, "repletion": SOFT}
MARKERS = {"null": "o", "threonate": "D", "repletion": "s"}
ROW_IN, FRAME_IN = 0.34, 1.3
OFFSET = 0.17
LABEL_COLUMNS = 36
SMALL = 0.2
"""Effects below this many SD are called small by a common convention."""
IMPORTANT_COLUMN = "smallest important difference"
IMPORTANT_MARK: dict[str, Any] = {
    "marker": "|", "color": INK, "markersize": 13, "markeredgewidth": 1.6, "linestyle": "none"
}  # fmt: skip
Cells = dict[str, Statistic]


@dataclass(frozen=True, slots=True)
class Line:
    """One endpoint of the overview: its worst grade, and its effect under each hypothesis in SD and in its own unit.

    important   smallest important difference [SD]; absent where none is known, or no published spread to divide it by
    """

    endpoint: Endpoint
    grade: str
    cells: Cells
    own: Cells
    important: float | None = None

    @property
    def size(self) -> float:
        """Largest median effect of any hypothesis [SD]."""
        return max(abs(cell["median"] or 0.0) for cell in self.cells.values())


def draw_forest(view: View) -> Figure | None:
    """Standardised effects of every endpoint against placebo, one mark per hypothesis; right is better."""
    everything = [_line(view, endpoint) for endpoint in shown_endpoints(view)]
    lines = sorted((line for line in everything if _is_drawn(line)), key=_place)
    if not lines:
        return None
    rows = list(_rows(lines))
    title, caption = _title(view, lines), _caption(view, lines, len(everything) - len(lines))
    with drawing_style():
        sheet = blank_sheet(title, caption, FRAME_IN + ROW_IN * len(rows))
        axes = sheet.canvas.subplots()
        for at, row in enumerate(rows):
            if isinstance(row, Line):
                _draw_line(view, axes, row, at)
        _dress(view, axes, rows)
        svg, inline = sheet_svg(sheet, "response-overview")
    return Figure("response-overview", title, caption, _grade(view, lines), svg, inline, _table(view, everything))


def _line(view: View, endpoint: Endpoint) -> Line:
    scale = scale_of(view, endpoint)
    effects = {name: effect_of(view, endpoint, name) for name in view.main.arms}
    return Line(
        endpoint=endpoint,
        grade=weakest([grade_of(view, endpoint, name).grade for name in view.main.arms]),
        cells={name: standardised(endpoint, effect, scale) for name, effect in effects.items()},
        own={name: statistic(effect) for name, effect in effects.items()},
        important=_important(endpoint, scale),
    )


def _important(endpoint: Endpoint, scale: Scale) -> float | None:
    one = endpoint.smallest_important
    return one.value / scale.sd if one is not None and scale.sd > 0.0 and not scale.simulated else None


def _is_drawn(line: Line) -> bool:
    return all(cell["median"] is not None for cell in line.cells.values())


def _place(line: Line) -> tuple[int, float, str]:
    return ORDER.index(line.grade), -line.size, line.endpoint.title


def _rows(lines: list[Line]) -> Iterator[Line | str]:
    """Lines below the grade that they share; a grade stands in a row of its own."""
    last = ""
    for line in lines:
        if line.grade != last:
            yield line.grade
            last = line.grade
        yield line


def _draw_line(view: View, axes: Axes, line: Line, at: int) -> None:
    for turn, (name, cell) in enumerate(line.cells.items()):
        place = at + OFFSET * (turn - (len(line.cells) - 1) / 2.0)
        hollow = bool(marks_of(view, line.endpoint, view.main.arms[name]))
        colour = COLOURS[name]
        ends = [cell["p5"] or 0.0, cell["p95"] or 0.0]
        median = cell["median"] or 0.0
        axes.plot(ends, [place, place], color=colour, linewidth=1.8, alpha=0.75, solid_capstyle="butt")
        face = "white" if hollow else colour
        axes.plot([median], [place], MARKERS[name], color=colour, markerfacecolor=face, markersize=5)
    if line.important is not None:
        axes.plot([line.important], [at], **IMPORTANT_MARK)
    axes.text(
        1.02, at, _own_words(line), transform=axes.get_yaxis_transform(), va="center", fontsize=8, color=INK
    )  # fmt: skip


def _own_words(line: Line) -> str:
    unit = "" if line.endpoint.unit in ("1", "") else f" {line.endpoint.unit}"
    said = list(dict.fromkeys(signed(cell["median"]) for cell in line.own.values()))
    return textwrap.fill(f"{' / '.join(said)}{unit}", 18)


def _dress(view: View, axes: Axes, rows: list[Line | str]) -> None:
    labels = [_label(view, row) for row in rows]
    axes.set_yticks(range(len(rows)), labels, fontsize=8.5)
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        if isinstance(row, str):
            tick.set_fontweight("bold")
    for at, row in enumerate(rows):
        if isinstance(row, str):
            axes.axhline(at, color=PALE, linewidth=0.8)
    axes.tick_params(axis="y", length=0)
    axes.axvline(0.0, color=INK, linewidth=1.0)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel("\u2190 worse        effect in SD between people        better \u2192")
    heading = "median effect\nin its own unit"
    axes.text(1.02, 1.0, heading, transform=axes.transAxes, fontsize=8, color=SOFT, ha="left", va="bottom")
    handles = _handles(view, [row for row in rows if isinstance(row, Line)])
    axes.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(handles), columnspacing=1.2)


def _handles(view: View, lines: list[Line]) -> list[Line2D]:
    names = list(view.main.arms)
    handles = [Line2D([], [], color=COLOURS[n], marker=MARKERS[n], markersize=5, label=n.upper()) for n in names]
    if any(marks_of(view, line.endpoint, arm) for line in lines for arm in view.main.arms.values()):
        hollow = {"markerfacecolor": "white", "linestyle": "none", "markersize": 5}
        handles.append(Line2D([], [], color=INK, marker="o", label="hollow: no prediction", **hollow))  # type: ignore[arg-type]
    if any(line.important is not None for line in lines):
        handles.append(Line2D([], [], label="matters", **IMPORTANT_MARK))
    return handles


def _label(view: View, row: Line | str) -> str:
    if isinstance(row, str):
        word = grade_word(view.catalogue, row).word
        return word[:1].upper() + word[1:]
    scale = scale_of(view, row.endpoint)
    dagger = " \u2020" if scale.sd > 0.0 and scale.simulated else ""
    return textwrap.fill(f"{row.endpoint.title}{dagger}", LABEL_COLUMNS)


def _title(view: View, lines: list[Line]) -> str:
    large = sum(line.size >= SMALL for line in lines)
    many = f"{large} of {len(lines)} endpoints move" if large != 1 else f"1 of {len(lines)} endpoints moves"
    return f"{many} by {SMALL:g} SD or more against placebo after {view.days} days"


def _caption(view: View, lines: list[Line], left_out: int) -> str:
    parts = [
        "Right of the line is better than placebo; on the line is no effect. One SD is the spread between people;",
        "by a common convention 0.2 is small, 0.5 medium, 0.8 large. Headings: the weakest step to each endpoint.",
        describe_band(view).replace("Line: median. Band:", "Mark: median. Bar:"),
        "Hollow: a what-if with weak links on, or an illustration, and no prediction.",
        "\u2020 no published spread is on the shelf; divided by that of the simulated people.",
        _hypotheses_said(view, lines),
    ]
    parts.append(_importance_said(lines))
    if left_out:
        parts.append(f"{left_out} readouts have no better side or no known spread and stand in the table only.")
    return " ".join(part for part in parts if part)


def _importance_said(lines: list[Line]) -> str:
    if any(line.important is not None for line in lines):
        return "Upright stroke: the smallest important difference, where one is known and a published spread beside it."
    return NONE_KNOWN if all(line.endpoint.smallest_important is None for line in lines) else ""


def _hypotheses_said(view: View, lines: list[Line]) -> str:
    if len(view.main.arms) < 2:
        return ""
    if all(len(set(_medians(line))) == 1 for line in lines):
        return (
            "The hypotheses give the same here: they differ in the magnesium of the brain fluid, and no step from "
            "there to any of these endpoints is on."
        )
    return "Two hypotheses, not a range: one of them at most is right."


def _medians(line: Line) -> list[str]:
    return [signed(cell["median"]) for cell in line.cells.values()]


def _grade(view: View, lines: list[Line]) -> str:
    words = dict.fromkeys(grade_word(view.catalogue, line.grade).word for line in lines)
    return f"by endpoint, in the headings: {', '.join(words)}"


def _table(view: View, lines: list[Line]) -> Table:
    names = list(view.main.arms)
    kinds = ("effect in its own unit", "effect in SD", "evidence", "weakest step")
    columns = ["endpoint", *(f"{name.upper()}: {kind}" for name in names for kind in kinds), IMPORTANT_COLUMN]
    return Table(tuple(columns), tuple(_table_row(view, line, names) for line in sorted(lines, key=_place)))


def _table_row(view: View, line: Line, names: list[str]) -> tuple[str, ...]:
    unit = "" if line.endpoint.unit in ("1", "") else f" {line.endpoint.unit}"
    row = [line.endpoint.title]
    for name in names:
        cell = line.cells[name]
        row += [
            f"{interval(line.own[name], change=True)}{unit}",
            interval(cell, change=True) if cell["median"] is not None else ABSENT,
            grade_word(view.catalogue, grade_of(view, line.endpoint, name).grade).word,
            weakest_title(view, line.endpoint, name),
        ]
    one = line.endpoint.smallest_important
    return (*row, size_told(one) if one is not None else "none known")
