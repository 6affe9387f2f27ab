"""Which findings an exposure raises, with the limits on the shelf."""

from __future__ import annotations

from dataclasses import replace

import pytest

from threonate.errors import CatalogueError, ScenarioError
from threonate.evidence import Limit, read_catalogue
from threonate.safety import Exposure, SafetyFinding, check_limits, plain_disclaimer

LIMITS = read_catalogue().limits
ADULT = Exposure(age=40, sex="female", dietary_mg_per_day=285, doses_per_day=2)
THREONATE = replace(ADULT, compound="l_threonate", compound_mg_per_day=2000, supplement_mg_per_day=144)
CITRATE = replace(ADULT, compound="citrate", compound_mg_per_day=1000, supplement_mg_per_day=162)


def found(exposure: Exposure) -> dict[str, SafetyFinding]:
    return {finding.id: finding for finding in check_limits(exposure, LIMITS)}


def test_reference_regimen_raises_notes_only():
    findings = found(THREONATE)

    assert set(findings) == {"reference_intakes", "threonate_oxalate", "threonate_side_effects"}
    assert {finding.severity for finding in findings.values()} == {"note"}


def test_diet_alone_is_set_beside_both_reference_intakes():
    [note] = check_limits(ADULT, LIMITS)

    assert note.id == "reference_intakes"
    assert "US, women of 31 years and older: 265 and 320 mg/d (between the two)" in note.message
    assert "EU, women, also in pregnancy and lactation: 300 mg/d (not reached)" in note.message
    assert note.value == "285 mg/d"
    assert note.sources == ("efsa_2015", "iom_1997")


@pytest.mark.parametrize(
    ("age", "sex", "conditions", "printed"),
    [
        (0.3, "any", (), "30 mg/d"),
        (0.8, "any", (), "75 mg/d"),
        (3.9, "any", (), "65 and 80 mg/d"),
        (13, "male", (), "200 and 240 mg/d"),
        (18, "male", (), "340 and 410 mg/d"),
        (30.9, "male", (), "330 and 400 mg/d"),
        (31, "male", (), "350 and 420 mg/d"),
        (25, "female", ("pregnancy",), "290 and 350 mg/d"),
        (25, "female", ("lactation",), "US, lactation, 19 to 30 years: 310 mg/d"),
    ],
)
def test_reference_intake_follows_age_sex_and_state(age, sex, conditions, printed):
    note = found(Exposure(age=age, sex=sex, conditions=conditions, dietary_mg_per_day=285))["reference_intakes"]

    assert printed in note.message
    assert note.message.count("US, ") == 1
    assert note.message.count("EU, ") <= 1


def test_unknown_sex_shows_both_reference_intakes():
    note = found(replace(ADULT, sex="any"))["reference_intakes"]

    assert note.message.count("US, ") == 2


@pytest.mark.parametrize(
    ("age", "amount", "limit", "over"),
    [
        (40, 350, "us_iom_supplements_9_and_older", False),
        (40, 351, "us_iom_supplements_9_and_older", True),
        (9, 351, "us_iom_supplements_9_and_older", True),
        (8.9, 351, "us_iom_supplements_9_and_older", False),
        (8.9, 111, "us_iom_supplements_4_to_8", True),
        (3, 66, "us_iom_supplements_1_to_3", True),
        (0.5, 1, "us_iom_supplements_infants", True),
        (0.5, 0, "us_iom_supplements_infants", False),
        (4, 251, "eu_supplements_4_and_older", True),
        (3.9, 251, "eu_supplements_4_and_older", False),
        (40, 2501, "hypotension_reports", True),
    ],
)
def test_upper_intakes_count_the_supplement_only_when_exceeded(age, amount, limit, over):
    exposure = replace(CITRATE, age=age, supplement_mg_per_day=amount, dietary_mg_per_day=900)

    assert (limit in found(exposure)) is over


def test_exceeded_limit_names_both_numbers():
    finding = found(replace(CITRATE, supplement_mg_per_day=417))["us_iom_supplements_9_and_older"]

    assert finding.value == "417 mg/d; limit 350 mg/d"
    assert finding.severity == "caution"


def test_single_daily_dose_meets_the_wording_of_the_european_limit():
    assert "eu_supplements_divided" in found(replace(CITRATE, doses_per_day=1))
    assert "eu_supplements_divided" not in found(CITRATE)
    assert "eu_supplements_divided" not in found(replace(ADULT, doses_per_day=1))


def test_novel_food_limit_counts_the_mass_of_the_salt():
    assert "mgt_novel_food" in found(replace(THREONATE, compound_mg_per_day=3001))
    assert "mgt_novel_food" not in found(replace(THREONATE, compound_mg_per_day=3000))
    assert "mgt_novel_food" not in found(replace(CITRATE, compound_mg_per_day=4000))


def test_child_on_threonate_stops_and_hears_no_novel_food_limit():
    findings = check_limits(replace(THREONATE, age=17.9, compound_mg_per_day=4000), LIMITS)

    assert findings[0].id == "children_threonate"
    assert findings[0].severity == "stop"
    assert "mgt_novel_food" not in {finding.id for finding in findings}
    assert "children_threonate" not in found(replace(CITRATE, age=12))
    assert "children" in found(replace(CITRATE, age=12))


@pytest.mark.parametrize(
    "said", [{"pregnant": True}, {"conditions": ("pregnancy",)}, {"conditions": ("preeclampsia",)}]
)
def test_pregnancy_on_threonate_stops_however_it_is_said(said):
    assert found(replace(THREONATE, **said))["pregnancy_threonate"].severity == "stop"
    assert "pregnancy_threonate" not in found(replace(CITRATE, **said))


def test_lactation_on_threonate_stops():
    assert found(replace(THREONATE, lactating=True))["lactation_threonate"].severity == "stop"


@pytest.mark.parametrize(
    ("egfr", "expected"),
    [
        (None, set()),
        (60, set()),
        (59, {"egfr_30_to_59"}),
        (30, {"egfr_30_to_59"}),
        (29, {"egfr_below_30"}),
        (5, {"egfr_below_30", "kidney_failure_off_dialysis"}),
    ],
)
def test_kidney_rules_follow_egfr(egfr, expected):
    kidney = {"egfr_30_to_59", "egfr_below_30", "kidney_failure_off_dialysis", "dialysis"}

    assert set(found(replace(ADULT, egfr=egfr))) & kidney == expected


def test_low_egfr_stops_and_says_extrapolation_and_guidance():
    finding = found(replace(THREONATE, egfr=20))["egfr_below_30"]

    assert finding.severity == "stop"
    assert finding.value == "eGFR 20 mL/min/1.73 m2"
    assert "extrapolation" in finding.message
    assert "contraindication" in finding.message


def test_dialysis_is_shown_apart():
    findings = found(replace(ADULT, egfr=5, conditions=("haemodialysis",)))

    assert {"dialysis", "haemodialysis_measured", "egfr_below_30"} <= set(findings)
    assert "kidney_failure_off_dialysis" not in findings
    assert findings["haemodialysis_measured"].value == "0.8 to 1.18 mmol/L"
    assert "dialysis" in found(replace(ADULT, dialysis=True))


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (None, set()),
        (0.95, set()),
        (1.2, {"serum_above_reference", "serum_nausea_weakness"}),
        (1.8, {"serum_above_reference", "serum_nausea_weakness", "serum_reflex_loss_lowest_source"}),
        (2.45, {"serum_above_reference", "serum_serious_symptoms", "serum_reflex_loss_lowest_source"}),
        (12.0, {"serum_coma"}),
    ],
)
def test_serum_bands_hold_the_highest_level(level, expected):
    bands = {name for name in found(replace(ADULT, highest_mmol_per_l=level)) if name.startswith("serum")}

    assert expected <= bands
    assert bool(expected) is bool(bands)
    assert "serum_ileus_bradycardia" not in bands


def test_sources_disagree_and_all_bands_are_shown():
    authorities = {f.authority for f in check_limits(replace(ADULT, highest_mmol_per_l=5.0), LIMITS) if "serum" in f.id}

    assert len(authorities) >= 3


def test_low_serum_follows_sex():
    assert "low_serum_men" in found(replace(ADULT, sex="male", lowest_mmol_per_l=0.705))
    assert "low_serum_women" not in found(replace(ADULT, lowest_mmol_per_l=0.705))
    assert "low_serum_women" in found(replace(ADULT, lowest_mmol_per_l=0.69))


def test_interactions_need_a_supplement_where_binding_in_the_gut_is_meant():
    assert "levothyroxine" in found(replace(CITRATE, conditions=("levothyroxine",)))
    assert found(replace(CITRATE, conditions=("quinolone",)))["quinolone"].value == "4 to 6 h"
    assert "levothyroxine" not in found(replace(ADULT, conditions=("levothyroxine",)))
    assert "ppi" in found(replace(ADULT, conditions=("ppi_with_low_uptake",)))


def test_infusion_is_not_judged_by_supplement_limits():
    findings = found(replace(ADULT, iv_mmol=16.2))

    assert findings["intravenous"].value == "16.2 mmol"
    assert "us_iom_supplements_9_and_older" not in findings


def test_most_serious_first():
    exposure = replace(
        THREONATE, egfr=20, supplement_mg_per_day=400, conditions=("iron",), highest_mmol_per_l=2.2, doses_per_day=1
    )
    order = [finding.severity for finding in check_limits(exposure, LIMITS)]

    assert order == sorted(order, key=("stop", "caution", "note").index)
    assert order[0] == "stop"
    assert order[-1] == "note"


def test_an_unknown_word_is_named_with_the_nearest():
    odd = Limit("odd", "", "group", "", "note", None, None, "", {"age_mim": "3"}, "", (), "")

    with pytest.raises(CatalogueError, match=r"limits/odd\.toml.*'age_mim' is not known.*age_min"):
        check_limits(ADULT, {"odd": odd})


@pytest.mark.parametrize("field", ["age", "supplement_mg_per_day", "iv_mmol", "highest_mmol_per_l"])
@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_an_exposure_refuses_impossible_numbers(field, value):
    with pytest.raises(ScenarioError, match=field):
        replace(ADULT, **{field: value})


def test_disclaimer_says_what_this_is():
    assert "research and education" in plain_disclaimer()
    assert "not medical advice" in plain_disclaimer()
