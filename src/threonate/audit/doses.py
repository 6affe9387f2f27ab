"""Amounts in a sentence: compound against elemental magnesium, and the limits they meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from threonate.evidence import Catalogue
from threonate.safety import check_limits
from threonate.safety.exposure import Exposure

MG = {
    "mg": 1.0,
    "milligram": 1.0,
    "milligrams": 1.0,
    "\u6beb\u514b": 1.0,
    "g": 1000.0,
    "gram": 1000.0,
    "grams": 1000.0,
    "\u514b": 1000.0,
}
ADULT_YEARS = 40.0
MOST_ELEMENTAL_MG = 1000.0
_AMOUNT = re.compile(
    r"(?<![\w.])(\d[\d,]*(?:\.\d+)?)(?:\s?(?:mg|g)?\s?(?:to|and|-|\u2013|\u2014|~)\s?(\d[\d,]*(?:\.\d+)?))?"
    r"\s?(mg|milligrams?|grams?|g|\u6beb\u514b|\u514b)(?![a-z/]|\s?/\s?k|\s?per\s?k)",
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
    """An amount as written, in mg; `elemental` when the text means the magnesium and not the compound."""

    low_mg: float
    high_mg: float
    elemental: bool
    daily: bool
    text: str


def doses_of(sentence: str) -> tuple[Dose, ...]:
    """Every mass in a sentence.

    >>> [(d.low_mg, d.high_mg, d.elemental) for d in doses_of("Take 1,000 to 2,000 mg a day (144 mg elemental).")]
    [(1000.0, 2000.0, False), (144.0, 144.0, True)]
    """
    daily = bool(_DAILY.search(sentence))
    found = []
    for match in _AMOUNT.finditer(sentence):
        factor = MG[match[3].casefold()]
        low = float(match[1].replace(",", "")) * factor
        high = float(match[2].replace(",", "")) * factor if match[2] else low
        beside = _STOP.split(sentence[match.end() : match.end() + 40], maxsplit=1)[0]
        found.append(Dose(min(low, high), max(low, high), bool(_ELEMENTAL.search(beside)), daily, match[0]))
    return tuple(found)


def dose_notes(doses: tuple[Dose, ...], catalogue: Catalogue, *, threonate: bool, magnesium: bool) -> Iterator[str]:
    """What each amount means, and the limits for adults that it meets.

    threonate    the sentence is about magnesium L-threonate: amounts not called elemental are its compound mass
    magnesium    it is about magnesium in another form
    """
    compound = catalogue.compounds["l_threonate"]
    low, high = (compound.label_low or 0.0) / 1000.0, (compound.label_high or 0.0) / 1000.0
    for dose in doses:
        if dose.elemental and (threonate or magnesium):
            yield from _elemental(dose, catalogue, low, high, threonate)
        elif threonate:
            span = f"{dose.low_mg * low:.0f} to {dose.high_mg * high:.0f} mg"
            yield f"{dose.text}: as compound this holds {span} of magnesium, by product."
            exposure = Exposure(age=ADULT_YEARS, compound="l_threonate", compound_mg_per_day=dose.high_mg,
                                supplement_mg_per_day=dose.high_mg * high)  # fmt: skip
            yield from _limits(dose, exposure, catalogue)
        elif magnesium:
            yield f"{dose.text}: the text does not say whether this is the compound or its magnesium."


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
