"""Urinary magnesium day by day."""

from __future__ import annotations

import polars as pl

from threonate.report.canvas import WITH, WITHOUT, blank_sheet, day_axis, draw_band, drawing_style, sheet_svg
from threonate.report.cohort import Band, View, band_over, describe_band, endpoint_days
from threonate.report.figure import Figure, Table
from threonate.report.grading import endpoint_grade, grade_word
from threonate.report.numbers import direction, interval
from threonate.report.summary import summarise_endpoint

ENDPOINT = "Mg_urine_24h"


def draw_urine_days(view: View) -> Figure | None:
    """Magnesium in 24 h of urine, from run-in to wash-out."""
    arm = view.main.reference
    days = endpoint_days(arm, ENDPOINT)
    if days.is_empty():
        return None
    title = _title(view)
    caption = f"Urine of each whole day; the last regimen day is day {view.days}. Dashed line: first dose. "
    caption += describe_band(view)
    numbered = days.with_columns((pl.col("day") + 1).alias("number"))
    infused = bool(view.scenario.get("iv_mgso4_g"))
    before, after = numbered.filter(pl.col("day") < 0), numbered.filter(pl.col("day") >= 0)
    with drawing_style():
        sheet = blank_sheet(title, caption, 3.3)
        axes = sheet.canvas.subplots()
        if not before.is_empty():
            draw_band(axes, band_over(before, "number", "value"), WITHOUT, "before the first dose")
        if not after.is_empty():
            draw_band(
                axes,
                band_over(after, "number", "value"),
                WITH,
                "after the infusion" if infused else "from the first dose on",
            )
        axes.axvline(0.5, color=WITHOUT.colour, linestyle=(0, (4, 3)), linewidth=1)
        if view.scenario.get("washout_days"):
            axes.axvline(view.days + 0.5, color=WITHOUT.colour, linestyle=":", linewidth=1)
            where = (view.days + 0.5, 0.03)
            axes.annotate(" last dose", where, xycoords=("data", "axes fraction"), va="bottom")
        axes.set_ylim(bottom=0)
        day_axis(axes, view.days)
        axes.set_ylabel("urinary Mg, mmol per 24 h")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
        svg, inline = sheet_svg(sheet, "urine-days")
    word = grade_word(view.catalogue, endpoint_grade(view.catalogue, ENDPOINT, arm.hypothesis))
    return Figure("urine-days", title, caption, word.word, svg, inline, band_table(numbered, "urine, mmol per 24 h"))


def _title(view: View) -> str:
    numbers = summarise_endpoint(view, view.main.reference, ENDPOINT)
    change = numbers["change"]
    if change["median"] is None:
        return "Urinary magnesium day by day"
    if view.scenario.get("iv_mgso4_g"):
        return f"Urinary magnesium: up to {interval(numbers['max'])} mmol per day"
    return f"Urinary magnesium {direction(change)}: {interval(change, change=True)} mmol per day on the last day"


def band_table(numbered: pl.DataFrame, heading: str, change: bool = False, value: str = "value") -> Table:
    """Median and interval on a few telling days."""
    band = band_over(numbered, "number", value)
    return Table(("day", heading), tuple((f"{band.x[at]:g}", band_cell(band, at, change)) for at in telling(band)))


def band_cell(band: Band, at: int, change: bool = False) -> str:
    """Median with its interval at one position of a band."""
    return interval(
        {"median": float(band.median[at]), "p5": float(band.low[at]), "p95": float(band.high[at])}, change=change
    )


def telling(band: Band, most: int = 12) -> list[int]:
    """Positions worth printing: all when few, else evenly spread with both ends.

    >>> import numpy as np
    >>> x = np.arange(100.0)
    >>> telling(Band(x, x, x, x), most=3)
    [0, 50, 99]
    """
    count = len(band)
    if count <= most:
        return list(range(count))
    return sorted({round(step * (count - 1) / (most - 1)) for step in range(most)})
