"""Numbers as people read them: two or three telling digits, a true minus, and intervals in words."""

from __future__ import annotations

import math
from collections.abc import Mapping

MINUS = "\u2212"
ABSENT = "\u2013"


def plain(value: float | None, digits: int = 3) -> str:
    """A number with `digits` telling digits, never in powers of ten; a dash when there is none.

    >>> plain(0.01734), plain(4.156), plain(1234.5), plain(None)
    ('0.0173', '4.16', '1,234', '–')
    """
    if value is None or not math.isfinite(value):
        return ABSENT
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{abs(value):,.{min(decimals, 9)}f}"
    return f"{MINUS}{text}" if value < 0 and text.strip("0.,") else text


def signed(value: float | None, digits: int = 2) -> str:
    """A change, always with its sign.

    >>> signed(0.0173), signed(-1.08), signed(0.0)
    ('+0.017', '−1.1', '0')
    """
    text = plain(value, digits)
    return f"+{text}" if value is not None and math.isfinite(value) and value > 0 else text


def interval(
    statistic: Mapping[str, float | None], change: bool = False, scale: float = 1.0, digits: int | None = None
) -> str:
    """Median with its 5-95 % interval in brackets.

    >>> interval({"median": 0.017, "p5": 0.011, "p95": 0.029}, change=True)
    '+0.017 (+0.011 to +0.029)'
    """
    show, digits = (signed, digits or 2) if change else (plain, digits or 3)
    median, low, high = (_scaled(statistic.get(name), scale) for name in ("median", "p5", "p95"))
    if median is None or low is None or high is None:
        return ABSENT
    if low == high:
        return show(median, digits)
    return f"{show(median, digits)} ({show(low, digits)} to {show(high, digits)})"


def readable_change(statistic: Mapping[str, float | None], smallest: float, scale: float = 1.0) -> str:
    """A change with its interval, or that it is too small to be read.

    smallest   changes below this must not be shown (see Endpoint.smallest_change)

    >>> readable_change({"median": 0.01, "p5": 0.0, "p95": 0.02}, smallest=0.03)
    'too small to read'
    """
    median = statistic.get("median")
    if median is not None and abs(median) < smallest:
        return "too small to read"
    return interval(statistic, change=True, scale=scale)


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale


def direction(statistic: Mapping[str, float | None]) -> str:
    """`rises`, `falls` or `shows no clear change`: both ends of the interval must agree.

    >>> direction({"median": 0.1, "p5": -0.1, "p95": 0.3})
    'shows no clear change'
    """
    low, high = statistic.get("p5"), statistic.get("p95")
    if low is None or high is None:
        return "shows no clear change"
    if low > 0:
        return "rises"
    return "falls" if high < 0 else "shows no clear change"
