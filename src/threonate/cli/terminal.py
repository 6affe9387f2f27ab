"""Where tables are printed."""

from __future__ import annotations

from rich.console import Console

PLAIN_WIDTH = 118


def terminal() -> Console:
    """Standard output; wide enough for tables when it is a file or a pipe."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PLAIN_WIDTH)
