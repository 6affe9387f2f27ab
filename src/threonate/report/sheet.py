"""Any set of bands as one sheet, in every file format, with its provenance inside."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.backends.backend_pdf import FigureCanvasPdf

from threonate.report.canvas import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SAND,
    SKY,
    SOFT,
    Pen,
    blank_sheet,
    draw_band,
    drawing_style,
    sheet_svg,
)
from threonate.report.cohort import Band

_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, SAND, SOFT)
_DASHES: tuple[str | tuple[int, tuple[int, ...]], ...] = ("-", (0, (4, 2)), (0, (1, 1)), (0, (4, 1, 1, 1)))
_HEIGHT_IN = 3.6


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn and said.

    x, y      names of the axes, with units
    lines     title of each line and its band
    about     key -> value, written into the file
    """

    id: str
    title: str
    caption: str
    x: str
    y: str
    lines: Sequence[tuple[str, Band]]
    about: Mapping[str, str]


def draw_picture(picture: Picture, kind: Literal["svg", "pdf"]) -> bytes:
    """The picture as a file; equal pictures give equal bytes."""
    with drawing_style():
        sheet = blank_sheet(picture.title, picture.caption, _HEIGHT_IN + 0.2 * len(picture.lines))
        axes = sheet.canvas.subplots()
        for at, (title, band) in enumerate(picture.lines):
            if len(band):
                pen = Pen(_COLOURS[at % len(_COLOURS)], _DASHES[(at // 2) % len(_DASHES)], 0.16)
                draw_band(axes, band, pen, title)
        axes.set_xlabel(picture.x)
        axes.set_ylabel(picture.y)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=1 if len(picture.lines) > 4 else 2)
        if kind == "svg":
            return _with_notes(sheet_svg(sheet, picture.id)[0], picture.about).encode()
        stream = io.BytesIO()
        FigureCanvasPdf(sheet.canvas)
        keywords = "; ".join(f"{name}: {value}" for name, value in picture.about.items())
        told = {"Title": picture.title, "Subject": picture.caption, "Keywords": keywords, "CreationDate": None}
        sheet.canvas.savefig(stream, format="pdf", metadata=told)
        return stream.getvalue()


def _with_notes(svg: str, about: Mapping[str, str]) -> str:
    """The picture with a description that programs and people can read."""
    lines = "\n".join(f"{name}: {value}" for name, value in about.items())
    safe = lines.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    end = svg.index(">", svg.index("<svg")) + 1
    return f"{svg[:end]}\n<desc>{safe}</desc>{svg[end:]}"
