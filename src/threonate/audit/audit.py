"""A whole text: every sentence with our answer to what it claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threonate.appraisal import ANSWERS, Verdict, appraise_all
from threonate.appraisal.size import Simulator
from threonate.audit.citations import citation_notes
from threonate.audit.doses import dose_notes, doses_of
from threonate.audit.matching import SUBJECT, Match, Matcher
from threonate.audit.reading import Article, article_of, read_article
from threonate.audit.sentences import CHINESE, ENGLISH, Sentence, sentences_of
from threonate.evidence import Catalogue, Grade
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
    grade      lowest grade of its claims; empty without one
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
    """

    article: Article
    findings: tuple[Finding, ...]
    verdicts: Mapping[str, Verdict]
    library: str
    without: tuple[str, ...] = ()

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
    disbelieved = tuple(without)
    verdicts = appraise_all(catalogue, simulate=simulate, without=disbelieved)
    matcher = Matcher(catalogue, verdicts)
    findings = tuple(_finding(one, matcher, verdicts, catalogue) for one in sentences_of(article.paragraphs))
    made = {name for finding in findings for name in finding.claims}
    used = {name: verdict for name, verdict in verdicts.items() if name in made}
    return Audit(article, findings, used, catalogue.hash, tuple(sorted(disbelieved)))


def _finding(sentence: Sentence, matcher: Matcher, verdicts: Mapping[str, Verdict], catalogue: Catalogue) -> Finding:
    doses = doses_of(sentence.text)
    compound_mg = [dose for each in doses if not each.elemental for dose in (each.low_mg, each.high_mg)]
    match = matcher.read(sentence.text, doses=compound_mg)
    notes = [*match.notes, *citation_notes(sentence.text, catalogue)]
    threonate, magnesium = match.said.has(SUBJECT), match.said.has("magnesium")
    notes += dose_notes(doses, catalogue, threonate=threonate, magnesium=magnesium)
    asks = bool(_QUESTION.search(sentence.text))
    claims = () if asks else match.claims
    if claims and match.said.hedged:
        notes.append("Hedged: it says may, could or the like.")
    if sentence.language not in (ENGLISH, CHINESE) or (sentence.language == CHINESE and not claims):
        name = sentence.language or "unknown"
        notes.append(f"Language {name}: kept, not checked.")
    if not claims and _is_health_claim(match):
        notes.append("Reads like a health claim that the ledger does not know.")
    answers = [verdicts[claim.id] for claim in claims]
    return Finding(
        text=sentence.text,
        paragraph=sentence.paragraph,
        verdict=_verdict(sentence, asks, match, answers),
        grade=_grade(answers),
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


def _grade(answers: list[Verdict]) -> Grade | str:
    if not answers:
        return ""
    grade = answers[0].grade
    for verdict in answers[1:]:
        grade = worse(grade, verdict.grade)
    return grade


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
            "predictions": {
                one.hypothesis: {"low": one.low, "median": one.median, "high": one.high} for one in size.predictions
            },
        },
    }
