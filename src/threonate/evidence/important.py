"""The smallest change of an endpoint that matters: whether its record can stand, and how it is told."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from threonate.errors import nearest
from threonate.evidence.checks import Shelf
from threonate.evidence.locate import line_of_key
from threonate.evidence.records import READ, Catalogue, Endpoint, Finding, Problem, SmallestImportant

TABLE = "smallest_important"
NONE_KNOWN = "No smallest important difference is known to this project."
_NEVER_READ = frozenset({"unverified", "not-found"})


def check_important(shelf: Shelf) -> list[Problem]:
    """Smallest important differences against their endpoint, their source and the finding they are read from."""
    found = []
    for endpoint in shelf.catalogue.endpoints.values():
        if endpoint.smallest_important is not None:
            found += [*_size_problems(shelf, endpoint), *_source_problems(shelf, endpoint)]
    return found


def _problem(shelf: Shelf, endpoint: Endpoint, key: str, reason: str, remedy: str) -> Problem:
    text = (shelf.root / endpoint.file).read_text(encoding="utf-8")
    return Problem(endpoint.file, line_of_key(text, (TABLE, key)), f"{TABLE}: {reason}", remedy)


def _size_problems(shelf: Shelf, endpoint: Endpoint) -> Iterator[Problem]:
    one = _of(endpoint)
    if not (math.isfinite(one.value) and one.value > 0.0):
        reason = f"{one.value:g} is not a size."
        yield _problem(shelf, endpoint, "value", reason, "Give a number above 0; benefit says which way is better.")
    if one.unit != endpoint.unit:
        reason = f"unit is {one.unit}, but the endpoint is read in {endpoint.unit}."
        yield _problem(shelf, endpoint, "unit", reason, f"Give the value in {endpoint.unit}.")
    if endpoint.benefit == "none":
        reason = f"'{endpoint.id}' has no better side, so no change of it can matter."
        yield _problem(shelf, endpoint, "value", reason, 'Add benefit = "lower" or "higher", or remove the table.')
    low, high = (one.value if end is None else end for end in (one.low, one.high))
    if not 0.0 < low <= one.value <= high < math.inf and one.value > 0.0:
        reason = f"{low:g}, {one.value:g}, {high:g} are not a positive low, value and high."
        yield _problem(shelf, endpoint, "low" if one.low is not None else "high", reason, "Correct low or high.")


def _source_problems(shelf: Shelf, endpoint: Endpoint) -> Iterator[Problem]:
    one, sources = _of(endpoint), shelf.catalogue.sources
    if one.source not in sources:
        if f"sources/{one.source}.toml" not in shelf.unread.files:
            reason = f"source '{one.source}' is not in sources/."
            remedy = f"{nearest(one.source, sources)} Correct the name or add sources/<name>.toml."
            yield _problem(shelf, endpoint, "source", reason, remedy)
        return
    findings = {finding.id: finding for finding in sources[one.source].findings}
    finding = findings.get(one.locator)
    if finding is None:
        reason = f"finding '{one.locator}' is not in sources/{one.source}.toml."
        remedy = f"{nearest(one.locator, findings)} Correct the locator or add the finding."
        yield _problem(shelf, endpoint, "locator", reason, remedy)
    elif finding.verification in _NEVER_READ:
        reason = f"it rests on {finding.id}, which could not be verified."
        remedy = "Use a verified finding, or leave the table out: none is known, then."
        yield _problem(shelf, endpoint, "locator", reason, remedy)
    elif _says_otherwise(finding, one):
        reason = f"{finding.id} gives {finding.value} {finding.unit}, not {one.value:g}."
        yield _problem(shelf, endpoint, "value", reason, "Correct one of the two.")


def _says_otherwise(finding: Finding, one: SmallestImportant) -> bool:
    number = re.fullmatch(r"\d+(\.\d+)?", finding.value)
    return finding.unit == one.unit and number is not None and float(finding.value) != one.value


def _of(endpoint: Endpoint) -> SmallestImportant:
    assert endpoint.smallest_important is not None
    return endpoint.smallest_important


def read_as(one: SmallestImportant, catalogue: Catalogue) -> str:
    """How far the finding behind a smallest important difference was read, in words."""
    findings = catalogue.sources[one.source].findings if one.source in catalogue.sources else ()
    return next((READ[finding.verification] for finding in findings if finding.id == one.locator), READ["unverified"])


def size_told(one: SmallestImportant) -> str:
    """The size with its unit, and the span that other works name.

    >>> from threonate.evidence import read_catalogue
    >>> size_told(read_catalogue().responses["sleep"].endpoints["ISI"].smallest_important)
    '6 points (2.8 to 8.4 are named)'
    """
    unit = "" if one.unit in ("1", "") else f" {one.unit}"
    if one.low is not None and one.high is not None:
        return f"{one.value:g}{unit} ({one.low:g} to {one.high:g} are named)"
    if one.low is None and one.high is None:
        return f"{one.value:g}{unit}"
    end = f"up to {one.high:g}" if one.high is not None else f"down to {one.low:g}"
    return f"{one.value:g}{unit} ({end} is named)"


def important_told(endpoint: Endpoint, catalogue: Catalogue) -> str:
    """The smallest important difference of an endpoint as a sentence or two; empty where no side of it is better.

    >>> from threonate.evidence import read_catalogue
    >>> catalogue = read_catalogue()
    >>> important_told(catalogue.responses["hair"].endpoints["hair_count"], catalogue)
    'No smallest important difference is known to this project.'
    """
    one = endpoint.smallest_important
    if one is None:
        return NONE_KNOWN if endpoint.benefit != "none" else ""
    read = read_as(one, catalogue)
    return f"Smallest important difference: {size_told(one)}; {one.source}, {read}. {one.note}"
