"""The page as a server of its own, for tests that talk to it over HTTP."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import uvicorn
from fastapi import FastAPI

from threonate.web.app import create_app

QUICK = {"days": "2", "run_in_days": "1", "subjects": "6", "tolerance": "fast", "spot_check": "false"}


@dataclass(frozen=True)
class Served:
    """A running page: the application and a client that talks to it."""

    app: FastAPI
    client: httpx.Client
    address: str


@contextmanager
def served() -> Iterator[Served]:
    """The page on a free port of this machine."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = create_app()
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        with httpx.Client(base_url=address, timeout=120) as client:
            yield Served(app, client, address)
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def told(response: httpx.Response) -> dict[str, object]:
    """The reason of a refusal; fails when it is not readable."""
    error = response.json()["error"]
    assert error["message"].strip()
    assert error["kind"]
    for problem in error["problems"]:
        assert problem["reason"].strip()
    return error
