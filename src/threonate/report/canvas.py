"""Paper, pens and colours: every figure is drawn the same way and gives the same bytes every time."""

from __future__ import annotations

import io
import re
import textwrap
from dataclasses import dataclass
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MultipleLocator

from threonate.report.cohort import Band

BLUE, ORANGE, GREEN, PURPLE = "#0072b2", "#d55e00", "#007a5a", "#8f4a80"
INK, SOFT, PALE, FAINT = "#1b1b1b", "#555555", "#c9c9c9", "#ececec"
SKY, SAND = "#56b4e9", "#e69f00"

PAGE_WIDTH_IN = 6.4
TITLE_LINE_IN, CAPTION_LINE_IN, PADDING_IN = 0.225, 0.165, 0.13
TITLE_COLUMNS, CAPTION_COLUMNS = 57, 94
POINTS_PER_INCH = 72.0
MOST_TICKS = 7

STYLE: dict[str, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "threonate",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.labelsize": 10,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "axes.unicode_minus": True,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "lines.linewidth": 1.8,
    "hatch.linewidth": 0.5,
    "path.simplify": True,
}


@dataclass(frozen=True, slots=True)
class Pen:
    """How one curve and its band look; line style keeps them apart in grey print."""

    colour: str
    dashes: str | tuple[int, tuple[int, ...]] = "-"
    alpha: float = 0.22
    edge: bool = False


WITH = Pen(BLUE)
WITHOUT = Pen(SOFT, "--", 0.16, edge=True)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An empty page: the canvas and the heights of its title and caption strips [inch]."""

    canvas: Canvas
    title_in: float
    caption_in: float
    body_in: float


def blank_sheet(title: str, caption: str, body_in: float) -> Sheet:
    """A page with its title on top and its caption below; axes go between them."""
    title_lines = textwrap.wrap(title, TITLE_COLUMNS)
    caption_lines = textwrap.wrap(caption, CAPTION_COLUMNS)
    title_in = TITLE_LINE_IN * len(title_lines) + 2 * PADDING_IN
    caption_in = CAPTION_LINE_IN * len(caption_lines) + 2 * PADDING_IN
    height = title_in + body_in + caption_in
    canvas = Canvas(figsize=(PAGE_WIDTH_IN, height))
    FigureCanvasSVG(canvas)
    body = (0.0, caption_in / height, 1.0, body_in / height)
    canvas.set_layout_engine("constrained", rect=body, w_pad=0.06, h_pad=0.06)
    left = PADDING_IN / PAGE_WIDTH_IN
    canvas.text(left, 1 - PADDING_IN / height, "\n".join(title_lines), va="top", fontsize=12, weight="bold", color=INK)
    canvas.text(left, PADDING_IN / height, "\n".join(caption_lines), va="bottom", fontsize=8.5, color=SOFT)
    return Sheet(canvas, title_in, caption_in, body_in)


def sheet_svg(sheet: Sheet, name: str) -> tuple[str, str]:
    """The page as a whole SVG file, and its picture alone as an element to put into a page."""
    stream = io.StringIO()
    sheet.canvas.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = _own_ids(_without_metadata(stream.getvalue()), name)
    return text, _inline(text, sheet)


def _without_metadata(text: str) -> str:
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    return re.sub(r"<!DOCTYPE.*?>\s*", "", text, flags=re.DOTALL)


def _own_ids(text: str, name: str) -> str:
    """Prefix every id, so that several pictures can stand on one page."""
    text = re.sub(r'(\sid=")', rf"\g<1>{name}-", text)
    text = re.sub(r'(href="#)', rf"\g<1>{name}-", text)
    return re.sub(r"(url\(#)", rf"\g<1>{name}-", text)


def _inline(text: str, sheet: Sheet) -> str:
    """Crop title and caption away and let the page decide the size."""
    width = PAGE_WIDTH_IN * POINTS_PER_INCH
    top, height = sheet.title_in * POINTS_PER_INCH, sheet.body_in * POINTS_PER_INCH
    body = text[text.index("<svg") :]
    opening = f'<svg viewBox="0 {top:.2f} {width:.2f} {height:.2f}" xmlns:xlink="http://www.w3.org/1999/xlink">'
    return re.sub(r"<svg[^>]*>", opening, body, count=1, flags=re.DOTALL)


def drawing_style() -> Any:
    """Context in which all figures are drawn."""
    settings: Any = {**dict(matplotlib.rcParamsDefault), **STYLE}
    return matplotlib.rc_context(settings)


def draw_band(axes: Axes, band: Band, pen: Pen, label: str) -> None:
    """A median with its 5-95 % band; a single point becomes a dot with a bar."""
    if len(band) == 1:
        axes.vlines(band.x, band.low, band.high, color=pen.colour, linewidth=6, alpha=pen.alpha)
        axes.plot(band.x, band.median, "o", color=pen.colour, label=label)
        return
    axes.fill_between(band.x, band.low, band.high, color=pen.colour, alpha=pen.alpha, linewidth=0)
    if pen.edge:
        for limit in (band.low, band.high):
            axes.plot(band.x, limit, linestyle=pen.dashes, color=pen.colour, linewidth=0.7)
    axes.plot(band.x, band.median, linestyle=pen.dashes, color=pen.colour, label=label)


def zero_line(axes: Axes) -> None:
    """The level of no change."""
    axes.axhline(0.0, color=SOFT, linewidth=0.9)


def day_axis(axes: Axes, days: int) -> None:
    """Days of the regimen below the axes, in whole weeks where the run is long."""
    weeks = -(-days // (7 * MOST_TICKS))
    step = 7 * weeks if days > 2 * MOST_TICKS else max(1, -(-days // MOST_TICKS))
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.set_xlabel("day of the regimen")


def hour_axis(axes: Axes, hours: float) -> None:
    """Hours below the axes, in steps that divide a day."""
    step = next((step for step in (2, 4, 6, 12, 24) if hours / step <= MOST_TICKS), 24)
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.set_xlim(0, hours)
    axes.set_xlabel("hours since midnight of the first day")


def clock_axis(axes: Axes) -> None:
    """Hours of the day below the axes."""
    axes.set_xlim(0, 24)
    axes.set_xticks(range(0, 25, 4), [f"{hour:02d}:00" for hour in range(0, 25, 4)])
    axes.set_xlabel("clock")
