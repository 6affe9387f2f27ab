"""A figure as the report carries it: picture, finding, caption, grade, and the numbers behind it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows as text; the first cell of a row names it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture with everything a reader needs to judge it.

    id       file name stem and anchor
    title    the finding, in one sentence
    caption  what is drawn and what the band means
    grade    trust in words
    svg      a whole SVG file, title and caption included
    inline   the same picture as an <svg> element without title and caption, for a page that prints them as text
    table    the numbers behind the picture
    """

    id: str
    title: str
    caption: str
    grade: str
    svg: str
    inline: str
    table: Table
