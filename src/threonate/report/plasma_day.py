"""Plasma magnesium through one day, before the supplement and on its last day."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from threonate.report.canvas import (
    FAINT,
    INK,
    SOFT,
    WITH,
    WITHOUT,
    blank_sheet,
    clock_axis,
    draw_band,
    drawing_style,
    sheet_svg,
    zero_line,
)
from threonate.report.cohort import Band, View, band_over, day_window, describe_band, sound
from threonate.report.figure import Figure, Table
from threonate.report.grading import endpoint_grade, grade_word
from threonate.report.numbers import direction, interval, plain, signed
from threonate.report.summary import summarise_endpoint
from threonate.units import HOURS_PER_DAY

FEWEST_TIMES = 4


def draw_plasma_day(view: View) -> Figure | None:
    """Levels by the clock with and without the supplement, and the difference within each subject."""
    before, after = _windows(view)
    if after.is_empty():
        return None
    title, caption = _title(view), _caption(view, not before.is_empty())
    difference = _difference(before, after)
    with drawing_style():
        sheet = blank_sheet(title, caption, 4.6)
        levels, change = sheet.canvas.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        _draw_reference(levels, view)
        if not before.is_empty():
            draw_band(levels, band_over(before, "hour", "Mg_plasma"), WITHOUT, "without (day before the first dose)")
        draw_band(levels, band_over(after, "hour", "Mg_plasma"), WITH, f"with (day {view.days})")
        levels.set_ylabel("plasma Mg, mmol/L")
        levels.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
        zero_line(change)
        if len(difference):
            draw_band(change, difference, WITH, "")
        change.set_ylabel("change, mmol/L")
        _mark_doses(change, view)
        clock_axis(change)
        svg, inline = sheet_svg(sheet, "plasma-day")
    word = grade_word(view.catalogue, endpoint_grade(view.catalogue, "Mg_plasma", view.main.reference.hypothesis))
    return Figure("plasma-day", title, caption, word.word, svg, inline, _table(before, after, difference))


def _windows(view: View) -> tuple[pl.DataFrame, pl.DataFrame]:
    arm = view.main.reference
    course = sound(arm.course, arm).select("subject", "time_h", "Mg_plasma")
    after = day_window(course, HOURS_PER_DAY * (view.days - 1))
    before = day_window(course, -HOURS_PER_DAY)
    enough = [frame if frame["hour"].n_unique() >= FEWEST_TIMES else frame.clear() for frame in (before, after)]
    return enough[0], enough[1]


def _difference(before: pl.DataFrame, after: pl.DataFrame) -> Band:
    joined = after.with_columns(pl.col("hour").round(6)).join(
        before.with_columns(pl.col("hour").round(6)), on=["subject", "hour"], suffix="_before"
    )
    change = (pl.col("Mg_plasma") - pl.col("Mg_plasma_before")).alias("change")
    return band_over(joined.with_columns(change), "hour", "change")


def _title(view: View) -> str:
    statistics = summarise_endpoint(view, view.main.reference, "Mg_plasma")
    change, level = statistics["change"], statistics["baseline"]
    if change["median"] is None:
        return f"Plasma magnesium on day {view.days}: {interval(statistics['last_day_mean'])} mmol/L"
    text = f"Plasma magnesium: {interval(change, change=True)} mmol/L as a daily mean"
    if view.people < 2 or level["p5"] is None or level["p95"] is None:
        return text
    if direction(change) == "shows no clear change":
        return f"Plasma magnesium on day {view.days} shows no clear change: {interval(change, change=True)} mmol/L"
    narrow = abs(change["median"]) < (level["p95"] - level["p5"]) / 2
    return f"{text}; {'less' if narrow else 'more'} than people differ from each other anyway"


def _caption(view: View, has_before: bool) -> str:
    lower = " Below: difference within each subject at the same hour, so that the spread between people drops out."
    marks = " Triangles: doses." if view.scenario.get("dose_times_h") else ""
    return f"Above: level by the clock.{lower if has_before else ''}{marks} {describe_band(view)}"


def _draw_reference(axes: Axes, view: View) -> None:
    """Shade the normal range, where the shelf holds one."""
    for limit in view.catalogue.limits.values():
        if limit.kind == "serum" and limit.applies.get("band") == "reference" and limit.low and limit.high:
            axes.axhspan(limit.low, limit.high, color=FAINT, zorder=0)
            axes.annotate(limit.title, (0.99, limit.high), xycoords=("axes fraction", "data"), ha="right", va="bottom")


def _mark_doses(axes: Axes, view: View) -> None:
    for hour in view.scenario.get("dose_times_h") or ():
        axes.plot(
            [hour],
            [0.0],
            marker=6,
            markersize=8,
            color=INK,
            transform=axes.get_xaxis_transform(),
            clip_on=False,
            zorder=5,
        )
    axes.tick_params(axis="x", color=SOFT)


def _table(before: pl.DataFrame, after: pl.DataFrame, difference: Band) -> Table:
    rows = []
    bands = [band_over(frame, "hour", "Mg_plasma") for frame in (before, after)]
    for hour in range(0, 25, 3):
        cells = [_cell(band, hour, signed if band is difference else plain) for band in (*bands, difference)]
        rows.append((f"{hour:02d}:00", *cells))
    return Table(("clock", "without, mmol/L", "with, mmol/L", "change, mmol/L"), tuple(rows))


def _cell(band: Band, hour: float, show: object) -> str:
    found = [index for index, x in enumerate(band.x) if abs(x - hour) < 0.51]
    if not found:
        return "\u2013"
    index = min(found, key=lambda at: abs(band.x[at] - hour))
    statistic = {"median": band.median[index], "p5": band.low[index], "p95": band.high[index]}
    return interval({name: float(value) for name, value in statistic.items()}, change=show is signed)
