"""Run the page on this machine."""

from __future__ import annotations

import socket
import sys
import threading
import webbrowser
from collections.abc import Callable

import uvicorn

from threonate.errors import ScenarioError
from threonate.web.app import create_app
from threonate.web.asking import scenario_of
from threonate.web.desk import Desk
from threonate.web.explore import simulate_answer
from threonate.web.pages import start_fields

WAITING = 128
TAKE_TURNS_S = 5e-4
"""How long a thread that calculates may keep another from answering [s]."""


def serve(host: str, port: int, *, announce: Callable[[str], None], open_page: bool) -> None:
    """Serve until interrupted.

    announce    called with the address once it is known
    Raises      ScenarioError when the port is taken
    """
    listening = _listen(host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listening.getsockname()[1]}/"
    desk = Desk()
    app = create_app(desk)
    app.state.jobs.warm()
    threading.Thread(target=warm, args=(desk,), name="warm", daemon=True).start()
    announce(address)
    if open_page:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=1
    )
    sys.setswitchinterval(TAKE_TURNS_S)
    uvicorn.Server(config).run(sockets=[listening])


def warm(desk: Desk) -> None:
    """Read the library, compile the body and draw the first people, before anybody asks."""
    simulate_answer(desk, scenario_of(start_fields()))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small answers at once only where the protocol of the socket is named
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(WAITING)  # who comes before the first answer is ready waits, and is not refused
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise ScenarioError(f"port {port} cannot be used: {reason}. Choose another --port, or 0 for any.") from None
    return listening
