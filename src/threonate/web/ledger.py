"""Claims, our answers to them, and texts that make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from threonate.appraisal import ANSWERS, SENTENCES, Verdict, appraise_all, find_claim, flips
from threonate.audit import audit_text, verdict_json
from threonate.errors import CatalogueError, TextError
from threonate.evidence import Catalogue
from threonate.evidence.claim_records import Claim
from threonate.safety.findings import plain_disclaimer
from threonate.web.asking import refuse
from threonate.web.drawing import grade_model
from threonate.web.library_models import (
    AuditAnswer,
    AuditQuestion,
    AuditSentence,
    ClaimAnswer,
    ClaimRow,
    ClaimsAnswer,
    ReadFinding,
    VerdictCount,
)
from threonate.web.shelf import source_record

LONGEST_TEXT = 60_000
MOST_DISBELIEVED = 40
_ROLES = {
    "shown_by": "for",
    "made_plausible_by": "makes it plausible",
    "refuted_by": "against",
    "limited_by": "narrows it",
}


def claims_answer(catalogue: Catalogue, verdict: str, without: Sequence[str]) -> ClaimsAnswer:
    """The ledger, or the claims with one verdict; with disbelieved sources, what changes.

    Raises    Refused for a verdict or source that is not there
    """
    if verdict and verdict not in ANSWERS:
        raise refuse(422, "bad_input", f"verdict is '{verdict[:80]}'; allowed: {', '.join(ANSWERS)}. Name one of them.")
    verdicts = _verdicts(catalogue, without)
    before = _flips(catalogue, without)
    rows = [_row(one, catalogue.claims[name], before, catalogue) for name, one in verdicts.items()]
    counts = [
        VerdictCount(id=name, sentence=SENTENCES[name], count=sum(row.verdict == name for row in rows))
        for name in ANSWERS
    ]
    shown = [row for row in rows if verdict in ("", row.verdict)]
    return ClaimsAnswer(claims=shown, verdicts=counts, without=list(without), disclaimer=plain_disclaimer())


def _verdicts(catalogue: Catalogue, without: Sequence[str]) -> Mapping[str, Verdict]:
    if len(without) > MOST_DISBELIEVED:
        raise refuse(
            422, "bad_input", f"without names {len(without)} sources; allowed: {MOST_DISBELIEVED}. Name fewer."
        )
    try:
        return appraise_all(catalogue, without=without)
    except CatalogueError as error:
        raise refuse(422, "bad_input", " ".join(str(problem) for problem in error.problems)) from None


def _flips(catalogue: Catalogue, without: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    return flips(catalogue, without) if without else {}


def _row(verdict: Verdict, claim: Claim, before: Mapping[str, tuple[str, str]], catalogue: Catalogue) -> ClaimRow:
    return ClaimRow(**_row_fields(verdict, claim, before, catalogue))


def _row_fields(
    verdict: Verdict, claim: Claim, before: Mapping[str, tuple[str, str]], catalogue: Catalogue
) -> dict[str, Any]:
    return {
        "id": verdict.claim,
        "number": verdict.number,
        "statement": verdict.statement,
        "verdict": verdict.answer,
        "sentence": verdict.sentence,
        "grade": grade_model(catalogue, verdict.grade),
        "made_by": list(claim.made_by),
        "kind": claim.kind,
        "before": before[claim.id][0] if claim.id in before else "",
    }


def claim_answer(name: str, catalogue: Catalogue, without: Sequence[str]) -> ClaimAnswer:
    """One claim with everything that speaks for and against it.

    Raises    Refused when it is not in the ledger
    """
    try:
        claim = find_claim(name, catalogue)
    except CatalogueError as error:
        raise refuse(404, "not_found", " ".join(str(problem) for problem in error.problems)) from None
    verdict = _verdicts(catalogue, without)[claim.id]
    findings = list(_findings(claim, catalogue))
    sources = list(dict.fromkeys([*verdict.sources_for, *verdict.sources_against, *(one.source for one in findings)]))
    told = verdict_json(verdict)
    return ClaimAnswer(
        **_row_fields(verdict, claim, _flips(catalogue, without), catalogue),
        reasons=list(verdict.reasons),
        sources_for=list(verdict.sources_for),
        sources_against=list(verdict.sources_against),
        would_change=list(verdict.would_change),
        size=told["size"],
        findings=findings,
        note=claim.note,
        interest=claim.interest,
        dose=claim.dose,
        population=claim.population,
        comparator=claim.comparator,
        outcome=claim.outcome,
        sources=[source_record(one, catalogue) for one in sources if one in catalogue.sources],
        disclaimer=plain_disclaimer(),
    )


def _findings(claim: Claim, catalogue: Catalogue) -> list[ReadFinding]:
    home = {finding.id: (finding, one.id) for one in catalogue.sources.values() for finding in one.findings}
    found = []
    for field, role in _ROLES.items():
        for name in getattr(claim, field):
            if name in home:
                finding, source = home[name]
                text = f"{finding.quantity} {finding.value} {finding.unit}".strip()
                found.append(ReadFinding(id=name, role=role, text=f"{text} ({finding.species})", source=source))
    return found


def audit_answer(question: AuditQuestion, catalogue: Catalogue) -> AuditAnswer:
    """A text, sentence by sentence.

    Raises    Refused when it is empty, too long, or no text
    """
    if len(question.text) > LONGEST_TEXT:
        message = f"The text has {len(question.text)} characters; allowed: {LONGEST_TEXT}. Send one article at a time."
        raise refuse(413, "too_large", message)
    _verdicts(catalogue, question.without)
    try:
        found = audit_text(question.text, catalogue, without=question.without)
    except TextError as error:
        raise refuse(422, "bad_input", str(error)) from None
    return AuditAnswer(
        sentences=[
            AuditSentence(
                text=one.text,
                paragraph=one.paragraph,
                verdict=one.verdict,
                verdict_sentence=SENTENCES.get(one.verdict, ""),  # type: ignore[call-overload]
                grade=one.grade,
                grade_word=grade_model(catalogue, one.grade).word if one.grade else "",
                claims=list(one.claims),
                numbers=[found.verdicts[name].number for name in one.claims],
                notes=list(one.notes),
                language=one.language,
            )
            for one in found.findings
        ],
        claims={name: _row(one, catalogue.claims[name], {}, catalogue) for name, one in found.verdicts.items()},
        counts=found.counts(),
        notes=list(found.article.notes),
        disclaimer=plain_disclaimer(),
    )
