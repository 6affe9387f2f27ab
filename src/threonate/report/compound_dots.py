"""Compounds side by side: what each does to plasma and urine, and how much of it is absorbed."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from matplotlib.axes import Axes

from threonate.report.canvas import BLUE, SOFT, blank_sheet, drawing_style, sheet_svg
from threonate.report.cohort import Group, View, changes, describe_band, endpoint_days, last_regimen_day, sound
from threonate.report.figure import Figure, Table
from threonate.report.grading import endpoint_grade, grade_word, weakest
from threonate.report.numbers import direction, interval, plain
from threonate.report.summary import Statistic, statistic, summarise_endpoint
from threonate.units import mg_from_mmol

ROW_IN, FRAME_IN = 0.42, 1.25
SAME_DOSE = 0.02
"""Doses that differ by less than this share are called the same."""
ALIKE = 0.1
"""Differences below this share of the first compound's change are called about the same."""


def draw_compound_dots(view: View) -> Figure | None:
    """One row per compound, three columns of dots with intervals; None when only one compound was run."""
    groups = [group for group in view.groups if group.compound not in ("none", "diet")]
    if len(groups) < 2:
        return None
    columns = _columns(view)
    numbers = {group.key: [read(group) for _, read in columns] for group in groups}
    title, caption = _title(view, groups, numbers), _caption(view)
    with drawing_style():
        sheet = blank_sheet(title, caption, FRAME_IN + ROW_IN * len(groups))
        panels = sheet.canvas.subplots(1, len(columns), sharey=True)
        for at, (axes, (heading, _)) in enumerate(zip(panels, columns, strict=True)):
            _draw_column(axes, [numbers[group.key][at] for group in groups], heading)
        panels[0].set_yticks(range(len(groups)), [_row_label(view, group) for group in groups])
        panels[0].set_ylim(len(groups) - 0.5, -0.5)
        svg, inline = sheet_svg(sheet, "compound-dots")
    grades = [
        endpoint_grade(view.catalogue, name, view.main.reference.hypothesis) for name in ("Mg_plasma", "Mg_urine_24h")
    ]
    word = f"direction: {grade_word(view.catalogue, weakest(grades)).word}; differences between salts are uncertain"
    return Figure("compound-dots", title, caption, word, svg, inline, _table(view, groups, numbers))


def absorbed_share(view: View, group: Group | None = None) -> Statistic:
    """Share of the swallowed supplement that left the gut for the body [%]; nothing when some was infused."""
    arm = (group or view.main).reference
    if view.scenario.get("iv_mgso4_g"):
        return statistic(pl.Series([], dtype=pl.Float64))
    parts = sound(arm.balance, arm).partition_by("place")
    amounts = {rows["place"][0]: rows["mmol"] for rows in parts}
    swallowed = amounts.get("swallowed", pl.Series([], dtype=pl.Float64))
    if not (swallowed > 0).any():
        return statistic(pl.Series([], dtype=pl.Float64))
    left = sum((amounts[place] for place in ("faeces", "gut") if place in amounts), 0.0 * swallowed)
    share = 100.0 * (1.0 - left / swallowed)
    return statistic(share.filter(swallowed > 0))


def swallowed_mmol(group: Group) -> float:
    """Supplementary magnesium swallowed or infused in the whole run, median over the subjects [mmol]."""
    arm = group.reference
    median = sound(arm.balance.filter(pl.col("place") == "swallowed"), arm)["mmol"].median()
    return float(median) if isinstance(median, float) else 0.0


def _columns(view: View) -> list[tuple[str, Callable[[Group], Statistic]]]:
    return [
        ("plasma Mg change,\nmmol/L", lambda group: summarise_endpoint(view, group.reference, "Mg_plasma")["change"]),
        (
            "urinary Mg change,\nmmol per day",
            lambda group: summarise_endpoint(view, group.reference, "Mg_urine_24h")["change"],
        ),
        ("absorbed share of\nthe supplement, %", lambda group: absorbed_share(view, group)),
    ]


def _draw_column(axes: Axes, cells: list[Statistic], heading: str) -> None:
    for at, cell in enumerate(cells):
        if cell["median"] is None or cell["p5"] is None or cell["p95"] is None:
            continue
        axes.plot([cell["p5"], cell["p95"]], [at, at], color=BLUE, linewidth=2.2, solid_capstyle="butt", alpha=0.75)
        axes.plot([cell["median"]], [at], "o", color=BLUE, markersize=7)
    axes.axvline(0.0, color=SOFT, linewidth=0.9)
    axes.grid(visible=True, axis="x")
    axes.set_xlabel(heading)
    axes.locator_params(axis="x", nbins=4)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _name(view: View, group: Group) -> str:
    record = view.catalogue.compounds.get(group.compound)
    return record.title if record else group.title


def _row_label(view: View, group: Group) -> str:
    per_day = mg_from_mmol(swallowed_mmol(group)) / max(1, view.days)
    return f"{_name(view, group)}\n{plain(per_day)} mg Mg per day"


def urine_differences(view: View, groups: list[Group]) -> dict[str, Statistic]:
    """Change in urine of each rival less that of the first compound, within each subject [mmol/d]."""
    first = _urine_change(view, groups[0])
    found = {}
    for group in groups[1:]:
        pairs = _urine_change(view, group).join(first, on="subject", suffix="_first")
        found[group.key] = statistic(pairs["change"] - pairs["change_first"])
    return found


def _urine_change(view: View, group: Group) -> pl.DataFrame:
    days = endpoint_days(group.reference, "Mg_urine_24h")
    return changes(days).filter(pl.col("day") == last_regimen_day(days, view)).select("subject", "change")


def _title(view: View, groups: list[Group], numbers: dict[str, list[Statistic]]) -> str:
    doses = [swallowed_mmol(group) for group in groups]
    dose = "same magnesium dose" if max(doses) - min(doses) <= SAME_DOSE * max(doses) else "doses differ"
    least = ALIKE * abs(numbers[groups[0].key][1]["median"] or 0.0)
    words: dict[str, list[str]] = {"less": [], "more": [], "about the same": []}
    paired = urine_differences(view, groups)
    for group in groups[1:]:
        difference = paired[group.key]
        way = direction(difference) if abs(difference["median"] or 0.0) > least else ""
        name = _name(view, group).lower().removeprefix("magnesium ")
        words[{"falls": "less", "rises": "more"}.get(way, "about the same")].append(name)
    parts = "; ".join(f"{word} with {_list(names)}" for word, names in words.items() if names)
    return f"Rise in urine against {_name(view, groups[0])} ({dose}): {parts}"


def _list(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _table(view: View, groups: list[Group], numbers: dict[str, list[Statistic]]) -> Table:
    headings = [heading.replace("\n", " ") for heading, _ in _columns(view)]
    paired = urine_differences(view, groups)
    rows = []
    for group in groups:
        cells = [interval(cell, change=at < 2) for at, cell in enumerate(numbers[group.key])]
        against = interval(paired[group.key], change=True) if group.key in paired else "\u2013"
        rows.append((_row_label(view, group).replace("\n", ", "), *cells, against))
    last = f"urine, difference from {_name(view, groups[0])} within each subject, mmol per day"
    return Table(("compound", *headings, last), tuple(rows))


def _caption(view: View) -> str:
    band = describe_band(view).replace("Line: median. Band:", "Dot: median. Bar:")
    words = "Change of the daily mean and of the daily urine from run-in to the last day of the regimen. "
    return f"{words}Share: of the supplement alone, over the whole run. {band}"
