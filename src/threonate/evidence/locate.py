"""Where in a file something stands, so that a problem can name its line."""

from __future__ import annotations

import re
from pathlib import Path


def line_of(text: str, pattern: str, default: int = 1) -> int:
    """Number of the first line that matches a regular expression.

    >>> line_of("a = 1\\nb = 2\\n", r"^b\\b")
    2
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if re.search(pattern, line):
            return number
    return default


def shown(path: Path, root: Path) -> str:
    """A path as a reader of the shelf knows it: relative to the library folder."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()
