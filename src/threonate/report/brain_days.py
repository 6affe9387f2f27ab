"""Magnesium in CSF and brain fluid under the two hypotheses, side by side and never averaged."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes

from threonate.report.canvas import (
    BLUE,
    INK,
    ORANGE,
    SOFT,
    Pen,
    blank_sheet,
    day_axis,
    draw_band,
    drawing_style,
    sheet_svg,
    zero_line,
)
from threonate.report.cohort import Band, View, band_over, changes, describe_band, endpoint_days
from threonate.report.figure import Figure, Table
from threonate.report.grading import endpoint_grade, grade_word
from threonate.report.numbers import signed
from threonate.report.urine_days import band_cell, telling

FLUIDS = {"Mg_csf_relative": "CSF", "Mg_brain_ecf_relative": "brain extracellular fluid"}
PENS = {"Mg_csf_relative": Pen(BLUE), "Mg_brain_ecf_relative": Pen(ORANGE, (0, (4, 2)), 0.0, edge=True)}
HEADINGS = {
    "null": "NULL\nregulated barrier only",
    "threonate": "THREONATE\nanimal evidence only:\nhypothesis, off by default",
    "repletion": "REPLETION\nanimal data only",
}
MOST_LINES = max(text.count("\n") for text in HEADINGS.values())


def draw_brain_days(view: View) -> Figure | None:
    """Relative change since run-in in each fluid; one panel per hypothesis on the same scale."""
    bands = {name: _bands(view, name) for name in HEADINGS if name in view.main.arms}
    bands = {name: fluids for name, fluids in bands.items() if fluids}
    if not bands:
        return None
    title, caption = _title(view, bands), _caption(view, bands)
    with drawing_style():
        sheet = blank_sheet(title, caption, 3.9)
        panels = sheet.canvas.subplots(1, len(bands), sharey=True, squeeze=False)[0]
        for axes, (name, fluids) in zip(panels, bands.items(), strict=True):
            _draw_panel(axes, name, fluids, view.days)
        panels[0].set_ylabel("change from own baseline, %")
        panels[0].legend(loc="upper left", frameon=True, framealpha=1.0, facecolor="white", edgecolor="white")
        svg, inline = sheet_svg(sheet, "brain-days")
    return Figure("brain-days", title, caption, _grade(view, bands), svg, inline, _table(bands))


def relative_changes(view: View, hypothesis: str, endpoint: str) -> pl.DataFrame:
    """Change of one fluid from each subject's run-in [%]: subject, day, change."""
    days = endpoint_days(view.main.arms[hypothesis], endpoint)
    return changes(days, relative_percent=view.unit(endpoint) != "%")


def measured_in_nobody(view: View) -> bool:
    """Whether the compound is a threonate, of which no human brain or CSF measurement is known."""
    record = view.catalogue.compounds.get(view.main.compound)
    return record is not None and record.counter_ion == "threonate"


def _bands(view: View, hypothesis: str) -> dict[str, Band]:
    found = {}
    for endpoint in FLUIDS:
        change = relative_changes(view, hypothesis, endpoint).with_columns((pl.col("day") + 1).alias("number"))
        if not change.is_empty():
            found[endpoint] = band_over(change, "number", "change")
    return found


def _draw_panel(axes: Axes, hypothesis: str, fluids: dict[str, Band], days: int) -> None:
    for endpoint, band in fluids.items():
        draw_band(axes, band, PENS[endpoint], FLUIDS[endpoint])
    zero_line(axes)
    axes.axvline(0.5, color=SOFT, linestyle=(0, (4, 3)), linewidth=1)
    day_axis(axes, days)
    heading, _, rest = HEADINGS[hypothesis].partition("\n")
    rest += "\n" * (MOST_LINES - 1 - rest.count("\n"))
    axes.set_title(rest, fontsize=9, color=INK, loc="left", style="italic" if hypothesis != "null" else "normal")
    axes.annotate(
        heading,
        (0, 1),
        xytext=(0, 6 + 13 * MOST_LINES),
        xycoords="axes fraction",
        textcoords="offset points",
        weight="bold",
        va="bottom",
    )


def _title(view: View, bands: dict[str, dict[str, Band]]) -> str:
    parts = []
    for name, fluids in bands.items():
        band = next(iter(fluids.values()))
        at = int((band.x <= view.days).sum()) - 1
        low, high = signed(float(band.low[at])), signed(float(band.high[at]))
        parts.append(f"{low} to {high} % under {name.upper()}" if low != high else f"{low} % under {name.upper()}")
    fluid = FLUIDS[next(iter(next(iter(bands.values()))))]
    if len(bands) > 1 and len({part.partition(" % ")[0] for part in parts}) == 1:
        parts = [parts[0], "the same under THREONATE"]
    known = "No human measurement exists" if measured_in_nobody(view) else "Modelled, not measured"
    return f"{known}; change of {fluid} magnesium in the model: {', '.join(parts)}"


def _caption(view: View, bands: dict[str, dict[str, Band]]) -> str:
    sides = "Two hypotheses, not a range: one of them at most is right." if len(bands) > 1 else ""
    plain = " ".join(
        f"{name.upper()}: {view.catalogue.hypotheses[name].plain}"
        for name in bands
        if name in view.catalogue.hypotheses
    )
    pens = "CSF: solid line, filled band; brain extracellular fluid: dashed line, band between the dashed edges."
    nobody = "No CSF or brain value was ever measured in people on this compound." if measured_in_nobody(view) else ""
    return " ".join(part for part in (sides, plain, pens, describe_band(view), nobody) if part)


def _grade(view: View, bands: dict[str, dict[str, Band]]) -> str:
    words = []
    for name in bands:
        grade = endpoint_grade(view.catalogue, "Mg_csf_relative", name)
        words.append(f"{name.upper()}: {grade_word(view.catalogue, grade).word}")
    return "; ".join(words)


def _table(bands: dict[str, dict[str, Band]]) -> Table:
    columns = ["day"]
    cells: dict[str, list[str]] = {}
    for name, fluids in bands.items():
        for endpoint, band in fluids.items():
            columns.append(f"{FLUIDS[endpoint]}, {name.upper()}, %")
            for at in telling(band):
                cells.setdefault(f"{band.x[at]:g}", []).append(band_cell(band, at, change=True))
    return Table(tuple(columns), tuple((day, *values) for day, values in cells.items()))
