"""Where two contents begin to differ, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_MISSING = "nothing"


def first_difference(there: object, asked: object) -> str:
    """The first place where two contents differ, with both values; empty when they are equal.

    >>> first_difference({"days": [7, 28]}, {"days": [7, 84]})
    'days[1] is 28 there and 84 here'
    >>> first_difference({"days": 7}, {"days": 7})
    ''
    """
    left, right = dict(_flat(there, "")), dict(_flat(asked, ""))
    for name in [*right, *(name for name in left if name not in right)]:
        here, before = right.get(name, _MISSING), left.get(name, _MISSING)
        if here != before or type(here) is not type(before):
            return f"{name} is {_said(before)} there and {_said(here)} here"
    return ""


def _flat(content: object, place: str) -> Iterator[tuple[str, object]]:
    if isinstance(content, Mapping):
        for name, value in content.items():
            yield from _flat(value, f"{place}.{name}" if place else str(name))
    elif isinstance(content, list | tuple):
        for index, value in enumerate(content):
            yield from _flat(value, f"{place}[{index}]")
    else:
        yield place, content


def _said(value: object) -> str:
    return "left open" if value is None else str(value)
