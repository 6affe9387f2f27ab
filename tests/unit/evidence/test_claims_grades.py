"""Grades as rules."""

from __future__ import annotations

import pytest

from threonate.evidence.grades import Finding, Study, design_of, grade_of, study_of, worse
from threonate.evidence.records import Source


def study(name: str = "a", design: str = "trial", *, interested: bool = False) -> Study:
    return Study(f"X{name}", name, design, interested)  # type: ignore[arg-type]


def finding(species: str = "human", verification: str = "primary-abstract", design: str = "") -> Finding:
    return Finding("X1", "q", "1", "", "", "", species, "", "", verification, "", "", design)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("studies", "grade"),
    [
        ([], "U"),
        ([study("a"), study("b")], "A"),
        ([study("a"), study("a")], "B"),
        ([study(design="pooled")], "A"),
        ([study(design="physiology")], "B"),
        ([study(design="post_hoc")], "C"),
        ([study(design="open")], "C"),
        ([study(design="observed")], "C"),
        ([study(design="animal")], "D"),
        ([study(design="cell")], "E"),
        ([study(design="textbook")], "E"),
        ([study(design="registry")], "U"),
        ([study(design="absence")], "U"),
        ([study(design="none")], "U"),
    ],
)
def test_grade_follows_from_the_designs(studies, grade):
    assert grade_of(studies) == grade


@pytest.mark.parametrize("word", ["form", "exposure", "population", "sponsor", "selective"])
def test_each_modifier_is_one_step(word):
    assert grade_of([study("a"), study("b")], modifiers=[word]) == "B"


def test_interest_lowers_only_when_every_trial_has_it():
    sold = [study("a", interested=True), study("b", interested=True)]

    assert grade_of(sold) == "B"
    assert grade_of([*sold, study("c")]) == "A"


def test_contested_trials_are_never_certain():
    assert grade_of([study("a"), study("b")], contested=True) == "B"
    assert grade_of([study(design="open")], contested=True) == "C"


def test_one_step_up_at_most_and_never_above_the_best():
    both = ["dose_response", "replication"]

    assert grade_of([study(design="animal")], steps_up=both) == "C"
    assert grade_of([study("a"), study("b")], steps_up=both) == "A"


def test_steps_down_end_at_the_lowest():
    assert grade_of([study(design="animal")], modifiers=["form", "exposure", "population"]) == "E"


@pytest.mark.parametrize(
    ("given", "design"),
    [
        (finding("rat"), "animal"),
        (finding("mouse + HT22"), "animal"),
        (finding("human cells"), "cell"),
        (finding("rat hippocampal culture"), "cell"),
        (finding("human"), "observed"),
        (finding("human", design="trial"), "trial"),
        (finding("human", "not-found", "trial"), "absence"),
        (finding("human", "unverified", "trial"), "none"),
        (finding(""), "statement"),
    ],
)
def test_design_is_written_or_told_by_species_and_verification(given, design):
    assert design_of(given) == design


def test_source_that_could_not_be_verified_shows_nothing():
    source = Source("a", "A.", "article", "", "", "unverified", "Not read.", (finding(design="trial"),))

    assert not study_of(finding(design="trial"), source).counts


def test_worse_of_two_grades():
    assert worse("A", "D") == "D"
    assert worse("X", "N") == "X"
