"""The page with all effects holds every endpoint that people can be asked for."""

from __future__ import annotations

import pytest

from tests.published.overview import PAGE, PICTURE, lines
from threonate.evidence import Endpoint, for_endpoints, read_catalogue
from threonate.report.figure import Table

ENDPOINTS = [one for one in for_endpoints(read_catalogue(), ["all"]).endpoints.values() if one.response]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=[one.id for one in ENDPOINTS])
def test_it_stands_in_the_table(endpoint: Endpoint) -> None:
    """`python -m tests.published.overview` writes the page anew."""
    assert f"\n| {endpoint.title} |" in PAGE.read_text(encoding="utf-8")


def test_the_picture_is_there() -> None:
    assert f"({PICTURE.name})" in PAGE.read_text(encoding="utf-8")
    assert PICTURE.read_text(encoding="utf-8").count("<path") > len(ENDPOINTS)


def test_hypotheses_that_differ_get_a_line_each() -> None:
    kinds = ("effect in its own unit", "effect in SD", "evidence", "weakest step")
    columns = ("endpoint", *(f"{name}: {kind}" for name in ("NULL", "THREONATE") for kind in kinds))
    same = ("score", "+1", "+0.1", "weak", "a", "+1", "+0.1", "weak", "a")
    apart = ("block", "+1", "+0.1", "weak", "a", "+2", "+0.2", "animals", "b")

    assert lines(Table(columns, (same, apart))) == [
        "| score | +1 | +0.1 | weak | a |",
        "| block | +1 | +0.1 | weak | a |",
        "| block, THREONATE | +2 | +0.2 | animals | b |",
    ]
