"""The grade of an outcome: the lowest grade on its causal path."""

from __future__ import annotations

from dataclasses import dataclass

from threonate.evidence import Catalogue, Endpoint, Grade

_FROM_BEST: tuple[Grade, ...] = ("A", "B", "C", "D", "E", "N", "X", "U")


@dataclass(frozen=True, slots=True)
class PathGrade:
    """The lowest grade, and the link that sets it (empty when the readout itself is the weakest)."""

    grade: Grade
    weakest: str


def path_grade(endpoint: Endpoint, hypothesis: str, catalogue: Catalogue) -> PathGrade:
    """The grade of an endpoint under a hypothesis.

    Only links that are on under the hypothesis count.

    >>> from threonate.evidence import read_catalogue
    >>> catalogue = read_catalogue()
    >>> path_grade(catalogue.endpoints["Mg_csf_relative"], "threonate", catalogue)
    PathGrade(grade='D', weakest='threonate_to_csf')
    """
    worst = PathGrade(endpoint.grade, "")
    for name in endpoint.path:
        link = catalogue.links[name]
        if hypothesis in link.hypotheses and _FROM_BEST.index(link.grade) > _FROM_BEST.index(worst.grade):
            worst = PathGrade(link.grade, name)
    return worst
