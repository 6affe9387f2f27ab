"""Claims against the running model: sizes under both hypotheses, and what an output rests on."""

from __future__ import annotations

import pytest

from threonate.appraisal import appraise, evidence_share
from threonate.errors import CatalogueError
from threonate.evidence import read_catalogue
from threonate.simulation import simulate

CATALOGUE = read_catalogue()


def sizes(number: str, **more) -> dict[str, tuple[float, float]]:
    size = appraise(number, CATALOGUE, simulate=simulate, **more).size
    assert size is not None
    return {one.hypothesis: (one.low, one.high) for one in size.predictions}


def test_claimed_fifteen_percent_is_reached_under_no_hypothesis():
    verdict = appraise("C18", CATALOGUE, simulate=simulate)

    assert verdict.size is not None
    assert verdict.size.falls_short
    assert verdict.size.finding in verdict.reasons


def test_without_the_rat_study_both_hypotheses_agree():
    before, after = sizes("C16"), sizes("C16", without=["slutsky_2010"])

    assert before["threonate"][0] > before["null"][1]
    assert after["threonate"] == pytest.approx(after["null"], rel=1e-6)
    assert after["null"] == pytest.approx(before["null"], rel=1e-6)


def test_claim_that_is_bound_to_nothing_has_no_size():
    assert appraise("C10", CATALOGUE, simulate=simulate).size is None


def test_brain_prediction_rests_on_animals():
    share = evidence_share("Mg_csf_relative", CATALOGUE, simulate)
    links = {part.id: part.share for part in share.by_link}

    assert sum(links.values()) == pytest.approx(1.0)
    assert sum(share.by_grade.values()) == pytest.approx(1.0)
    assert sum(share.by_source.values()) == pytest.approx(1.0)
    assert links["threonate_to_csf"] > 0.5
    assert share.by_grade["D"] > 0.5


def test_share_without_the_rat_study_is_that_of_the_null_model():
    null = evidence_share("Mg_csf_relative", CATALOGUE, simulate, hypothesis="null")
    without = evidence_share("Mg_csf_relative", CATALOGUE, simulate, without=["slutsky_2010"])

    assert without.size == pytest.approx(null.size)
    assert "slutsky_2010" not in without.by_source


def test_unknown_endpoint_is_refused():
    with pytest.raises(CatalogueError, match="Mg_csf_relative"):
        evidence_share("Mg_csf_relativ", CATALOGUE, simulate)
