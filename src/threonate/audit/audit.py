"""A whole text: every sentence with our answer to what it claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

from threonate.appraisal import ANSWERS, Answer, Verdict, appraise, appraise_all, flips
from threonate.appraisal.size import Model, Simulator
from threonate.appraisal.verdict import Size
from threonate.audit.citations import citation_notes
from threonate.audit.doses import Dose, dose_notes, doses_of
from threonate.audit.matching import SUBJECT, Match, Matcher
from threonate.audit.reading import Article, article_of, read_article
from threonate.audit.sentences import CHINESE, ENGLISH, Sentence, sentences_of
from threonate.evidence import Catalogue, Grade
from threonate.evidence.claim_records import Claim
from threonate.evidence.grades import worse
from threonate.safety.findings import plain_disclaimer

NOT_IN_LEDGER = "not in the ledger"
NO_CLAIM = "no claim"
_QUESTION = re.compile(r"[?\uff1f]\s*$")
_END = re.compile(r"[.!\u3002\uff01\uff0e;:]\W*$")
_PROMISES = frozenset(
    [
        "treat",
        "cure",
        "prevent",
        "reduce",
        "improve",
        "enhance",
        "protect",
        "regrow",
        "alleviate",
        "raise",
        "inhibit",
        "slow",
        "mitigate",
    ]
)
_MATTERS = frozenset(
    [
        "disease",
        "organ",
        "hair",
        "sleep",
        "memory",
        "cognition",
        "anxiety",
        "depression",
        "pain",
        "bone",
        "cardiovascular",
        "muscle_contraction",
        "insomnia",
        "brain",
        "inflammation",
        "neurodegeneration",
        "mental_health",
        "mood",
        "miracle",
        "group",
        "kidney",
    ]
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence and our answer.

    verdict    of the claim to be most careful with; `not in the ledger`, or `no claim` for headings and questions
    grade      of the claim that decides; empty without one
    claims     ids
    notes      doses, citations, denials, hedges, and what goes beyond the ledger
    """

    text: str
    paragraph: int
    verdict: str
    grade: Grade | str
    claims: tuple[str, ...]
    notes: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Audit:
    """A text with our answers.

    verdicts    of the claims that it makes, by id
    without     ids of sources that were disbelieved
    changed     claims of the text whose answer is another one because of that: before and after
    """

    article: Article
    findings: tuple[Finding, ...]
    verdicts: Mapping[str, Verdict]
    library: str
    without: tuple[str, ...] = ()
    changed: Mapping[str, tuple[Answer, Answer]] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """How many sentences got each verdict."""
        order = (*ANSWERS, NOT_IN_LEDGER, NO_CLAIM)
        found = {name: sum(finding.verdict == name for finding in self.findings) for name in order}
        return {name: number for name, number in found.items() if number}

    def as_json(self) -> dict[str, Any]:
        """Sentences with verdicts, and the claims they make, as plain values."""
        return {
            "article": self.article.name,
            "library": self.library,
            "without": list(self.without),
            "changed": {name: list(both) for name, both in self.changed.items()},
            "notes": [*self.article.notes],
            "counts": self.counts(),
            "sentences": [_sentence_json(finding, self.verdicts) for finding in self.findings],
            "claims": {name: verdict_json(verdict) for name, verdict in self.verdicts.items()},
            "disclaimer": plain_disclaimer(),
        }


def audit_file(
    path: Path, catalogue: Catalogue, *, simulate: Simulator | None = None, without: Iterable[str] = ()
) -> Audit:
    """The audit of a text or HTML file.

    Raises    TextError when the file cannot be read as text
    """
    return audit_article(read_article(path), catalogue, simulate=simulate, without=without)


def audit_text(
    text: str | bytes, catalogue: Catalogue, *, simulate: Simulator | None = None, without: Iterable[str] = ()
) -> Audit:
    """The audit of a text, plain or HTML.

    Raises    TextError when it is empty, too large, or no text

    >>> from threonate.evidence import read_catalogue
    >>> audit = audit_text("Magnesium threonate raises brain magnesium.", read_catalogue())
    >>> audit.findings[0].verdict, audit.findings[0].claims
    ('animals only', ('raises_brain_magnesium',))
    """
    return audit_article(article_of(text), catalogue, simulate=simulate, without=without)


def audit_article(
    article: Article, catalogue: Catalogue, *, simulate: Simulator | None = None, without: Iterable[str] = ()
) -> Audit:
    """Every sentence of an article against the ledger."""
    disbelieved = frozenset(without)
    plain, matcher = _reader(catalogue, disbelieved)
    verdicts = dict(plain)
    read = [_read(sentence, matcher) for sentence in sentences_of(article.paragraphs)]
    made = [claim for claim in catalogue.claims.values() if any(claim in one.claims for one in read)]
    if simulate is not None:
        model = Model(simulate, catalogue, disbelieved, made)
        asked = [claim for claim in made if claim.bound is not None]
        verdicts |= {one.id: appraise(one, catalogue, simulate=model, without=disbelieved) for one in asked}
    findings = tuple(_finding(one, verdicts, catalogue) for one in read)
    used = {name: verdict for name, verdict in verdicts.items() if any(name in finding.claims for finding in findings)}
    changed = {name: both for name, both in flips(catalogue, disbelieved).items() if name in used}
    return Audit(article, findings, used, catalogue.hash, tuple(sorted(disbelieved)), changed)


_Reader = tuple[Mapping[str, Verdict], Matcher]
_last: list[tuple[Catalogue, frozenset[str], _Reader]] = []


def _reader(catalogue: Catalogue, disbelieved: frozenset[str]) -> _Reader:
    """Answers without sizes, and a matcher that has read nothing; those of the last catalogue are kept."""
    kept = next(iter(_last), None)
    if kept is None or kept[0] is not catalogue or kept[1] != disbelieved:
        verdicts = appraise_all(catalogue, without=disbelieved)
        kept = (catalogue, disbelieved, (verdicts, Matcher(catalogue, verdicts)))
        _last[:] = [kept]
    verdicts, matcher = kept[2]
    return verdicts, copy(matcher)


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence with what it claims and the amounts that it names."""

    sentence: Sentence
    doses: tuple[Dose, ...]
    match: Match

    @property
    def asks(self) -> bool:
        return bool(_QUESTION.search(self.sentence.text))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """A question makes none."""
        return () if self.asks else self.match.claims


def _read(sentence: Sentence, matcher: Matcher) -> _Read:
    doses = doses_of(sentence.text)
    compound_mg = [
        mass for dose in doses if dose.kind == "mass" and not dose.elemental for mass in (dose.low_mg, dose.high_mg)
    ]
    return _Read(sentence, doses, matcher.read(sentence.text, doses=compound_mg))


def _finding(read: _Read, verdicts: Mapping[str, Verdict], catalogue: Catalogue) -> Finding:
    sentence, match, claims = read.sentence, read.match, read.claims
    notes = [*match.notes, *citation_notes(sentence.text, catalogue)]
    threonate, magnesium = match.said.has(SUBJECT), match.said.has("magnesium")
    notes += dose_notes(read.doses, catalogue, threonate=threonate, magnesium=magnesium)
    if claims and match.said.hedged:
        notes.append("Hedged: it says may, could or the like.")
    if sentence.language not in (ENGLISH, CHINESE) or (sentence.language == CHINESE and not claims):
        name = sentence.language or "unknown"
        notes.append(f"Language {name}: kept, not checked.")
    if not claims and _is_health_claim(match):
        notes.append("Reads like a health claim that the ledger does not know.")
    answers = [verdicts[claim.id] for claim in claims]
    verdict = _verdict(sentence, read.asks, match, answers)
    return Finding(
        text=sentence.text,
        paragraph=sentence.paragraph,
        verdict=verdict,
        grade=_grade(answers, verdict),
        claims=tuple(claim.id for claim in claims),
        notes=tuple(dict.fromkeys(notes)),
        language=sentence.language,
    )


def _verdict(sentence: Sentence, asks: bool, match: Match, answers: list[Verdict]) -> str:
    if answers:
        return min((verdict.answer for verdict in answers), key=ANSWERS.index)
    heading = not _END.search(sentence.text)
    if asks or (heading and not match.denied and not match.exceeded and not _is_health_claim(match)):
        return NO_CLAIM
    return NOT_IN_LEDGER


def _grade(answers: list[Verdict], verdict: str) -> Grade | str:
    """The lowest grade among the claims that decide the verdict; empty without one."""
    deciding: list[Grade] = [one.grade for one in answers if one.answer == verdict]
    if not deciding:
        return ""
    lowest: Grade = reduce(worse, deciding)
    return lowest


def _is_health_claim(match: Match) -> bool:
    spoken = match.said.spans.keys()
    return bool(spoken & _PROMISES and spoken & _MATTERS)


def _sentence_json(finding: Finding, verdicts: Mapping[str, Verdict]) -> dict[str, Any]:
    return {
        "text": finding.text,
        "verdict": finding.verdict,
        "grade": finding.grade,
        "claims": list(finding.claims),
        "numbers": [verdicts[name].number for name in finding.claims],
        "notes": list(finding.notes),
        "language": finding.language,
    }


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain values."""
    size = verdict.size
    return {
        "number": verdict.number,
        "statement": verdict.statement,
        "verdict": verdict.answer,
        "sentence": verdict.sentence,
        "grade": verdict.grade,
        "reasons": list(verdict.reasons),
        "sources_for": list(verdict.sources_for),
        "sources_against": list(verdict.sources_against),
        "would_change": list(verdict.would_change),
        "without": list(verdict.without),
        "size": None
        if size is None
        else {
            "endpoint": size.endpoint,
            "unit": size.unit,
            "question": size.question,
            "grade": size.grade,
            "finding": size.finding,
            "smallest_important": _important_json(size),
            "predictions": {
                one.hypothesis: {"low": one.low, "median": one.median, "high": one.high} for one in size.predictions
            },
        },
    }


def _important_json(size: Size) -> dict[str, Any] | None:
    one = size.important
    if one is None:
        return None
    plain = {name: getattr(one, name) for name in ("value", "unit", "low", "high", "direction", "source", "note")}
    return {**plain, "read": size.important_read}
