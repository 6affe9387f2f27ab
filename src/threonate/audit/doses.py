"""Amounts in a sentence: compound against elemental magnesium, and the limits they meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from threonate.evidence import Catalogue
from threonate.safety import check_limits
from threonate.safety.exposure import Exposure
from threonate.units import MAGNESIUM_MG_PER_MMOL

Kind = Literal["mass", "amount", "per weight"]

MG = {
    "mg": 1.0,
    "milligram": 1.0,
    "milligrams": 1.0,
    "\u6beb\u514b": 1.0,
    "g": 1000.0,
    "gram": 1000.0,
    "grams": 1000.0,
    "\u514b": 1000.0,
    "mcg": 0.001,
    "\u03bcg": 0.001,
    "microgram": 0.001,
    "micrograms": 0.001,
}
MMOL = ("mmol", "millimole", "millimoles")
WEIGHT_KG = 70.0
"""Amounts per body weight are also shown for an adult of this weight, which the note names."""
ADULT_YEARS = 40.0
MOST_ELEMENTAL_MG = 1000.0
LEAST_MG = 1.0
WORDS = {
    word: float(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
} | {"half a": 0.5, "twenty": 20.0, "thirty": 30.0, "fifty": 50.0, "a hundred": 100.0}
_NUMBER = rf"(\d[\d,]*(?:\.\d+)?|{'|'.join(WORDS)})"
_UNIT = r"mg|mcg|\u00b5g|\u03bcg|micrograms?|milligrams?|grams?|g|mmol|millimoles?|\u6beb\u514b|\u514b"
_AMOUNT = re.compile(
    rf"(?<![\w.]){_NUMBER}(?:\s?(?:{_UNIT})?\s?(?:to|and|-|\u2013|\u2014|~)\s?{_NUMBER})?\s?({_UNIT})"
    r"(\s?(?:/\s?kg|per\s(?:kg|kilogram|kilo)\b)(?:\s(?:of\s)?body\s?weight)?)?(?![a-z/]|\s?/\s?[lk]|\s?per\s?(?:l|k))",
    re.IGNORECASE,
)
_DAILY = re.compile(
    r"\bdaily\b|\bper day\b|/\s?d(?:ay)?\b|\b(?:a|each|every) day\b|\bdos(?:e|es|age|ages|ing)\b|"
    r"\u6bcf\u5929|\u6bcf\u65e5",
    re.IGNORECASE,
)
_STOP = re.compile(r"[(),;.\d]")
_ELEMENTAL = re.compile(
    r"\belemental\b|\bof (?:pure |actual )?magnesium\b(?!\s+(?:l\b|\w+ate\b|\w+ide\b))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount as written; `elemental` when the text means the magnesium and not the compound.

    low_mg, high_mg   mass [mg; mg/kg per weight; for an amount of magnesium in mmol its mass]
    kind              mass; amount, written in mmol; per weight, written per kilogram of body weight
    """

    low_mg: float
    high_mg: float
    elemental: bool
    daily: bool
    text: str
    kind: Kind = "mass"


def doses_of(sentence: str) -> tuple[Dose, ...]:
    """Every mass or amount of substance in a sentence; concentrations are no doses.

    >>> [(d.low_mg, d.high_mg, d.elemental) for d in doses_of("Take 1,000 to 2,000 mg a day (144 mg elemental).")]
    [(1000.0, 2000.0, False), (144.0, 144.0, True)]
    """
    daily = bool(_DAILY.search(sentence))
    found = []
    for match in _AMOUNT.finditer(sentence):
        unit = match[3].casefold().replace("\u00b5", "\u03bc")
        factor = MAGNESIUM_MG_PER_MMOL if unit in MMOL else MG[unit]
        low = _number(match[1]) * factor
        high = _number(match[2]) * factor if match[2] else low
        beside = _STOP.split(sentence[match.end() : match.end() + 40], maxsplit=1)[0]
        elemental = unit in MMOL or bool(_ELEMENTAL.search(beside))
        kind: Kind = "per weight" if match[4] else "amount" if unit in MMOL else "mass"
        found.append(Dose(min(low, high), max(low, high), elemental, daily, match[0], kind))
    return tuple(found)


def _number(text: str) -> float:
    """A number in digits or as a word."""
    word = text.casefold()
    return WORDS[word] if word in WORDS else float(text.replace(",", ""))


def dose_notes(doses: tuple[Dose, ...], catalogue: Catalogue, *, threonate: bool, magnesium: bool) -> Iterator[str]:
    """What each amount means, and the limits for adults that it meets.

    threonate    the sentence is about magnesium L-threonate: amounts not called elemental are its compound mass
    magnesium    it is about magnesium in another form
    """
    compound = catalogue.compounds["l_threonate"]
    low, high = (compound.label_low or 0.0) / 1000.0, (compound.label_high or 0.0) / 1000.0
    for dose in doses:
        if not (threonate or magnesium):
            continue
        if dose.kind == "per weight":
            yield _per_weight(dose)
        elif dose.kind == "amount":
            yield f"{dose.text}: {_span(dose.low_mg, dose.high_mg)} mg of magnesium."
            yield from _limits(dose, Exposure(age=ADULT_YEARS, supplement_mg_per_day=dose.high_mg), catalogue)
        elif dose.high_mg < LEAST_MG:
            yield f"{dose.text} is less than {LEAST_MG:g} mg: no dose of magnesium; milligrams may be meant."
        elif dose.elemental:
            yield from _elemental(dose, catalogue, low, high, threonate)
        elif threonate:
            span = f"{dose.low_mg * low:.0f} to {dose.high_mg * high:.0f} mg"
            yield f"{dose.text}: as compound this holds {span} of magnesium, by product."
            exposure = Exposure(age=ADULT_YEARS, compound="l_threonate", compound_mg_per_day=dose.high_mg,
                                supplement_mg_per_day=dose.high_mg * high)  # fmt: skip
            yield from _limits(dose, exposure, catalogue)
        else:
            yield f"{dose.text}: the text does not say whether this is the compound or its magnesium."


def _per_weight(dose: Dose) -> str:
    """An amount per kilogram, for one adult; in studies of animals it says nothing of people."""
    span = _span(dose.low_mg * WEIGHT_KG, dose.high_mg * WEIGHT_KG)
    what = "magnesium" if dose.elemental else "what the text names"
    return (
        f"{dose.text}: per body weight; {span} mg of {what} at {WEIGHT_KG:g} kg. "
        "A dose given to animals does not carry over to people by weight."
    )


def _span(low: float, high: float) -> str:
    return f"{low:,.0f}" if round(low) == round(high) else f"{low:,.0f} to {high:,.0f}"


def _elemental(dose: Dose, catalogue: Catalogue, low: float, high: float, threonate: bool) -> Iterator[str]:
    if threonate:
        needed = f"{dose.low_mg / high:,.0f} to {dose.high_mg / low:,.0f} mg"
        yield f"{dose.text} of magnesium would take {needed} of magnesium L-threonate."
        if dose.high_mg >= MOST_ELEMENTAL_MG:
            yield "The amount fits the compound, not its magnesium: the two seem to be mixed up."
    yield from _limits(dose, Exposure(age=ADULT_YEARS, supplement_mg_per_day=dose.high_mg), catalogue)


def _limits(dose: Dose, exposure: Exposure, catalogue: Catalogue) -> Iterator[str]:
    if not dose.daily:
        return
    for finding in check_limits(exposure, {k: v for k, v in catalogue.limits.items() if v.kind == "intake"}):
        if ";" in finding.value:
            yield f"{finding.title}: {finding.value} ({finding.authority})."
