"""Every safety rule on the shelf."""

from __future__ import annotations

import re

import pytest

from threonate.evidence import read_catalogue
from threonate.safety.rules import APPLIES

CATALOGUE = read_catalogue()
LIMITS = list(CATALOGUE.limits.values())
ADVICE = re.compile(r"\b(you|your|should|must|ought|avoid|consult|recommend\w*|please|do not)\b", re.IGNORECASE)
UNITS = {"mg/d", "mmol/L", "mmol", "h", "mL/min/1.73 m2", ""}
REFERENCE = {  # men, women: US recommended, EU adequate [mg/d]
    "reference_us_men_31_and_older": 420,
    "reference_us_women_31_and_older": 320,
    "reference_us_men_19_to_30": 400,
    "reference_us_women_19_to_30": 310,
    "reference_eu_men": 350,
    "reference_eu_women": 300,
}


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.id)
def test_rule_is_whole(limit):
    assert limit.title
    assert limit.authority
    assert limit.sources
    assert limit.unit in UNITS
    assert set(limit.sources) <= set(CATALOGUE.sources)
    assert set(limit.applies) <= set(APPLIES)
    assert limit.low is None or limit.high is None or limit.low < limit.high
    assert bool(limit.unit) or (limit.low is None and limit.high is None)


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.id)
def test_message_is_a_plain_sentence_and_no_advice(limit):
    assert limit.message.endswith(".")
    assert not ADVICE.search(limit.title + " " + limit.message)


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.id)
def test_names_under_applies_are_on_the_shelf(limit):
    conditions = {*CATALOGUE.conditions, "dialysis"}
    named = [w.strip() for key in ("condition", "not_condition") for w in limit.applies.get(key, "").split(",")]

    assert {name for name in named if name} <= conditions
    compounds = {name.strip() for name in limit.applies.get("compound", "").split(",") if name.strip()}
    assert compounds <= set(CATALOGUE.compounds)


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.id)
def test_findings_in_the_note_belong_to_its_sources(limit):
    """The first finding a note cites stands in one of the sources it names."""
    listed = {finding.id for source in limit.sources for finding in CATALOGUE.sources[source].findings}
    cited = re.findall(r"\b[A-Z]{2,}\d+\b", limit.note)

    assert not cited or not listed or cited[0] in listed or CATALOGUE.sources[limit.sources[0]].kind == "project"


@pytest.mark.parametrize(("low", "below", "high"), [("9", None, 350), ("4", "9", 110), ("1", "4", 65)])
def test_us_upper_levels_by_age(low, below, high):
    ages = {"age_min": low, **({"age_below": below} if below else {})}
    [limit] = [
        limit for limit in LIMITS if dict(limit.applies) == {"exposure": "supplement", **ages} and limit.id[:2] == "us"
    ]

    assert limit.high == high


def test_infants_have_no_upper_level():
    assert CATALOGUE.limits["us_iom_supplements_infants"].high is None


@pytest.mark.parametrize(("name", "high"), REFERENCE.items())
def test_reference_intake(name, high):
    assert CATALOGUE.limits[name].high == high


@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("family", ["reference_us", "reference_eu"])
def test_each_year_of_life_has_one_reference_intake(family, sex):
    """Half-years from birth (Europe: from 7 months) to old age, neither a gap nor an overlap."""
    for half_years in range(1 if family == "reference_eu" else 0, 200):
        age = half_years / 2
        holding = [
            limit.id
            for limit in LIMITS
            if limit.id.startswith(family)
            and limit.applies.get("sex", sex) == sex
            and "condition" not in limit.applies
            and float(limit.applies.get("age_min", 0)) <= age < float(limit.applies.get("age_below", 999))
        ]
        assert len(holding) == 1, (age, holding)


def test_requirement_is_below_the_recommended_amount():
    assert all(
        limit.low < limit.high for limit in LIMITS if limit.id.startswith("reference_us") and limit.low is not None
    )


@pytest.mark.parametrize("condition", [c.id for c in CATALOGUE.conditions.values() if not c.effects])
def test_a_condition_without_effects_has_a_safety_rule(condition):
    """It is on the shelf only so that a scenario can name it and hear what follows."""
    assert any(condition in limit.applies.get("condition", "").split(", ") for limit in LIMITS)
