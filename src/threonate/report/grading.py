"""How far a result can be trusted, in words: the weakest step on the way to it."""

from __future__ import annotations

from threonate.endpoints.path_grade import path_grade
from threonate.evidence.records import Catalogue, GradeWord

ORDER = "ABCNDEUX"
"""From the best grade to the worst, as far as a reader may lean on the result."""


def weakest(grades: list[str]) -> str:
    """The grade that a reader should go by.

    >>> weakest(["A", "D", "B"])
    'D'
    """
    return max(grades, key=ORDER.index, default="U")


def endpoint_grade(catalogue: Catalogue, endpoint: str, hypothesis: str) -> str:
    """Lowest grade on the causal path to an endpoint under a hypothesis; U when the shelf does not know it."""
    record = catalogue.endpoints.get(endpoint)
    return "U" if record is None else path_grade(record, hypothesis, catalogue).grade


def grade_word(catalogue: Catalogue, grade: str) -> GradeWord:
    """The words for a grade; the letter itself when the shelf has none."""
    return catalogue.grades.get(grade, GradeWord(grade, f"grade {grade}", ""))
