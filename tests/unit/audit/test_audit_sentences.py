"""One sentence at a time: denials, hedges, doses, references, languages and what a text is about."""

from __future__ import annotations

import pytest

from threonate.audit import NO_CLAIM, NOT_IN_LEDGER, Finding, audit_text
from threonate.audit.doses import doses_of
from threonate.audit.words import normal_form
from threonate.evidence import read_catalogue

CATALOGUE = read_catalogue()


def findings(text: str, **more) -> tuple[Finding, ...]:
    return audit_text(text, CATALOGUE, **more).findings


def notes(text: str) -> str:
    return " ".join(note for finding in findings(text) for note in finding.notes)


def numbers(finding: Finding) -> set[str]:
    return {CATALOGUE.claims[name].number for name in finding.claims}


@pytest.mark.parametrize(
    "sentence",
    [
        "Magnesium L-threonate does not raise brain magnesium.",
        "There is no evidence that magnesium L-threonate raises brain magnesium.",
        "Magnesium L-threonate doesn't raise brain magnesium.",
        "It is a myth that magnesium L-threonate raises brain magnesium.",
    ],
)
def test_denied_claim_is_not_made(sentence):
    [finding] = findings(sentence)

    assert finding.verdict == NOT_IN_LEDGER
    assert finding.claims == ()
    assert "Denies C16" in " ".join(finding.notes)


def test_denial_ends_with_its_clause():
    [finding] = findings("Magnesium L-threonate raises brain magnesium, but it does not cure cancer.")

    assert "C16" in numbers(finding)


def test_hedge_is_noted_and_changes_no_verdict():
    [plain] = findings("Magnesium L-threonate raises brain magnesium.")
    [hedged] = findings("Magnesium L-threonate may raise brain magnesium.")

    assert hedged.verdict == plain.verdict == "animals only"
    assert "Hedged" in " ".join(hedged.notes)


def test_pronoun_stands_for_what_the_text_is_about():
    about = findings("Magnesium L-threonate is a supplement. It crosses the blood-brain barrier.")[1]
    other = findings("Zinc is a supplement. It crosses the blood-brain barrier.")[1]

    assert numbers(about) == {"C15"}
    assert other.claims == ()


def test_misspelt_compound_is_recognised():
    [finding] = findings("Magnesium L-Threonatte raises brain magnesum.")

    assert "C16" in numbers(finding)


def test_verdict_of_several_claims_is_the_one_to_be_careful_with():
    [finding] = findings("Magnesium L-threonate raises brain magnesium and reduces insomnia.")

    assert {"C16", "C85"} <= numbers(finding)
    assert finding.verdict == "contradicted"


@pytest.mark.parametrize("text", ["Can magnesium L-threonate cure insomnia?", "About us", "Contact"])
def test_questions_and_headings_make_no_claim(text):
    assert findings(text)[0].verdict == NO_CLAIM


def test_unknown_health_claim_is_flagged():
    assert "does not know" in notes("Magnesium L-threonate improves the immune system.")


def test_supported_claim_with_an_addition_is_not_supported():
    [plain] = findings("Magnesium L-threonate is a synthetic compound.")
    [more] = findings("Magnesium L-threonate is a synthetic compound that treats diabetes.")

    assert plain.verdict == "supported"
    assert more.verdict == NOT_IN_LEDGER
    assert "Goes beyond C04" in " ".join(more.notes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Take 1,000 to 2,000 mg a day.", [(1000, 2000, False)]),
        ("Take 1.5 g daily.", [(1500, 1500, False)]),
        ("It holds 144 mg elemental magnesium.", [(144, 144, True)]),
        ("Blood held 0.85 mmol/L, and the powder 72 mg/g.", []),
        ("Take 250 mcg a day.", [(0.25, 0.25, False)]),
        ("Take 250 \u00b5g a day.", [(0.25, 0.25, False)]),
        ("每天 2000 毫克", [(2000, 2000, False)]),
        ("No number here.", []),
    ],
)
def test_amounts(text, expected):
    assert [(dose.low_mg, dose.high_mg, dose.elemental) for dose in doses_of(text)] == expected


def test_compound_mass_is_told_from_magnesium():
    assert "144 to 166 mg of magnesium" in notes("Take 2,000 mg of magnesium L-threonate daily.")
    assert "mixed up" in notes("Take 2,000 mg of elemental magnesium from magnesium L-threonate daily.")
    assert "does not say whether" in notes("Take 400 mg of magnesium citrate daily.")


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("It gives 12 mmol of magnesium daily.", "amount", 291.66, 291.66),
        ("It gives 5 to 10 mmol daily.", "amount", 121.525, 243.05),
        ("Rats got 604 mg/kg of magnesium L-threonate.", "per weight", 604, 604),
        ("Give 5 mg per kg body weight.", "per weight", 5, 5),
    ],
)
def test_amounts_of_substance_and_per_weight(text, kind, low, high):
    [dose] = doses_of(text)

    assert (dose.kind, dose.low_mg, dose.high_mg) == (kind, pytest.approx(low), pytest.approx(high))


def test_other_units_are_answered():
    assert "292 mg of magnesium" in notes("Take 12 mmol of magnesium daily.")
    assert "US upper level" in notes("Take 40 mmol of magnesium daily.")
    assert "350 mg of what the text names at 70 kg" in notes("Take 5 mg/kg of magnesium citrate.")
    assert "does not carry over to people" in notes("Rats got 604 mg/kg of magnesium L-threonate.")
    assert "milligrams may be meant" in notes("Take 400 mcg of magnesium daily.")
    assert notes("Take 400 mcg of folate daily.") == ""


def test_dose_per_weight_is_no_daily_dose_of_the_trials():
    [finding] = findings("Trials of magnesium L-threonate use 1,500 mg/kg a day.")

    assert finding.verdict == NOT_IN_LEDGER


def test_limits_are_named():
    said = notes("Take 5 g of magnesium L-threonate daily.")

    assert "EFSA 2024" in said
    assert "US upper level" in said


def test_dose_outside_the_trials_is_not_supported():
    right, wrong = findings(
        "Trials of magnesium L-threonate use 1,500 mg a day. Trials of magnesium L-threonate use 9,000 mg a day."
    )

    assert right.verdict == "supported"
    assert wrong.verdict == NOT_IN_LEDGER


def test_identifiers_are_looked_up():
    assert "Liu (2016)" in notes("See PMID 26519439.")
    assert "not on the shelf" in notes("See PMID 12345678.")
    assert "Liu (2016)" in notes("See doi 10.3233/JAD-150538.")
    assert "NCT02363634 is" in notes("It was registered as NCT02363634.")


def test_size_other_than_the_one_known_is_said():
    assert "300 %" in notes("Magnesium L-threonate raises CSF magnesium by 300%.")


def test_other_languages_are_kept_and_said_to_be_unchecked():
    [finding] = findings("Magnesium ist ein lebenswichtiger Mineralstoff und heilt angeblich jede Krankheit.")

    assert finding.verdict == NOT_IN_LEDGER
    assert finding.text.startswith("Magnesium ist")
    assert "Language de: kept, not checked." in finding.notes


def test_chinese_sentence_that_the_ledger_knows():
    text = "Magnesium L-threonate is a supplement.\n它可以穿透血脑屏障。\n今天的天气很好。"
    _, known, unknown = findings(text)

    assert numbers(known) == {"C15"}
    assert unknown.verdict == NOT_IN_LEDGER
    assert "not checked" in " ".join(unknown.notes)


def test_disbelieved_source_reaches_the_sentences():
    [finding] = findings("It raised CSF magnesium by 15%.", without=["slutsky_2010"])

    assert finding.verdict == "unverifiable"


def test_normal_form():
    assert normal_form("L\u2011Threonate\u2019s 15% rise") == " l threonate 15 % rise "


def test_json_has_the_agreed_keys():
    found = audit_text("Magnesium L-threonate raises brain magnesium. Hello there.", CATALOGUE).as_json()

    assert {"text", "verdict", "grade", "claims", "notes"} <= found["sentences"][0].keys()
    assert found["sentences"][0]["claims"] == ["raises_brain_magnesium"]
    assert found["sentences"][1]["verdict"] == NOT_IN_LEDGER
    assert found["claims"]["raises_brain_magnesium"]["verdict"] == "animals only"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("between one and two grams", (1000.0, 2000.0)),
        ("half a gram", (500.0, 500.0)),
        ("Twenty grams", (20_000.0, 20_000.0)),
    ],
)
def test_amounts_in_words(text, expected):
    [dose] = doses_of(f"{text} a day")

    assert (dose.low_mg, dose.high_mg) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Magnesium L-threonate is new. Our capsules reach the brain.", "C15"),
        ("Magnesium L-threonate is new. The product eases anxiety.", "C91"),
        ("Magnesium L-threonate is new. The mineral keeps the heart healthy.", "C33"),
    ],
)
def test_other_names_stand_for_what_the_text_is_about(text, number):
    assert number in numbers(findings(text)[-1])


def test_a_mineral_without_a_topic_stands_for_nothing():
    assert numbers(findings("The mineral keeps the heart healthy.")[0]) == set()


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("High doses of magnesium threonate cause diarrhoea.", "supported"),
        ("Diarrhoea comes from high doses of magnesium threonate.", "supported"),
        ("Diarrhoea causes high doses of magnesium threonate.", NOT_IN_LEDGER),
        ("Bones need magnesium.", "background"),
        ("Magnesium is important for bones.", "background"),
        ("Magnesium needs bones.", NOT_IN_LEDGER),
    ],
)
def test_what_gives_and_what_gets_may_not_change_places(sentence, said):
    [finding] = findings(sentence)

    assert finding.verdict == said


def test_a_word_that_nothing_accounts_for_is_named():
    assert "words that the ledger does not know there (dragons)" in notes(
        "Magnesium is important for bones of dragons."
    )


def test_words_in_the_gap_of_a_concept_are_not_accounted_for():
    """'trials ... used' holds the sentence together, and says nothing of what stands between."""
    [finding] = findings("Trials of magnesium and zinc L-threonate used 1.5 to 2 g per day.")

    assert finding.verdict == NOT_IN_LEDGER


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Without enough magnesium your muscles cannot contract.", "background"),
        ("Your muscles cannot contract without magnesium.", "background"),
        ("Your muscles cannot contract with magnesium.", NOT_IN_LEDGER),
    ],
)
def test_two_denials_that_say_one_thing_are_none(sentence, said):
    [finding] = findings(sentence)

    assert finding.verdict == said


def test_a_concept_that_holds_a_denial_is_not_denied_by_it():
    [finding] = findings("Magnesium threonate is generally safe, with no major side effects.")

    assert numbers(finding) == {"C113"}
