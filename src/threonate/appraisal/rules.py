"""From findings to an answer: the rules, one function per kind of claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from threonate.appraisal.verdict import Answer
from threonate.evidence import Catalogue, Grade
from threonate.evidence.claim_records import Claim
from threonate.evidence.grades import CONTROLLED, Study, grade_of, studies_of, worse

BEST_UNTESTED: Grade = "C"
"""No claim that nobody tested is graded as if trials had shown it, however good the evidence beside it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The findings of a claim that are believed, by what they do to it."""

    shown: tuple[Study, ...]
    plausible: tuple[Study, ...]
    refuted: tuple[Study, ...]
    limited: tuple[Study, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer with its grade and what decided it."""

    answer: Answer
    grade: Grade
    reasons: tuple[str, ...]


def evidence_of(claim: Claim, catalogue: Catalogue, without: frozenset[str] = frozenset()) -> Evidence:
    """The believed findings of a claim.

    without    ids of sources that are disbelieved
    """
    lists = (claim.shown_by, claim.made_plausible_by, claim.refuted_by, claim.limited_by)
    return Evidence(*(studies_of(names, catalogue, without) for names in lists))


def judge(claim: Claim, evidence: Evidence) -> Judgement:
    """The answer that the findings give, without the model.

    >>> from threonate.evidence import read_catalogue
    >>> catalogue = read_catalogue()
    >>> claim = catalogue.claims["csf_up_15_percent"]
    >>> judge(claim, evidence_of(claim, catalogue)).answer
    'animals only'
    """
    return _RULES[claim.kind](claim, evidence)


def _advice(claim: Claim, evidence: Evidence) -> Judgement:
    return Judgement("advice", "U", ("It gives advice and asserts nothing that could be tested.",))


def _opinion(claim: Claim, evidence: Evidence) -> Judgement:
    return Judgement("opinion", "U", ("It praises or expects; no study could bear it out or refute it.",))


def _background(claim: Claim, evidence: Evidence) -> Judgement:
    shown = _counting(evidence.shown)
    if shown:
        grade = grade_of(shown, modifiers=claim.modifiers)
        return Judgement("background", grade, (f"Known of the body: {_named(shown)}.",))
    if claim.textbook:
        return Judgement("background", "E", ("Textbook knowledge; no source of it was read.",))
    if refuted := _standing(evidence.refuted):
        return Judgement("contradicted", "X", (f"Refuted by {_named(refuted)}.",))
    return _nothing(evidence)


def _fact(claim: Claim, evidence: Evidence) -> Judgement:
    shown = _counting(evidence.shown)
    refuted = _standing(evidence.refuted)
    if shown and refuted:
        grade = grade_of(shown, contested=True, modifiers=claim.modifiers, steps_up=claim.steps_up)
        return Judgement("mixed", grade, (f"Shown by {_named(shown)}, refuted by {_named(refuted)}.",))
    if shown:
        grade = grade_of(shown, modifiers=claim.modifiers, steps_up=claim.steps_up)
        return Judgement("supported", grade, (f"Shown by {_named(shown)}.",))
    if refuted:
        return Judgement("contradicted", "X", (f"Refuted by {_named(refuted)}.",))
    return _nothing(evidence)


def _effect(claim: Claim, evidence: Evidence) -> Judgement:
    shown, refuted = _counting(evidence.shown), _counting(evidence.refuted)
    people_for = [study for study in shown if study.in_people]
    people_against = [study for study in refuted if study.in_people]
    if people_for:
        return _in_people(claim, people_for, people_against)
    if people_against:
        null = any(study.design in CONTROLLED for study in people_against)
        reason = f"Nothing shows it in people; {_named(people_against)} looked in people and did not find it."
        return Judgement("contradicted", "N" if null else "X", (reason,))
    if shown:
        return _in_animals_or_cells(claim, shown, refuted)
    if standing := _standing(evidence.refuted):
        reason = f"Nothing shows it; {_named(standing)} says otherwise."
        return Judgement("contradicted", "X", (reason,))
    return _not_shown(claim, evidence)


def _in_people(claim: Claim, people_for: list[Study], people_against: list[Study]) -> Judgement:
    grade = grade_of(people_for, contested=bool(people_against), modifiers=claim.modifiers, steps_up=claim.steps_up)
    shown = f"Shown in people by {_named(people_for)}"
    if people_against:
        reasons = [f"{shown}; not found, or refuted, by {_named(people_against)}."]
        reasons += _interest(people_for)
        return Judgement("mixed", grade, tuple(reasons))
    sources = {study.source for study in people_for}
    if grade in ("A", "B") and len(sources) > 1:
        return Judgement("supported", grade, (f"{shown}.",))
    few = "one source" if len(sources) == 1 else "studies that are small or easily biased"
    return Judgement("mixed", grade, (f"{shown}: {few}.", *_interest(people_for)))


def _in_animals_or_cells(claim: Claim, shown: list[Study], refuted: list[Study]) -> Judgement:
    grade = grade_of(shown)
    animals = [study for study in shown if study.design == "animal"]
    where: Answer = "animals only" if animals else "in vitro only"
    if refuted and claim.asserts == "possible":
        return Judgement(
            "plausible but untested", grade, (f"Disputed in animals: {_named(shown)}, {_named(refuted)}.",)
        )
    if refuted:
        return Judgement("contradicted", "X", (f"Said by {_named(shown)}, and refuted by {_named(refuted)}.",))
    reasons = [f"Shown by {_named(animals or shown)}; no study in people shows it."]
    return Judgement(where, grade, (*reasons, *_one_laboratory(shown)))


def _not_shown(claim: Claim, evidence: Evidence) -> Judgement:
    plausible = _counting(evidence.plausible)
    if not plausible:
        return _nothing(evidence)
    if claim.asserts in ("superior", "treats"):
        reason = f"{_named(plausible)} makes it thinkable, but nothing tested what it asserts."
        return Judgement("unverifiable", "U", (reason,))
    grade = worse(grade_of(plausible, modifiers=claim.modifiers), BEST_UNTESTED)
    return Judgement("plausible but untested", grade, (f"Made plausible by {_named(plausible)}; not tested itself.",))


def _nothing(evidence: Evidence) -> Judgement:
    reasons = ["Nothing on the shelf shows it."]
    if evidence.limited:
        reasons.append(f"Looked at: {_named(evidence.limited)}.")
    return Judgement("unverifiable", "U", tuple(reasons))


def _counting(studies: Iterable[Study]) -> list[Study]:
    return [study for study in studies if study.counts]


def _standing(studies: Iterable[Study]) -> list[Study]:
    """What was looked at, searches that found nothing included; not what could not be verified."""
    return [study for study in studies if study.design != "none"]


def _interest(studies: Iterable[Study]) -> list[str]:
    trials = [study for study in studies if study.design in CONTROLLED]
    if trials and all(study.interested for study in trials):
        return ["Every trial that shows it was paid for, or written with, by those who sell or own the product."]
    return []


def _one_laboratory(studies: list[Study]) -> list[str]:
    sources = {study.source for study in studies}
    return [f"It rests on one source, {next(iter(sources))}."] if len(sources) == 1 else []


def _named(studies: Iterable[Study]) -> str:
    return ", ".join(dict.fromkeys(study.source for study in studies))


_RULES: Mapping[str, Callable[[Claim, Evidence], Judgement]] = {
    "advice": _advice,
    "opinion": _opinion,
    "background": _background,
    "fact": _fact,
    "report": _fact,
    "effect": _effect,
}
