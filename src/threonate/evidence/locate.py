"""Where in a file something stands, so that a problem can name its line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

_HEADER = re.compile(r"\s*\[+\s*([\w.\"-]+)\s*\]")


def line_of(text: str, pattern: str, default: int = 1, *, nth: int = 1) -> int:
    r"""Number of the first line that matches a regular expression, or of the nth.

    >>> line_of("a = 1\nb = 2\n", r"^b\b")
    2
    """
    found = [number for number, line in enumerate(text.splitlines(), start=1) if re.search(pattern, line)]
    return found[nth - 1] if len(found) >= nth else default


def line_of_key(text: str, place: Sequence[str | int]) -> int:
    r"""Line of a key in a TOML text, by its path; the line of its table when the key is not there.

    >>> line_of_key("[[rows]]\na = 1\n[[rows]]\na = 2\n", ("rows", 1, "a"))
    4
    """
    names = [part for part in place if isinstance(part, str)]
    number = next((part for part in place if isinstance(part, int)), 0)
    if not names:
        return 1
    lines = text.splitlines()
    starts = [k for k, line in enumerate(lines) if (header := _HEADER.match(line)) and header[1] == names[0]]
    if number >= len(starts):
        return line_of(text, rf"^\s*{re.escape(names[0])}\s*=")
    start = starts[number]
    for k in range(start + 1, len(lines)):
        if _HEADER.match(lines[k]):
            break
        if len(names) > 1 and re.match(rf"\s*{re.escape(names[-1])}\s*=", lines[k]):
            return k + 1
    return start + 1


def shown(path: Path, root: Path) -> str:
    """A path as a reader of the shelf knows it: relative to the library folder."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()
