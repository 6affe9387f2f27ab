"""Who calculates for the page: two threads, and nobody waits for himself."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from threonate.web import desk as rooms
from threonate.web.asking import Refused
from threonate.web.desk import AT_ONCE, Desk


def test_many_who_ask_are_answered_by_the_same_few_threads():
    desk = Desk()
    with ThreadPoolExecutor(20) as clients:
        threads = set(clients.map(lambda _: desk.in_turn(threading.get_ident), range(200)))

    assert 1 <= len(threads) <= AT_ONCE


def test_what_needs_a_turn_inside_a_turn_has_it():
    desk = Desk()
    inner = [desk.in_turn(lambda: (threading.get_ident(), desk.in_turn(threading.get_ident))) for _ in range(AT_ONCE)]

    assert all(outside == inside for outside, inside in inner)


def test_an_error_comes_back_to_who_asked_and_frees_the_place():
    desk = Desk()
    for _ in range(3 * AT_ONCE):
        with pytest.raises(ZeroDivisionError):
            desk.in_turn(lambda: 1 // 0)

    assert desk.in_turn(lambda: 7) == 7


def test_one_too_many_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rooms, "WAITING_AT_MOST", 1)
    desk, begun, end = Desk(), threading.Event(), threading.Event()

    def long() -> bool:
        begun.set()
        return end.wait(30.0)

    with ThreadPoolExecutor(1) as client:
        answer = client.submit(desk.in_turn, long)
        assert begun.wait(30.0)
        with pytest.raises(Refused) as refused:
            desk.in_turn(lambda: 7)
        end.set()

    assert refused.value.status == 503
    assert answer.result()
