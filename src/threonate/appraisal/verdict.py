"""What an appraisal answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from threonate.evidence import Grade
from threonate.evidence.records import SmallestImportant

Answer = Literal[
    "supported", "mixed", "animals only", "in vitro only", "plausible but untested",
    "contradicted", "unverifiable", "background", "advice", "opinion",
]  # fmt: skip
ANSWERS: tuple[Answer, ...] = (
    "contradicted", "unverifiable", "opinion", "plausible but untested", "in vitro only", "animals only",
    "mixed", "advice", "background", "supported",
)  # fmt: skip
"""From the one to be most careful with."""

SENTENCES: dict[Answer, str] = {
    "supported": "Supported: it was shown where it matters, and nothing on the shelf speaks against it.",
    "mixed": "Weak or mixed in people: studies in people disagree, or are few or easily biased.",
    "animals only": "Animals only: seen in animals, never shown in people.",
    "in vitro only": "In vitro only: seen in cells or tissue, never shown in a living body.",
    "plausible but untested": "Plausible but untested: a mechanism or related evidence exists, no test of it.",
    "contradicted": "Contradicted or overstated: the evidence says otherwise, or less.",
    "unverifiable": "Unverifiable: nothing could be located that shows it.",
    "background": "Background: true of the body in general; it promises nothing for a supplement.",
    "advice": "Advice: nothing to appraise.",
    "opinion": "Opinion or praise: nothing to appraise.",
}


@dataclass(frozen=True, slots=True)
class Prediction:
    """Change that the model predicts under one hypothesis, over the cohort [% of baseline, or `unit`].

    low, high    5th and 95th percentile of subjects and parameter uncertainty
    """

    hypothesis: str
    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Size:
    """The model output that a claim is bound to.

    grade       of the outcome under the last hypothesis, the weakest on its path
    finding     how the prediction compares with what is claimed or would matter
    falls_short no hypothesis reaches the claimed size or, where none is claimed, the smallest important one
    important   smallest important difference of the output, where one is known
    important_read  how far the work behind it was read, in words
    """

    endpoint: str
    title: str
    unit: str
    question: str
    predictions: tuple[Prediction, ...]
    grade: Grade
    finding: str
    falls_short: bool
    important: SmallestImportant | None = None
    important_read: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Our answer to a claim.

    answer          one of ANSWERS
    grade           of the evidence in people, for this exposure
    reasons         what decided, strongest first
    sources_for     ids of sources that speak for it and count
    sources_against ids of sources that refute or narrow it
    would_change    what would make the answer another one
    without         sources that were disbelieved
    """

    claim: str
    number: str
    statement: str
    answer: Answer
    grade: Grade
    reasons: tuple[str, ...]
    sources_for: tuple[str, ...]
    sources_against: tuple[str, ...]
    would_change: tuple[str, ...]
    size: Size | None = None
    without: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The answer in plain words."""
        return SENTENCES[self.answer]
