"""Verdicts: the rules, what the model adds, and what depends on which source."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from threonate.appraisal import Prediction, appraise, appraise_all, flips
from threonate.appraisal.comparison import Yardstick, compare, yardstick_of
from threonate.appraisal.inputs import roots_of
from threonate.appraisal.resting import resting_on
from threonate.appraisal.rules import Evidence, judge
from threonate.appraisal.size import links_lost
from threonate.errors import CatalogueError
from threonate.evidence import Endpoint, read_catalogue
from threonate.evidence.claim_records import Bound, Claim
from threonate.evidence.grades import Study
from threonate.evidence.important import NONE_KNOWN
from threonate.evidence.records import SmallestImportant

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
    assert not compare(Bound("e"), predictions, "%")[1]


FEWER = SmallestImportant(6.0, "points", "improvement", "somebody", "X1", "", low=2.8, high=8.4)


@pytest.mark.parametrize(
    ("low", "median", "high", "said", "short"),
    [
        (-1.0, -0.2, 0.1, "not reached under NULL", True),
        (-4.0, -0.2, 0.1, "not reached under NULL", False),
        (-6.5, -2.0, 0.0, "reached at the far end of the band only under NULL", False),
        (-9.0, -7.0, -5.0, "reached by half of the people or more under NULL", False),
        (0.0, 3.0, 7.0, "reached for the worse under NULL", False),
        (0.0, 0.0, 0.0, "not reached under NULL", True),
    ],
)
def test_prediction_is_set_against_what_matters(low, median, high, said, short):
    """Falling short means short of the least size that anybody names, on both sides of no change."""
    found = compare(Bound("e"), (Prediction("null", low, median, high),), "points", Yardstick(FEWER, "lower"))

    assert f"the smallest important size, 6 points (2.8 to 8.4 are named), is {said}." in found[0]
    assert found[1] is short


def test_hypotheses_that_reach_differently_are_told_apart():
    predictions = (Prediction("null", -1.0, -0.5, 0.0), Prediction("threonate", -8.0, -7.0, -6.0))
    said, short = compare(Bound("e"), predictions, "points", Yardstick(FEWER, "lower"))

    assert "is not reached under NULL, reached by half of the people or more under THREONATE." in said
    assert not short


def test_hypotheses_that_both_fail_share_a_word():
    predictions = (Prediction("null", 0.0, 0.0, 0.0), Prediction("threonate", 0.0, 0.0, 0.0))

    assert (
        "is not reached under NULL or THREONATE."
        in compare(Bound("e"), predictions, "points", Yardstick(FEWER, "lower"))[0]
    )


def test_a_claimed_size_decides_and_what_matters_is_told_beside_it():
    predictions = (Prediction("null", -7.0, -6.5, -6.1),)
    said, short = compare(Bound("e", claimed_low=-15.0), predictions, "points", Yardstick(FEWER, "lower"))

    assert "the claimed size, -15 points, is reached under no hypothesis; the smallest important size" in said
    assert short


def endpoint(name: str, response: str = "sleep") -> Endpoint:
    return CATALOGUE.responses[response].endpoints[name]


def test_what_matters_is_the_record_of_the_endpoint_or_said_to_be_unknown():
    known = yardstick_of(endpoint("ISI"), Bound("ISI"))

    assert known == Yardstick(endpoint("ISI").smallest_important, "lower")
    assert yardstick_of(endpoint("hair_count", "hair"), Bound("hair_count")) == Yardstick(silent=NONE_KNOWN)
    assert yardstick_of(CATALOGUE.endpoints["Mg_csf_relative"], Bound("Mg_csf_relative")) == Yardstick()


def test_two_salts_are_compared_in_percent_and_not_with_points():
    assert yardstick_of(endpoint("ISI"), Bound("ISI", versus="citrate")) == Yardstick()


def test_disbelieved_work_gives_no_size_that_matters():
    found = yardstick_of(endpoint("ISI"), Bound("ISI"), frozenset({"isi_difference_2009"}))

    assert found.important is None
    assert "disbelieved with isi_difference_2009" in found.silent


def test_source_of_a_size_that_matters_is_rested_on():
    assert resting_on("kounali_2022", CATALOGUE)["endpoints"] == ["BDI_II", "GAD_7", "PHQ_9"]


def test_number_and_id_name_the_same_claim():
    assert appraise("c18", CATALOGUE) == appraise("csf_up_15_percent", CATALOGUE)


def test_unknown_names_are_refused_with_the_nearest():
    with pytest.raises(CatalogueError, match="csf_up_15_percent"):
        appraise("csf_up_15_per_cent", CATALOGUE)
    with pytest.raises(CatalogueError, match="slutsky_2010"):
        appraise("C18", CATALOGUE, without=["slutsky_2011"])


def test_every_verdict_says_what_would_change_it():
    assert all(verdict.would_change and verdict.reasons for verdict in appraise_all(CATALOGUE).values())
