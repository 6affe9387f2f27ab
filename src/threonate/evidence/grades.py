"""Grades as rules: from how findings were obtained to the letter of what they show together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from threonate.evidence.records import Catalogue, Finding, Grade, Source

Design = Literal[
    "pooled", "trial", "physiology", "post_hoc", "open", "observed", "registry",
    "animal", "cell", "chemistry", "textbook", "statement", "absence", "none",
]  # fmt: skip
DESIGNS: tuple[Design, ...] = (
    "pooled", "trial", "physiology", "post_hoc", "open", "observed", "registry",
    "animal", "cell", "chemistry", "textbook", "statement", "absence", "none",
)  # fmt: skip
IN_PEOPLE = frozenset({"pooled", "trial", "physiology", "post_hoc", "open", "observed"})
CONTROLLED = frozenset({"pooled", "trial"})
MODIFIERS = frozenset({"form", "exposure", "population", "sponsor", "selective"})
STEPS_UP = frozenset({"dose_response", "replication"})
STEPS: tuple[Grade, ...] = ("A", "B", "C", "D", "E")
WITHOUT_HUMAN_SUPPORT: frozenset[Grade] = frozenset({"D", "E", "N", "X", "U"})

_WEAK_IN_PEOPLE = frozenset({"post_hoc", "open", "observed"})
_CELLS = ("cell", "culture", "slice", "neuron", "vitro", "generic")
_ANIMALS = ("rat", "mouse", "mice", "rabbit", "dog", "animal")


@dataclass(frozen=True, slots=True)
class Study:
    """One finding as evidence: where it comes from, how it was obtained, and who gains by it."""

    finding: str
    source: str
    design: Design
    interested: bool

    @property
    def counts(self) -> bool:
        """Whether it shows anything at all; searches that found nothing and unread values do not."""
        return self.design not in ("absence", "none", "registry")

    @property
    def in_people(self) -> bool:
        return self.design in IN_PEOPLE


def design_of(finding: Finding) -> Design:
    """How a finding was obtained: as written, or told by its verification and species.

    >>> design_of(Finding("X1", "q", "1", "", "", "", "rat", "", "", "primary-abstract", "", ""))
    'animal'
    """
    if finding.verification == "not-found":
        return "absence"
    if finding.verification == "unverified":
        return "none"
    for design in DESIGNS:
        if finding.design == design:
            return design
    species = finding.species.casefold()
    if any(word in species for word in _CELLS):
        return "cell"
    if any(word in species for word in _ANIMALS):
        return "animal"
    return "observed" if "human" in species else "statement"


def study_of(finding: Finding, source: Source) -> Study:
    """A finding of a source as evidence; a source that could not be verified shows nothing."""
    design = "none" if source.verified == "unverified" else design_of(finding)
    return Study(finding.id, source.id, design, bool(source.interest))


def studies_of(names: Iterable[str], catalogue: Catalogue, without: frozenset[str] = frozenset()) -> tuple[Study, ...]:
    """The findings as evidence, in order.

    without    ids of sources that are disbelieved; what rests on them is left out
    """
    index = _findings_of(catalogue)
    found = (index[name] for name in names if name in index)
    return tuple(study_of(finding, source) for finding, source in found if source.id not in without)


_Index = dict[str, tuple[Finding, Source]]
_last: list[tuple[Mapping[str, Source], _Index]] = []


def _findings_of(catalogue: Catalogue) -> _Index:
    """Findings by id; the index of the last catalogue is kept, because claims ask for it many times."""
    if not _last or _last[0][0] is not catalogue.sources:
        index = {finding.id: (finding, source) for source in catalogue.sources.values() for finding in source.findings}
        _last[:] = [(catalogue.sources, index)]
    return _last[0][1]


def grade_of(
    studies: Sequence[Study], *, contested: bool = False, modifiers: Sequence[str] = (), steps_up: Sequence[str] = ()
) -> Grade:
    """The grade of what several findings show together.

    contested    findings in people say otherwise; two trials are then one letter less than certain
    modifiers    each lowers the grade by one step; interest in every controlled trial is one of them
    steps_up     dose-response or independent replication; together at most one step, never above A

    >>> trial = Study("X1", "a", "trial", interested=False)
    >>> grade_of([trial]), grade_of([trial, Study("X2", "b", "trial", interested=False)]), grade_of([])
    ('B', 'A', 'U')
    """
    useful = [study for study in studies if study.counts]
    if not useful:
        return "U"
    start = STEPS.index(_base_grade(useful))
    if contested:
        start = max(start, STEPS.index("B"))
    lowered = set(modifiers) & MODIFIERS
    trials = [study for study in useful if study.design in CONTROLLED]
    if trials and all(study.interested for study in trials):
        lowered.add("sponsor")
    raised = 1 if set(steps_up) & STEPS_UP else 0
    return STEPS[min(max(start + len(lowered) - raised, 0), len(STEPS) - 1)]


def _base_grade(useful: Sequence[Study]) -> Grade:
    designs = {study.design for study in useful}
    trials = {study.source for study in useful if study.design == "trial"}
    if designs & {"pooled", "chemistry"} or len(trials) > 1:
        return "A"
    if trials or "physiology" in designs:
        return "B"
    if designs & _WEAK_IN_PEOPLE:
        return "C"
    return "D" if "animal" in designs else "E"


def worse(first: Grade, second: Grade) -> Grade:
    """The lower of two grades.

    >>> worse("B", "D")
    'D'
    """
    order = (*STEPS, "N", "X", "U")
    return max(first, second, key=order.index)
