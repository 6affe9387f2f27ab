"""A claim against the evidence and, where it is bound to an output, against the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from threonate.appraisal.rules import Evidence, Judgement, evidence_of, judge
from threonate.appraisal.size import Model, Simulator, size_of
from threonate.appraisal.verdict import Answer, Size, Verdict
from threonate.errors import CatalogueError, nearest
from threonate.evidence import Catalogue
from threonate.evidence.claim_records import Claim
from threonate.evidence.grades import Study

__all__ = ["appraise", "appraise_all", "find_claim", "flips"]


def appraise(
    claim: str | Claim,
    catalogue: Catalogue,
    *,
    simulate: Simulator | Model | None = None,
    without: Iterable[str] = (),
) -> Verdict:
    """Our answer to a claim, with its reasons and what would change it.

    claim      id, number or record
    simulate   as threonate.simulate; without it the model is not asked
    without    ids of sources to disbelieve
    Raises     CatalogueError for a claim or source that is not on the shelf

    >>> from threonate.evidence import read_catalogue
    >>> appraise("C18", read_catalogue()).answer
    'animals only'
    >>> appraise("C18", read_catalogue(), without=["slutsky_2010"]).answer
    'unverifiable'
    """
    record = find_claim(claim, catalogue) if isinstance(claim, str) else claim
    disbelieved = _sources(without, catalogue)
    evidence = evidence_of(record, catalogue, disbelieved)
    judgement = judge(record, evidence)
    model = Model(simulate, catalogue, disbelieved) if callable(simulate) else simulate
    asked = size_of(record, catalogue, model) if model is not None else None
    size = None if isinstance(asked, str) else asked
    judgement = _with_size(judgement, asked)
    return Verdict(
        claim=record.id,
        number=record.number,
        statement=record.statement,
        answer=judgement.answer,
        grade=judgement.grade,
        reasons=tuple(reason for reason in (*judgement.reasons, record.note, record.interest) if reason),
        sources_for=_ids((*evidence.shown, *evidence.plausible)),
        sources_against=_ids((*evidence.refuted, *evidence.limited)),
        would_change=_would_change(record, judgement, catalogue, disbelieved),
        size=size,
        without=tuple(sorted(disbelieved)),
    )


def appraise_all(
    catalogue: Catalogue, *, simulate: Simulator | None = None, without: Iterable[str] = ()
) -> Mapping[str, Verdict]:
    """Every claim of the ledger by id, in the order of their numbers; equal regimens are simulated once."""
    disbelieved = _sources(without, catalogue)
    model = Model(simulate, catalogue, disbelieved, catalogue.claims.values()) if simulate is not None else None
    ordered = sorted(catalogue.claims.values(), key=lambda claim: int(claim.number[1:]))
    return MappingProxyType(
        {claim.id: appraise(claim, catalogue, simulate=model, without=disbelieved) for claim in ordered}
    )


def flips(catalogue: Catalogue, without: Iterable[str]) -> Mapping[str, tuple[Answer, Answer]]:
    """Claims whose answer changes when these sources are disbelieved: before and after.

    >>> from threonate.evidence import read_catalogue
    >>> flips(read_catalogue(), ["mickley_2013"])
    mappingproxy({})
    """
    disbelieved = _sources(without, catalogue)
    changed: dict[str, tuple[Answer, Answer]] = {}
    for claim in catalogue.claims.values():
        before = judge(claim, evidence_of(claim, catalogue)).answer
        after = judge(claim, evidence_of(claim, catalogue, disbelieved)).answer
        if before != after:
            changed[claim.id] = (before, after)
    return MappingProxyType(changed)


def find_claim(name: str, catalogue: Catalogue) -> Claim:
    """A claim by id or number.

    Raises    CatalogueError with the nearest id
    """
    if name in catalogue.claims:
        return catalogue.claims[name]
    for claim in catalogue.claims.values():
        if claim.number.casefold() == name.casefold():
            return claim
    raise CatalogueError([f"There is no claim '{name}'. {nearest(name, catalogue.claims)}"])


def _sources(names: Iterable[str], catalogue: Catalogue) -> frozenset[str]:
    for name in (asked := frozenset(names)):
        if name not in catalogue.sources:
            raise CatalogueError([f"There is no source '{name}'. {nearest(name, catalogue.sources)}"])
    return asked


def _with_size(judgement: Judgement, size: Size | str | None) -> Judgement:
    """What the model adds; it can lower an answer and never raises one."""
    if size is None:
        return judgement
    if isinstance(size, str):
        return Judgement(judgement.answer, judgement.grade, (*judgement.reasons, size))
    answer: Answer = "mixed" if size.falls_short and judgement.answer == "supported" else judgement.answer
    return Judgement(answer, judgement.grade, (*judgement.reasons, size.finding))


def _ids(studies: Iterable[Study]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(study.source for study in studies if study.design != "none"))


_NEEDED: Mapping[Answer, str] = MappingProxyType(
    {
        "supported": "A sound study in people that finds nothing, or the opposite.",
        "mixed": "Independent placebo-controlled trials in people that agree with each other{of}.",
        "animals only": "A placebo-controlled trial in people that measures it{of}.",
        "in vitro only": "A study in living animals or in people that measures it{of}.",
        "plausible but untested": "A study that tests the claim itself{of}.",
        "contradicted": "Two independent placebo-controlled trials in people that show it{of}.",
        "unverifiable": "A source that can be located and shows it{of}.",
        "background": "A source that refutes it.",
        "advice": "Nothing: it asserts nothing.",
        "opinion": "Nothing: it asserts nothing that can be tested.",
    }
)


_NOT_PEOPLE = ("rats", "mice", "rodents", "cells", "neurons")


def _would_change(
    claim: Claim, judgement: Judgement, catalogue: Catalogue, disbelieved: frozenset[str]
) -> tuple[str, ...]:
    outcome = f": {claim.outcome}" if claim.outcome else ""
    people = claim.kind == "effect" and not any(word in claim.population for word in _NOT_PEOPLE)
    who = f" in {claim.population}" if claim.population and people else ""
    found = [_NEEDED[judgement.answer].format(of=outcome + who)]
    for source in _sources_named(claim, catalogue):
        if source not in disbelieved:
            after = judge(claim, evidence_of(claim, catalogue, disbelieved | {source})).answer
            before = judge(claim, evidence_of(claim, catalogue, disbelieved)).answer
            if after != before:
                found.append(f"Disbelieving {source} would make it: {after}.")
    return tuple(found)


def _sources_named(claim: Claim, catalogue: Catalogue) -> tuple[str, ...]:
    evidence: Evidence = evidence_of(claim, catalogue)
    return _ids((*evidence.shown, *evidence.plausible, *evidence.refuted, *evidence.limited))
