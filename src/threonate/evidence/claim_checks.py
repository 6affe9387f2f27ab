"""Whether every claim names what is on the shelf, and no identifier has two titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from threonate.errors import nearest
from threonate.evidence.checks import Shelf
from threonate.evidence.claim_records import Bound, Claim
from threonate.evidence.grades import DESIGNS, MODIFIERS, STEPS_UP
from threonate.evidence.records import Problem

_NAMED_BY_CLAIMS = ("sources/", "links/", "endpoints/", "responses/", "compounds/", "concepts")
NO_COMPOUND = "none"


def check_claims(shelf: Shelf) -> list[Problem]:
    """Claims against findings, links, endpoints and concepts, and designs that grading does not know."""
    return [*claim_problems(shelf), *design_problems(shelf)]


def claim_problems(shelf: Shelf) -> Iterator[Problem]:
    """Everything that a claim names and the shelf does not have."""
    unread = any(file.startswith(_NAMED_BY_CLAIMS) for file in shelf.unread.files)
    findings = {finding.id for source in shelf.catalogue.sources.values() for finding in source.findings}
    numbers: dict[str, str] = {}
    for claim in shelf.catalogue.claims.values():
        file = f"claims/{claim.id}.toml"
        if claim.number in numbers:
            reason = f"number {claim.number} already stands in claims/{numbers[claim.number]}.toml."
            yield shelf.problem(file, r"^number", reason, "Take the next free number.")
        numbers.setdefault(claim.number, claim.id)
        if unread:
            continue
        yield from _unknown(shelf, file, "finding", claim.findings, findings)
        yield from _unknown(shelf, file, "link", claim.links, shelf.catalogue.links)
        yield from _unknown(shelf, file, "concept", _concepts(claim), shelf.catalogue.concepts)
        yield from _unknown(shelf, file, "modifier", claim.modifiers, MODIFIERS)
        yield from _unknown(shelf, file, "step up", claim.steps_up, STEPS_UP)
        if claim.bound is not None:
            yield from _bound_problems(shelf, file, claim.bound)


def _bound_problems(shelf: Shelf, file: str, bound: Bound) -> Iterator[Problem]:
    """What the question to the model names and the shelf does not have."""
    responses = shelf.catalogue.responses.values()
    links = {*shelf.catalogue.links, *(link for response in responses for link in response.links)}
    symbols = {name for name, _ in shelf.catalogue.parameters}
    symbols |= {name for response in responses for name, _ in response.parameters}
    compounds = [bound.compound, *([bound.versus] if bound.versus else [])]
    yield from _unknown(shelf, file, "endpoint", [bound.endpoint], _endpoints(shelf))
    yield from _unknown(shelf, file, "link", bound.links, links)
    yield from _unknown(shelf, file, "symbol", bound.settings or (), symbols)
    yield from _unknown(shelf, file, "compound", compounds, {*shelf.catalogue.compounds, NO_COMPOUND})


def design_problems(shelf: Shelf) -> Iterator[Problem]:
    """Findings whose design is no word of the grading."""
    for source in shelf.catalogue.sources.values():
        for finding in source.findings:
            if finding.design and finding.design not in DESIGNS:
                reason = f"design '{finding.design}' of {finding.id} is not known."
                pattern = rf'^design = "{re.escape(finding.design)}"'
                yield shelf.problem(f"sources/{source.id}.toml", pattern, reason, nearest(finding.design, DESIGNS))


def _endpoints(shelf: Shelf) -> list[str]:
    of_responses = (name for response in shelf.catalogue.responses.values() for name in response.endpoints)
    return [*shelf.catalogue.endpoints, *of_responses]


def _concepts(claim: Claim) -> Iterator[str]:
    for item in claim.says:
        yield from (word.lstrip("!") for word in item.split())
    yield from (*claim.never, *claim.allows, *(name for pair in claim.order for name in pair.split()))


def _unknown(shelf: Shelf, file: str, what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Problem]:
    allowed = set(known)
    for name in dict.fromkeys(names):
        if name not in allowed:
            reason = f"{what} '{name}' is not on the shelf."
            yield shelf.problem(file, re.escape(name), reason, f"{nearest(name, allowed)} Correct the name or add it.")
