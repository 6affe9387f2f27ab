"""Verdicts: the rules, what the model adds, and what depends on which source."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from threonate.appraisal import Prediction, appraise, appraise_all, flips
from threonate.appraisal.inputs import roots_of
from threonate.appraisal.rules import Evidence, judge
from threonate.appraisal.size import compare, links_lost
from threonate.errors import CatalogueError
from threonate.evidence import read_catalogue
from threonate.evidence.claim_records import Bound, Claim
from threonate.evidence.grades import Study

CATALOGUE = read_catalogue()


def claim(kind: str = "effect", asserts: str = "effect", **more) -> Claim:
    return Claim("x", "C1", "It works.", ("somebody",), kind, asserts, ("mgt",), **more)  # type: ignore[arg-type]


def studies(*designs: str) -> tuple[Study, ...]:
    return tuple(Study(f"X{k}", f"source_{k}", design, False) for k, design in enumerate(designs))  # type: ignore[arg-type]


def answer(record: Claim, shown=(), plausible=(), refuted=(), limited=()) -> tuple[str, str]:
    found = judge(record, Evidence(studies(*shown), studies(*plausible), studies(*refuted), studies(*limited)))
    return found.answer, found.grade


@pytest.mark.parametrize(
    ("record", "given", "expected"),
    [
        (claim(), {"shown": ["trial", "trial"]}, ("supported", "A")),
        (claim(), {"shown": ["trial"]}, ("mixed", "B")),
        (claim(), {"shown": ["open", "observed"]}, ("mixed", "C")),
        (claim(), {"shown": ["trial", "trial"], "refuted": ["trial"]}, ("mixed", "B")),
        (claim(), {"shown": ["trial", "trial"], "limited": ["absence"]}, ("supported", "A")),
        (claim(), {"refuted": ["trial"]}, ("contradicted", "N")),
        (claim(), {"refuted": ["open"]}, ("contradicted", "X")),
        (claim(), {"shown": ["animal"], "refuted": ["trial"]}, ("contradicted", "N")),
        (claim(), {"shown": ["animal", "cell"]}, ("animals only", "D")),
        (claim(), {"shown": ["cell"]}, ("in vitro only", "E")),
        (claim(), {"shown": ["animal"], "refuted": ["animal"]}, ("contradicted", "X")),
        (claim(asserts="possible"), {"shown": ["animal"], "refuted": ["animal"]}, ("plausible but untested", "D")),
        (claim(), {"plausible": ["animal"]}, ("plausible but untested", "D")),
        (claim(asserts="treats"), {"plausible": ["trial"]}, ("unverifiable", "U")),
        (claim(asserts="superior"), {"plausible": ["animal"]}, ("unverifiable", "U")),
        (claim(), {"shown": ["none"], "plausible": ["registry"]}, ("unverifiable", "U")),
        (claim(), {}, ("unverifiable", "U")),
        (claim("fact"), {"shown": ["chemistry"]}, ("supported", "A")),
        (claim("fact"), {"shown": ["observed"], "refuted": ["observed"]}, ("mixed", "C")),
        (claim("report"), {"refuted": ["absence"]}, ("contradicted", "X")),
        (claim("report"), {"limited": ["absence"]}, ("unverifiable", "U")),
        (claim("background", textbook=True), {}, ("background", "E")),
        (claim("background"), {"refuted": ["trial"]}, ("contradicted", "X")),
        (claim("advice"), {"shown": ["trial", "trial"]}, ("advice", "U")),
        (claim("opinion"), {"shown": ["trial", "trial"]}, ("opinion", "U")),
    ],
)
def test_rules(record, given, expected):
    assert answer(record, **given) == expected


def with_source(name: str, **changed):
    sources = {**CATALOGUE.sources, name: replace(CATALOGUE.sources[name], **changed)}
    return replace(CATALOGUE, sources=MappingProxyType(sources))


@pytest.mark.parametrize("name", ["slutsky_2010", "wu_2023", "kwack_2010", "jaripur_2022", "ni_2023", "drake_1999"])
def test_changing_one_source_flips_exactly_the_verdicts_that_depend_on_it(name):
    """A source whose record becomes unverified acts as if it were disbelieved, and touches nothing else."""
    before = {v.claim: v.answer for v in appraise_all(CATALOGUE).values()}
    after = {v.claim: v.answer for v in appraise_all(with_source(name, verified="unverified")).values()}
    changed = {one for one in before if before[one] != after[one]}
    named = {f.id for f in CATALOGUE.sources[name].findings}

    assert changed == set(flips(CATALOGUE, [name]))
    assert all(named & set(CATALOGUE.claims[one].findings) for one in changed)
    assert changed or name == "drake_1999"


def test_brain_claims_without_the_rat_study_drop_to_what_remains():
    changed = flips(CATALOGUE, ["slutsky_2010"])
    rest = appraise("C16", CATALOGUE, without=["slutsky_2010"])

    assert changed["csf_up_15_percent"] == ("animals only", "unverifiable")
    assert rest.answer == "animals only"
    assert rest.sources_for == ("shen_2019",)
    assert "slutsky_2010" in rest.without


def test_links_whose_size_rests_on_a_source_are_lost_with_it():
    assert links_lost(CATALOGUE, frozenset({"slutsky_2010"})) == (
        "salt_restores_csf",
        "salt_to_csf",
        "threonate_to_csf",
    )
    assert links_lost(CATALOGUE, frozenset({"xu_2017"})) == ()
    assert links_lost(CATALOGUE, frozenset()) == ()


def test_row_of_the_project_goes_back_to_what_it_was_made_from():
    assert roots_of(CATALOGUE.parameters["csf.A_rat", "human"], CATALOGUE) == {"slutsky_2010"}


def test_claimed_size_beyond_every_prediction_is_said():
    predictions = (Prediction("null", 0.3, 0.6, 1.3), Prediction("threonate", 1.2, 3.1, 7.6))

    assert compare(Bound("e", claimed_low=15.0), predictions, "%")[1]
    assert not compare(Bound("e", claimed_low=5.0), predictions, "%")[1]
    assert not compare(Bound("e"), (Prediction("null", -2.0, -1.0, -0.6),), "%", -0.5)[1]
    assert not compare(Bound("e"), predictions, "%")[1]


def test_number_and_id_name_the_same_claim():
    assert appraise("c18", CATALOGUE) == appraise("csf_up_15_percent", CATALOGUE)


def test_unknown_names_are_refused_with_the_nearest():
    with pytest.raises(CatalogueError, match="csf_up_15_percent"):
        appraise("csf_up_15_per_cent", CATALOGUE)
    with pytest.raises(CatalogueError, match="slutsky_2010"):
        appraise("C18", CATALOGUE, without=["slutsky_2011"])


def test_every_verdict_says_what_would_change_it():
    assert all(verdict.would_change and verdict.reasons for verdict in appraise_all(CATALOGUE).values())
