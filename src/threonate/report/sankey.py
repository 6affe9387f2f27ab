"""Where the swallowed magnesium went: bands as wide as the amounts, from the capsule to every place."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from threonate.report.canvas import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PALE,
    PURPLE,
    SAND,
    SKY,
    SOFT,
    blank_sheet,
    drawing_style,
    sheet_svg,
)
from threonate.report.cohort import View, describe_band
from threonate.report.fate import NOT_ABSORBED, TISSUES, Flow, read_flows
from threonate.report.figure import Figure, Table
from threonate.report.grading import endpoint_grade, grade_word
from threonate.report.numbers import plain
from threonate.units import mg_from_mmol

COLOURS = {
    "urine": BLUE,
    "bone": SAND,
    "muscle": ORANGE,
    "red_cells": "#b33b3b",
    "plasma": SKY,
    "sweat": GREEN,
    "dialysate": GREEN,
    "brain": PURPLE,
    "gut": SOFT,
    "faeces": "#8a8172",
}
BODY_IN, LABEL_IN, LINE_IN, GAP_IN, TOP_IN = 5.1, 0.37, 0.14, 0.05, 0.56
LEFT, MIDDLE, RIGHT, BAR, LABEL = 0.02, 0.34, 0.575, 0.018, 0.61
LEAST_SHARE = 0.004
"""Thinner than this share of the whole, a band is drawn as a hairline."""


@dataclass(frozen=True, slots=True)
class Node:
    """A vertical bar on the page; y runs down [inch]."""

    x: float
    top: float
    height: float

    @property
    def centre(self) -> float:
        return self.top + self.height / 2


def draw_sankey(view: View) -> Figure | None:
    """Capsule to gut to urine, tissues and faeces; None when nothing was given."""
    given, ends = read_flows(view)
    if given is None or not ends:
        return None
    title, caption = _title(ends, given, view), _caption(view)
    with drawing_style():
        sheet = blank_sheet(title, caption, BODY_IN)
        axes = sheet.canvas.subplots()
        axes.set_xlim(0, 1)
        axes.set_ylim(BODY_IN - 0.1, 0)
        axes.axis("off")
        _draw_flows(axes, given, ends)
        svg, inline = sheet_svg(sheet, "sankey")
    return Figure("sankey", title, caption, _grade(view), svg, inline, _table(given, ends))


def _grade(view: View) -> str:
    hypothesis = view.main.reference.hypothesis
    words = [
        grade_word(view.catalogue, endpoint_grade(view.catalogue, name, hypothesis)).word
        for name in ("Mg_faeces_24h", "Mg_bone")
    ]
    return f"gut, faeces and urine: {words[0]}; tissues and brain: {words[1]}"


def _draw_flows(axes: Axes, given: Flow, ends: list[Flow]) -> None:
    total = given.mean_mmol
    inches = _inches_per_mmol(ends, total)
    nodes = _right_nodes(ends, inches)
    inside = [flow for flow in ends if flow.place not in NOT_ABSORBED]
    outside = [flow for flow in ends if flow.place in NOT_ABSORBED]
    middle = []
    entered = "absorbed" if given.name == "swallowed" else "in the blood"
    for members, name in ((inside, entered), (outside, "not absorbed")):
        if members:
            middle.append((members, _middle_node(members, nodes, inches), name))
    left = Node(LEFT, middle[0][1].top, total * inches)
    y = left.top
    for members, node, name in middle:
        colour = BLUE if members is inside else COLOURS["faeces"]
        _ribbon(axes, (LEFT + BAR, y), (MIDDLE, node.top), node.height, colour)
        _bar(axes, node, colour)
        share = 100 * sum(flow.mean_mmol for flow in members) / total
        text = f"{name}\n{plain(share, 2)} %"
        axes.text(MIDDLE + BAR / 2, node.top - 0.06, text, ha="center", va="bottom", fontsize=9)
        y += node.height
        _fan_out(axes, members, node, nodes, inches)
    _bar(axes, left, INK)
    mmol = f"{given.name}\n{plain(total)} mmol\n{plain(mg_from_mmol(total))} mg Mg"
    axes.text(LEFT, left.top - 0.06, mmol, ha="left", va="bottom", fontsize=9, weight="bold", color=INK)


def _fan_out(axes: Axes, members: list[Flow], node: Node, nodes: dict[str, Node], inches: float) -> None:
    y = node.top
    for flow in members:
        end = nodes[flow.place]
        thick = max(0.0, flow.mean_mmol * inches)
        _ribbon(axes, (MIDDLE + BAR, y), (RIGHT, end.centre - thick / 2), thick, COLOURS[flow.place])
        _bar(axes, Node(RIGHT, end.centre - max(thick, 0.012) / 2, max(thick, 0.012)), COLOURS[flow.place])
        y += thick
        raised = end.centre - LINE_IN / 2 * flow.note.count("\n")
        axes.text(LABEL, raised - 0.015, flow.name, va="bottom", fontsize=9.5, weight="bold", color=INK)
        axes.text(LABEL, raised + 0.015, flow.note or flow.amount(), va="top", fontsize=8.5, color=SOFT)


def _inches_per_mmol(ends: list[Flow], total: float) -> float:
    """The largest scale at which all bars and labels of the right side still fit."""
    room = BODY_IN - TOP_IN - 0.2 - GAP_IN * len(ends)
    low, high = 0.0, 0.6 * BODY_IN / total
    for _ in range(40):
        scale = (low + high) / 2
        needed = sum(max(_label_in(flow), flow.mean_mmol * scale) for flow in ends)
        low, high = (scale, high) if needed <= room else (low, scale)
    return low


def _label_in(flow: Flow) -> float:
    return LABEL_IN + LINE_IN * flow.note.count("\n")


def _right_nodes(ends: list[Flow], inches: float) -> dict[str, Node]:
    nodes, y = {}, TOP_IN
    for flow in ends:
        height = max(_label_in(flow), flow.mean_mmol * inches)
        nodes[flow.place] = Node(RIGHT, y, height)
        y += height + GAP_IN
    return nodes


def _middle_node(members: list[Flow], nodes: dict[str, Node], inches: float) -> Node:
    height = sum(max(0.0, flow.mean_mmol) for flow in members) * inches
    weights = [max(flow.mean_mmol, 1e-9) for flow in members]
    moments = (nodes[flow.place].centre * weight for flow, weight in zip(members, weights, strict=True))
    centre = sum(moments) / sum(weights)
    return Node(MIDDLE, max(TOP_IN + 0.1, centre - height / 2), height)


def _bar(axes: Axes, node: Node, colour: str) -> None:
    axes.add_patch(Rectangle((node.x, node.top), BAR, node.height, facecolor=colour, edgecolor="none", zorder=3))


def _ribbon(axes: Axes, start: tuple[float, float], end: tuple[float, float], thick: float, colour: str) -> None:
    """A bezier band from `start` to `end` (upper corners), or a hairline when it would be too thin to see."""
    (x0, y0), (x1, y1) = start, end
    bend = (x0 + x1) / 2
    if thick < LEAST_SHARE * BODY_IN:
        codes = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
        line = Path([(x0, y0 + thick / 2), (bend, y0), (bend, y1), (x1, y1 + thick / 2)], codes)
        axes.add_patch(PathPatch(line, facecolor="none", edgecolor=colour, linewidth=0.9, zorder=2))
        return
    upper = [(x0, y0), (bend, y0), (bend, y1), (x1, y1)]
    lower = [(x1, y1 + thick), (bend, y1 + thick), (bend, y0 + thick), (x0, y0 + thick)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    band = Path([*upper, *lower, (x0, y0)], codes)
    axes.add_patch(PathPatch(band, facecolor=colour, alpha=0.38, edgecolor=PALE, linewidth=0.3, zorder=1))


def _title(ends: list[Flow], given: Flow, view: View) -> str:
    shares = {flow.place: 100 * flow.mean_mmol / given.mean_mmol for flow in ends}
    stays = sum(share for place, share in shares.items() if place in TISSUES)
    urine, faeces = shares.get("urine", 0.0), shares.get("faeces", 0.0) + shares.get("gut", 0.0)
    gut = f"{plain(faeces, 2)} % is not absorbed, " if faeces else ""
    days = int(view.days + (view.scenario.get("washout_days") or 0))
    when = f"After {days} day{'s' if days > 1 else ''}"
    return f"{when}: {gut}{plain(urine, 2)} % left in urine, {plain(stays, 2)} % is in the body"


def _caption(view: View) -> str:
    words = "Magnesium of the supplement alone, food not counted; tissues as difference from a run without it. "
    words += "Widths are means over the subjects, which add up; in brackets 5\u201395 %. "
    words += "Hairlines are too small to draw to scale. "
    words += "Brain: a change computed from relative concentrations, under each hypothesis. "
    return words + (describe_band(view) if view.people == 1 else f"Drawn from {view.people} simulated adults.")


def _table(given: Flow, ends: list[Flow]) -> Table:
    rows = []
    for flow in [given, *ends]:
        share = f"{plain(100 * flow.mean_mmol / given.mean_mmol, 2)} %"
        rows.append((flow.name, (flow.note or flow.amount()).replace("\n", "; "), share))
    return Table(("place", "mean (5\u201395 %)", "share of what was given"), tuple(rows))
