"""The page: one slider, twenty clients at once, and memory over a thousand questions."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

SETTLE_S = 8.0
"""After its first answer the page loads the process that jobs are forked from [s]."""
START = {"days": 7, "run_in_days": 1, "subjects": 200, "tolerance": "fast", "spot_check": "false"}


def main(arguments: list[str]) -> int:
    """Start a page, ask it, print medians [ms] and memory [MB]."""
    parser = argparse.ArgumentParser(prog="benchmarks web", description=__doc__)
    parser.add_argument("--presses", type=int, default=20, help="slider presses")
    parser.add_argument("--clients", type=int, default=20, help="simultaneous clients")
    parser.add_argument("--turns", type=int, default=3, help="how often they ask")
    parser.add_argument("--requests", type=int, default=1000, help="questions over which memory is watched")
    parser.add_argument("--days", type=int, default=START["days"], help="days of the scenario")
    given = parser.parse_args(arguments)
    command = [sys.executable, "-m", "threonate", "web", "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as page:
        try:
            assert page.stdout is not None
            address = page.stdout.readline().split()[1]
            measure(address, page.pid, given)
        finally:
            page.terminate()
    return 0


def measure(address: str, pid: int, given: argparse.Namespace) -> None:
    """Ask the page at an address."""
    ask = _asker(address, given.days)
    ask(elemental_mg=100)
    time.sleep(SETTLE_S)
    presses = [ask(elemental_mg=101 + k) for k in range(given.presses)]
    _print(f"{given.presses} presses of the dose slider", presses)
    with ThreadPoolExecutor(given.clients) as pool:
        for turn in range(given.turns):
            questions = [300 + turn * given.clients + k for k in range(given.clients)]
            different = list(pool.map(lambda mg: ask(elemental_mg=mg), questions))
            _print(f"{given.clients} clients at once, each with another new question", different)
        same = list(pool.map(lambda _: ask(elemental_mg=1500), range(given.clients)))
        _print(f"{given.clients} clients at once with the same new question", same)
    presses = [ask(egfr=60 + k) for k in range(given.presses)]
    _print(f"{given.presses} presses of a slider of the person", presses)
    _memory(pid, given.requests, lambda k: ask(elemental_mg=100.5 + k, egfr=40 + k // 10 % 80, subjects=20, days=2))


def _asker(address: str, days: int) -> Callable[..., float]:
    """Asks one question on a connection of its own; a client that takes little of the processor it shares."""
    place = urlsplit(address)

    def ask(**changes: object) -> float:
        query = urlencode({**START, "days": days, **changes})
        begun = time.perf_counter()
        with closing(HTTPConnection(place.hostname or "", place.port, timeout=120)) as line:
            line.request("GET", f"/api/simulate?{query}")
            answer = line.getresponse()
            told = answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"the page answered {answer.status}: {told[:200]!r}")
        return 1e3 * (time.perf_counter() - begun)

    return ask


def _memory(pid: int, requests: int, ask: Callable[[int], float]) -> None:
    marks = []
    times = []
    for k in range(requests):
        times.append(ask(k))
        if k % max(1, requests // 10) == 0 or k == requests - 1:
            marks.append(_resident_mb(pid))
    _print(f"{requests} different questions of 20 people, every tenth about others", times)
    print("memory [MB]: " + ", ".join(f"{mark:.0f}" for mark in marks))


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def _print(what: str, times: list[float]) -> None:
    ordered = sorted(times)
    worst = ordered[max(0, round(0.9 * len(ordered)) - 1)]
    print(f"{what}: median {statistics.median(ordered):.0f} ms, p90 {worst:.0f} ms", flush=True)
