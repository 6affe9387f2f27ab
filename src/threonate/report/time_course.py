"""How plasma and urine move from the first dose on: over days, or over hours in a short run or after an infusion."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from threonate.report.canvas import (
    INK,
    SOFT,
    WITH,
    blank_sheet,
    day_axis,
    draw_band,
    drawing_style,
    hour_axis,
    sheet_svg,
    zero_line,
)
from threonate.report.cohort import Band, View, band_over, changes, describe_band, endpoint_days, sound
from threonate.report.figure import Figure, Table
from threonate.report.grading import endpoint_grade, grade_word, weakest
from threonate.report.numbers import interval, signed
from threonate.report.summary import summarise_endpoint
from threonate.report.urine_days import band_cell, telling
from threonate.units import HOURS_PER_DAY

SHORT_DAYS = 7
NEARLY = 0.9
"""The share of a change at which the title calls it nearly complete."""


def draw_time_course(view: View) -> Figure | None:
    """Plasma above urine, change from run-in by day, or level and amount by hour."""
    by_hour = view.days < SHORT_DAYS or bool(view.scenario.get("iv_mgso4_g"))
    plasma, urine = _hours(view) if by_hour else _days(view)
    if not len(plasma):
        return None
    title = _hour_title(view) if by_hour else _day_title(view, plasma, urine)
    what = (
        "Above: level; below: amount since the first midnight."
        if by_hour
        else "Change from each subject's own run-in mean."
    )
    caption = f"{what} {describe_band(view)}"
    with drawing_style():
        sheet = blank_sheet(title, caption, 4.2)
        above, below = sheet.canvas.subplots(2, 1, sharex=True)
        draw_band(above, plasma, WITH, "")
        if len(urine):
            draw_band(below, urine, WITH, "")
        if by_hour:
            above.set_ylabel("plasma Mg, mmol/L")
            below.set_ylabel("urinary Mg\nsince start, mmol")
            hour_axis(below, float(plasma.x[-1]))
            _mark_infusion(above, view)
        else:
            above.set_ylabel("plasma Mg\nchange, mmol/L")
            below.set_ylabel("urinary Mg\nchange, mmol per 24 h")
            day_axis(below, view.days)
            for axes in (above, below):
                zero_line(axes)
                axes.axvline(0.5, color=SOFT, linestyle=(0, (4, 3)), linewidth=1)
        sheet.canvas.align_ylabels()
        svg, inline = sheet_svg(sheet, "time-course")
    hypothesis = view.main.reference.hypothesis
    grade = weakest([endpoint_grade(view.catalogue, name, hypothesis) for name in ("Mg_plasma", "Mg_urine_24h")])
    word = grade_word(view.catalogue, grade).word
    return Figure("time-course", title, caption, word, svg, inline, _table(plasma, urine, by_hour))


def _days(view: View) -> tuple[Band, Band]:
    arm = view.main.reference
    bands = []
    for endpoint in ("Mg_plasma", "Mg_urine_24h"):
        change = changes(endpoint_days(arm, endpoint)).with_columns((pl.col("day") + 1).alias("number"))
        bands.append(band_over(change, "number", "change"))
    return bands[0], bands[1]


def _hours(view: View) -> tuple[Band, Band]:
    arm = view.main.reference
    course = sound(arm.course, arm).filter(pl.col("time_h") >= 0)
    end_h = HOURS_PER_DAY * min(SHORT_DAYS, view.days + int(view.scenario.get("washout_days") or 0))
    course = course.filter(pl.col("time_h") <= end_h)
    plasma = band_over(course, "time_h", "Mg_plasma")
    if "Mg_urine_cumulative" not in course.columns:
        return plasma, band_over(course.clear(), "time_h", "Mg_plasma")
    start = course.sort("time_h").group_by("subject").agg(pl.col("Mg_urine_cumulative").first().alias("start"))
    since = course.join(start, on="subject").with_columns(since=pl.col("Mg_urine_cumulative") - pl.col("start"))
    return plasma, band_over(since, "time_h", "since")


def _mark_infusion(axes: Axes, view: View) -> None:
    grams, hour = view.scenario.get("iv_mgso4_g"), view.scenario.get("iv_hour")
    if not grams or hour is None:
        return
    minutes = float(view.scenario.get("iv_minutes") or 0.0)
    axes.axvspan(hour, hour + minutes / 60.0, color=INK, alpha=0.25, linewidth=0)
    text = f"{grams:g} g MgSO\u2084\u00b77H\u2082O into the vein from {hour:g} h on, in {minutes:g} min (grey)"
    axes.set_title(text, fontsize=9, loc="left")


def _day_title(view: View, plasma: Band, urine: Band) -> str:
    if not len(urine) or not (urine.x >= 1).any():
        return f"Plasma magnesium settles at {signed(float(plasma.median[-1]))} mmol/L from run-in"
    on = (urine.x >= 1) & (urine.x <= view.days)
    days, level = urine.x[on], urine.median[on]
    if level[-1] == 0:
        return "Plasma and urine stay where they were during run-in"
    near = days[abs(level) >= NEARLY * abs(level[-1])]
    return f"Urine has made {NEARLY:.0%} of its whole change by day {near[0]:g}; plasma moves with it".replace(
        "%", " %"
    )


def _hour_title(view: View) -> str:
    numbers = summarise_endpoint(view, view.main.reference, "Mg_plasma")
    hour, clock = divmod(numbers["time_of_max_h"]["median"] or 0.0, HOURS_PER_DAY)
    when = f"{int(clock):02d}:{round(60 * (clock % 1)) % 60:02d} on day {hour + 1:g}"
    return f"Plasma magnesium peaks at {interval(numbers['max'])} mmol/L, about {when}"


def _table(plasma: Band, urine: Band, by_hour: bool) -> Table:
    units = ("plasma, mmol/L", "urine, mmol") if by_hour else ("plasma change, mmol/L", "urine change, mmol per 24 h")
    matched = {float(x): at for at, x in enumerate(urine.x)}
    rows = []
    for at in telling(plasma):
        other = matched.get(float(plasma.x[at]))
        second = "\u2013" if other is None else band_cell(urine, other, not by_hour)
        rows.append((f"{plasma.x[at]:g}", band_cell(plasma, at, not by_hour), second))
    return Table(("hour" if by_hour else "day", *units), tuple(rows))
