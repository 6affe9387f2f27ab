"""Every claim of the ledger: whole, in our own words, and with its findings on both sides."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from threonate.appraisal import appraise_all
from threonate.evidence import read_catalogue
from threonate.evidence.claim_records import Claim
from threonate.evidence.grades import IN_PEOPLE, studies_of

CATALOGUE = read_catalogue()
CLAIMS = sorted(CATALOGUE.claims.values(), key=lambda claim: int(claim.number[1:]))
EXPECTED = Path(__file__).parents[1] / "published" / "articles" / "verdicts.csv"
each = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.number)


def test_numbers_run_without_a_gap():
    assert [claim.number for claim in CLAIMS] == [f"C{k:02d}" for k in range(1, 127)]


@each
def test_claim_is_whole(claim: Claim):
    assert claim.statement.endswith(".")
    assert claim.made_by
    assert claim.says
    assert claim.findings or claim.textbook or claim.kind in ("advice", "opinion")


@each
def test_effect_says_what_is_measured(claim: Claim):
    if claim.kind == "effect":
        assert claim.outcome


@each
def test_a_finding_stands_on_one_side(claim: Claim):
    assert len(set(claim.findings)) == len(claim.findings)


@each
def test_seller_is_named(claim: Claim):
    assert bool(claim.interest) == any("supplier" in who for who in claim.made_by)


def test_verdicts_of_the_science_table_are_computed():
    """Every verdict of the table follows from the records, or the record says why it does not."""
    rows = csv.DictReader(EXPECTED.read_text(encoding="utf-8").splitlines())
    expected = {row["number"]: row["verdict"] for row in rows}
    verdicts = appraise_all(CATALOGUE).values()
    other = [v.number for v in verdicts if v.answer != expected[v.number] and not CATALOGUE.claims[v.claim].differs]
    explained = [claim.number for claim in CLAIMS if claim.differs]

    assert not other
    assert explained == ["C126"]


def test_grades_of_the_science_table_are_computed_or_explained():
    """Where our grade is another one the record says why, and only there."""
    rows = csv.DictReader(EXPECTED.read_text(encoding="utf-8").splitlines())
    expected = {row["number"]: row["grade"] for row in rows}
    other = {v.number for v in appraise_all(CATALOGUE).values() if v.grade != expected[v.number]}

    assert {claim.number for claim in CLAIMS if claim.grade_differs} == other


def test_nothing_is_called_supported_for_the_brain_mind_or_hair():
    supported = {v.number for v in appraise_all(CATALOGUE).values() if v.answer == "supported"}

    assert supported == {"C04", "C05", "C39", "C106", "C107", "C112", "C116", "C117", "C118", "C119", "C120"}


@pytest.mark.parametrize("link", CATALOGUE.links.values(), ids=lambda link: link.id)
def test_link_of_a_good_grade_has_a_finding_in_people(link):
    names = [f.id for source in link.sources_for for f in CATALOGUE.sources[source].findings]
    if link.grade in ("A", "B", "C"):
        assert any(study.design in IN_PEOPLE for study in studies_of(names, CATALOGUE))


def test_every_source_says_how_far_it_was_verified():
    assert all(source.verified and source.how for source in CATALOGUE.sources.values())


@pytest.mark.parametrize("field", ["doi", "pmid"])
def test_no_identifier_has_two_titles(field):
    titles: dict[str, set[str]] = {}
    for source in CATALOGUE.sources.values():
        for name in re.split(r"[\s;,]+", getattr(source, field).casefold()):
            titles.setdefault(name, set()).add(source.citation)

    assert not {name: said for name, said in titles.items() if name and len(said) > 1}
