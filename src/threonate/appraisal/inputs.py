"""Which sources a number goes back to: through the project's own arithmetic to what was read elsewhere."""

from __future__ import annotations

from functools import cache

from threonate.evidence import Catalogue, Parameter, findings_in

PROJECT = "threonate_project"
_FROM = "from:"


def roots_of(row: Parameter, catalogue: Catalogue) -> frozenset[str]:
    """Ids of the sources that a row rests on; a row of the project goes back to what it was made from.

    >>> from threonate.evidence import read_catalogue
    >>> catalogue = read_catalogue()
    >>> sorted(roots_of(catalogue.parameters["csf.A_rat", "human"], catalogue))
    ['slutsky_2010']
    """
    if row.source != PROJECT:
        return frozenset({row.source})
    owners = {finding.id: source.id for source in catalogue.sources.values() for finding in source.findings}
    notes = {finding.id: finding.note for finding in catalogue.sources[PROJECT].findings}

    @cache
    def roots(finding: str) -> frozenset[str]:
        owner = owners.get(finding, PROJECT)
        if owner != PROJECT:
            return frozenset({owner})
        made_from = [name for name in _named_after_from(notes[finding]) if name in owners and name != finding]
        return frozenset().union(*(roots(name) for name in made_from)) if made_from else frozenset({PROJECT})

    named = [name for name in findings_in(row.locator) if name in owners]
    return frozenset().union(*(roots(name) for name in named)) if named else frozenset({PROJECT})


def _named_after_from(note: str) -> list[str]:
    return findings_in(note.rpartition(_FROM)[2]) if _FROM in note else []
