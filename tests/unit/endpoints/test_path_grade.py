"""An outcome is as good as the weakest arrow that leads to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from threonate.endpoints import path_grade
from threonate.endpoints.path_grade import link_grade
from threonate.evidence import Catalogue, Endpoint, Link, read_catalogue

CATALOGUE = read_catalogue()
LINK = CATALOGUE.links["dose_to_plasma"]
ENDPOINT = CATALOGUE.endpoints["Mg_plasma"]
FROM_BEST = ["A", "B", "C", "D", "E", "N", "X", "U"]


def link(name: str, grade: str, *modifiers: str, hypotheses: tuple[str, ...] = ("null", "threonate")) -> Link:
    return replace(LINK, id=name, grade=grade, modifiers=modifiers, hypotheses=hypotheses)


def graded(readout: str, *links: Link, hypothesis: str = "null") -> tuple[str, str]:
    """Grade and weakest link of an endpoint at the end of these links."""
    endpoint: Endpoint = replace(ENDPOINT, grade=readout, path=tuple(one.id for one in links))
    catalogue: Catalogue = replace(CATALOGUE, links={one.id: one for one in links})
    found = path_grade(endpoint, hypothesis, catalogue)
    return found.grade, found.weakest


@pytest.mark.parametrize("better", range(7))
def test_the_lowest_grade_wins_and_names_its_link(better: int) -> None:
    good, bad = FROM_BEST[better], FROM_BEST[better + 1]

    assert graded("A", link("good", good), link("bad", bad)) == (bad, "bad")
    assert graded("A", link("bad", bad), link("good", good)) == (bad, "bad")


def test_a_weak_readout_is_nobody_else_s_fault() -> None:
    assert graded("E", link("good", "A")) == ("E", "")
    assert graded("C") == ("C", "")


def test_of_two_equal_links_the_first_is_named() -> None:
    assert graded("A", link("first", "C"), link("second", "C")) == ("C", "first")


def test_a_link_that_is_off_does_not_count() -> None:
    extra = link("animal", "D", hypotheses=("threonate",))

    assert graded("B", link("good", "A"), extra, hypothesis="null") == ("B", "")
    assert graded("B", link("good", "A"), extra, hypothesis="threonate") == ("D", "animal")


@pytest.mark.parametrize(
    ("grade", "modifiers", "shown"),
    [
        ("A", (), "A"),
        ("A", ("form",), "B"),
        ("B", ("form", "population"), "D"),
        ("D", ("form", "exposure", "sponsor"), "E"),
        ("N", ("form",), "N"),
        ("X", ("form",), "X"),
        ("U", ("form",), "U"),
    ],
)
def test_each_modifier_is_a_step_down(grade: str, modifiers: tuple[str, ...], shown: str) -> None:
    assert link_grade(link("one", grade, *modifiers)) == shown
    assert graded("A", link("one", grade, *modifiers))[0] == shown


@pytest.mark.parametrize("endpoint", CATALOGUE.endpoints.values(), ids=CATALOGUE.endpoints)
def test_threonate_is_never_better_founded_than_null(endpoint: Endpoint) -> None:
    null, threonate = (path_grade(endpoint, name, CATALOGUE).grade for name in ("null", "threonate"))

    assert FROM_BEST.index(threonate) >= FROM_BEST.index(null)
    if endpoint.brain:
        assert threonate == "D"
    else:
        assert threonate == null
