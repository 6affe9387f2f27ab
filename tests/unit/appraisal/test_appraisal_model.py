"""Claims against the running model: sizes under both hypotheses, and what an output rests on.

One simulator remembers its runs for all tests here, over twelve days and with few people.
"""

from __future__ import annotations

import pytest

from threonate.appraisal import Verdict, appraise, appraise_all, evidence_share
from threonate.errors import CatalogueError
from threonate.evidence import Catalogue, read_catalogue
from threonate.evidence.important import NONE_KNOWN
from threonate.simulation import Scenario, SimulationResult, simulate

CATALOGUE = read_catalogue()
DAYS, SUBJECTS = 12, 6
DONE: dict[str, SimulationResult] = {}


def short(scenario: Scenario, catalogue: Catalogue) -> SimulationResult:
    few = min(scenario.subjects, SUBJECTS)
    asked = scenario.model_copy(update={"days": DAYS, "subjects": few, "spot_check": False})
    key = asked.model_dump_json()
    if key not in DONE:
        DONE[key] = simulate(asked, catalogue)
    return DONE[key]


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    return {v.number: v for v in appraise_all(CATALOGUE, simulate=short).values()}


def spans(verdict: Verdict) -> dict[str, tuple[float, float]]:
    assert verdict.size is not None
    return {one.hypothesis: (one.low, one.high) for one in verdict.size.predictions}


def test_every_bound_claim_gets_a_size(verdicts):
    bound = {claim.number for claim in CATALOGUE.claims.values() if claim.bound is not None}
    sized = {number for number, verdict in verdicts.items() if verdict.size is not None}

    assert sized == bound
    assert len(sized) >= 45
    assert {"C82", "C83", "C85"} <= sized


def test_claimed_fifteen_percent_is_reached_under_no_hypothesis(verdicts):
    verdict = verdicts["C18"]

    assert verdict.size is not None
    assert verdict.size.falls_short
    assert verdict.size.finding in verdict.reasons


@pytest.mark.parametrize(
    ("number", "value", "short"), [("C83", 2.5, True), ("C85", 6.0, True), ("C91", 1.5, True), ("C92", 1.7, True)]
)
def test_sleep_and_mood_are_set_against_what_matters(verdicts, number, value, short):
    """No band of these outcomes on magnesium L-threonate reaches even the least size that is named."""
    size = verdicts[number].size

    assert size.important.value == value
    assert size.important_read
    assert "the smallest important size" in size.finding
    assert size.finding in verdicts[number].reasons
    assert size.falls_short is short


def test_no_answer_moves_by_what_matters(verdicts):
    """Only supported answers can be lowered, and no supported claim is bound to an endpoint with such a size."""
    sized = {number for number, verdict in verdicts.items() if verdict.size and verdict.size.important}
    plain = {v.number: v.answer for v in appraise_all(CATALOGUE).values()}

    assert sized
    assert {number: verdicts[number].answer for number in sized} == {number: plain[number] for number in sized}
    assert "supported" not in {plain[number] for number in sized}


def test_hair_says_that_none_is_known(verdicts):
    assert verdicts["C01"].size.finding.endswith(NONE_KNOWN)
    assert verdicts["C01"].size.important is None


def test_without_the_rat_study_both_hypotheses_agree(verdicts):
    before, after = spans(verdicts["C16"]), spans(appraise("C16", CATALOGUE, simulate=short, without=["slutsky_2010"]))

    assert before["threonate"][0] > before["null"][1]
    assert after["threonate"] == pytest.approx(after["null"], rel=1e-6)
    assert after["null"] == pytest.approx(before["null"], rel=1e-6)


@pytest.mark.parametrize(("number", "endpoint"), [("C57", "synapse_density"), ("C61", "plasticity_strength")])
def test_chains_of_animals_are_asked_as_what_if(verdicts, number, endpoint):
    size = verdicts[number].size
    null, threonate = size.predictions

    assert size.endpoint == endpoint
    assert "what if" in size.question
    assert "off by default" in size.finding
    assert size.grade in ("D", "E")
    assert abs(threonate.median) > abs(null.median) > 0.0
    assert max(abs(threonate.low), abs(threonate.high)) < 0.05


def test_synapses_grow_denser_if_the_chain_of_animals_holds(verdicts):
    null, threonate = verdicts["C57"].size.predictions

    assert threonate.median > null.median > 0.0


@pytest.mark.parametrize("number", ["C65", "C97"])
def test_receptors_that_do_not_adapt_let_less_calcium_in(verdicts, number):
    null, threonate = verdicts[number].size.predictions

    assert threonate.median < null.median < 0.0
    assert threonate.low > -0.1


@pytest.mark.parametrize("number", ["C06", "C07", "C21"])
def test_absorption_is_set_against_another_salt_with_as_much_magnesium(verdicts, number):
    size = verdicts[number].size

    assert "against citrate with as much magnesium" in size.question
    assert size.grade == "E"
    assert all(0.0 <= one.low <= one.high < 2.0 for one in size.predictions)
    assert verdicts[number].answer == "unverifiable"


def test_salts_differ_in_the_brain_only_if_the_rat_action_holds(verdicts):
    null, threonate = verdicts["C17"].size.predictions

    assert abs(null.median) < 0.1
    assert threonate.low > 0.5


def test_regimens_with_vitamin_d_and_omega_3(verdicts):
    absorbed, cognition = verdicts["C101"].size, verdicts["C103"].size

    assert "vitamin_d.D3 set to 2000 IU/day" in absorbed.question
    assert all(one.low > 0.0 for one in absorbed.predictions)
    assert all(abs(one.median) < 0.01 for one in cognition.predictions)


def test_a_size_never_raises_an_answer(verdicts):
    plain = {v.number: v.answer for v in appraise_all(CATALOGUE).values()}
    changed = {number for number, verdict in verdicts.items() if verdict.answer != plain[number]}

    assert all(plain[number] == "supported" for number in changed)


def test_claim_that_is_bound_to_nothing_has_no_size(verdicts):
    assert verdicts["C10"].size is None


def test_disbelieved_source_reaches_the_links_of_responses(verdicts):
    """The one trial of opioid need is the only reason for its link."""
    assert spans(verdicts["C99"])["null"][0] < 0.0
    assert spans(appraise("C99", CATALOGUE, simulate=short, without=["wu_2023"]))["null"] == (0.0, 0.0)


def test_brain_prediction_rests_on_animals():
    share = evidence_share("Mg_csf_relative", CATALOGUE, short)
    links = {part.id: part.share for part in share.by_link}

    assert sum(links.values()) == pytest.approx(1.0)
    assert sum(share.by_grade.values()) == pytest.approx(1.0)
    assert sum(share.by_source.values()) == pytest.approx(1.0)
    assert links["threonate_to_csf"] > 0.5
    assert share.by_grade["D"] > 0.5


def test_share_without_the_rat_study_is_that_of_the_null_model():
    null = evidence_share("Mg_csf_relative", CATALOGUE, short, hypothesis="null")
    without = evidence_share("Mg_csf_relative", CATALOGUE, short, without=["slutsky_2010"])

    assert without.size == pytest.approx(null.size)
    assert "slutsky_2010" not in without.by_source


def test_share_of_a_response_rests_on_its_one_trial():
    share = evidence_share("opioid_dose_rise", CATALOGUE, short)
    without = evidence_share("opioid_dose_rise", CATALOGUE, short, without=["wu_2023"])

    assert share.size < 0.0
    assert share.unit == "mg/d"
    assert {part.id: part.share for part in share.by_link}["threonate_to_opioid_need"] == pytest.approx(1.0)
    assert share.by_source["wu_2023"] > 0.9
    assert sum(share.by_source.values()) == pytest.approx(1.0)
    assert (without.size, without.spread) == (0.0, 0.0)


def test_unknown_endpoint_is_refused():
    with pytest.raises(CatalogueError, match="Mg_csf_relative"):
        evidence_share("Mg_csf_relativ", CATALOGUE, short)
