"""Identifiers and journals in a sentence, against the sources on the shelf."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from threonate.evidence import Catalogue, Source

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>)\]]+[^\s\"<>)\].,;]")
_PMID = re.compile(r"\bPMID:?\s*(\d{5,8})\b|(?:pubmed|ncbi|mdpi|nih)[^\s]*?/(\d{7,8})\b", re.IGNORECASE)
_REGISTRY = re.compile(r"\bNCT\d{8}\b|\bISRCTN\d{8}\b", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+(?:\s\S+\.\S+/\S*)?")
_JOURNAL = re.compile(
    r"\b(?:Journal of [A-Z]\w+(?: [A-Z]\w+)*|"
    r"[A-Z]\w+ (?:Dermatology|Research|Medicine|Letters|Reports|Science|Neuroscience))\b"
)
_MARK = re.compile(r"\btrade\s?mark|\u00ae|\u2122", re.IGNORECASE)
SAME_JOURNAL = 70.0


def citation_notes(sentence: str, catalogue: Catalogue) -> Iterator[str]:
    """What is known of the identifiers, links and marks that a sentence names."""
    journals = _JOURNAL.findall(sentence)
    for number in (first or second for first, second in _PMID.findall(sentence)):
        source = _by(catalogue, "pmid", number)
        yield _known(f"PMID {number}", source, journals)
    for doi in _DOI.findall(sentence):
        yield _known(f"DOI {doi}", _by(catalogue, "doi", doi), journals)
    for registry in _REGISTRY.findall(sentence):
        source = next(
            (one for one in catalogue.sources.values() if registry.casefold() in one.citation.casefold()), None
        )
        yield _known(registry.upper(), source, ())
    for link in _LINK.findall(sentence):
        if " " in link.strip():
            yield f"The link '{link}' is broken: it holds a blank."
    if _MARK.search(sentence):
        yield from _mark_notes(catalogue)


def _known(name: str, source: Source | None, journals: list[str] | tuple[str, ...]) -> str:
    if source is None:
        return f"{name} is not on the shelf; it was not checked."
    text = f"{name} is: {source.citation}"
    strange = [
        one for one in journals if fuzz.token_set_ratio(one.casefold(), source.citation.casefold()) < SAME_JOURNAL
    ]
    if strange:
        return f"{text} It does not belong to {', '.join(strange)}: the reference is wrong."
    return text


def _by(catalogue: Catalogue, field: str, value: str) -> Source | None:
    wanted = value.casefold()
    return next((one for one in catalogue.sources.values() if getattr(one, field).casefold() == wanted), None)


def _mark_notes(catalogue: Catalogue) -> Iterator[str]:
    for source in catalogue.sources.values():
        for finding in source.findings:
            if "trademark" in finding.quantity.casefold() and finding.verification not in ("not-found", "unverified"):
                yield f"Of marks the shelf knows: {finding.quantity}: {finding.value} ({source.id})."
