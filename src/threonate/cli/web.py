"""`threonate web`: the page, served on this machine only."""

from __future__ import annotations

from typing import Annotated

import typer

LOWEST_PORT, HIGHEST_PORT = 1, 65_535
LOCAL = ("127.0.0.1", "localhost", "::1")


def web(
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address of this machine to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", help="Port to listen at; 0 takes a free one.")] = 8000,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Serve the page until Ctrl-C; it can be reached from this machine only, and asks nothing of any other."""
    from threonate.errors import ScenarioError

    if host not in LOCAL:
        raise ScenarioError(f"host is {host}; allowed: {', '.join(LOCAL)}. The page is for this machine alone.")
    if port and not LOWEST_PORT <= port <= HIGHEST_PORT:
        raise ScenarioError(f"port is {port}; allowed: 0 to {HIGHEST_PORT}. Choose a free port, or 0 for any.")
    from threonate.web.serve import serve

    serve(host, port, announce=_announce, open_page=open_page)


def _announce(address: str) -> None:
    print(f"threonate: {address}  (Ctrl-C ends it)", flush=True)
    print("Research and education, not medical advice.", flush=True)
