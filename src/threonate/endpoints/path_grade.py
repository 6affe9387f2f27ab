"""The grade of an outcome: the lowest grade on its causal path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from threonate.evidence import Catalogue, Endpoint, Grade, Link
from threonate.evidence.grades import STEPS, worse


@dataclass(frozen=True, slots=True)
class PathGrade:
    """The lowest grade, and the link that sets it (empty when the readout itself is the weakest)."""

    grade: Grade
    weakest: str


def link_is_on(link: Link, hypothesis: str, choices: Mapping[str, bool]) -> bool:
    """Whether a link acts under a hypothesis; a choice of the person goes first.

    >>> from threonate.evidence import read_catalogue
    >>> link = read_catalogue().links["threonate_to_csf"]
    >>> link_is_on(link, "null", {}), link_is_on(link, "threonate", {}), link_is_on(link, "null", {link.id: True})
    (False, True, True)
    """
    if link.id in choices:
        return choices[link.id]
    return hypothesis in link.hypotheses or (bool(link.response) and link.default_on)


def path_grade(
    endpoint: Endpoint, hypothesis: str, catalogue: Catalogue, choices: Mapping[str, bool] | None = None
) -> PathGrade:
    """The grade of an endpoint under a hypothesis.

    Only links that are on count.
    choices   links that were switched by hand

    >>> from threonate.evidence import read_catalogue
    >>> catalogue = read_catalogue()
    >>> path_grade(catalogue.endpoints["Mg_csf_relative"], "threonate", catalogue)
    PathGrade(grade='D', weakest='threonate_to_csf')
    """
    worst = PathGrade(endpoint.grade, "")
    for name in endpoint.path:
        link = catalogue.links[name]
        grade = link_grade(link)
        if link_is_on(link, hypothesis, choices or {}) and worse(grade, worst.grade) != worst.grade:
            worst = PathGrade(grade, name)
    return worst


def link_grade(link: Link) -> Grade:
    """The grade of a link after its modifiers; each lowers a grade from A to D by one step.

    >>> from threonate.evidence import read_catalogue
    >>> link_grade(read_catalogue().links["plasma_to_csf"])      # B, read from infusions
    'C'
    """
    if link.grade not in STEPS:
        return link.grade
    return STEPS[min(STEPS.index(link.grade) + len(link.modifiers), len(STEPS) - 1)]
