"""The nouns of the ledger: a claim as people meet it, and the words by which it is recognised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ClaimKind = Literal["effect", "fact", "background", "report", "advice", "opinion"]
Assertion = Literal["effect", "possible", "superior", "treats"]


@dataclass(frozen=True, slots=True)
class Bound:
    """The model output that a claim is about, the regimen it is tried with, and the size as claimed.

    versus                      another compound with as much magnesium, where the claim compares
    links                       links switched on for the question; the answer says so
    settings                    inputs set for the question, symbol -> value in its unit, such as vitamin D taken
    claimed_low, claimed_high   size as claimed, relative change [%]; equal for one number; absent when none is
    """

    endpoint: str
    compound: str = "l_threonate"
    compound_mg: float = 2000.0
    days: int = 84
    claimed_low: float | None = None
    claimed_high: float | None = None
    versus: str = ""
    links: tuple[str, ...] = ()
    settings: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about magnesium that people read, and what is known for and against it.

    number              of the ledger, such as C18; never reused
    kind                effect: something happens because of it; fact: something is so;
                        background: true of the body, no promise;
                        report: somebody published, owns or did something; advice; opinion
    asserts             how much: effect, possible (may, could), superior (better than others), treats (cures, prevents)
    says                what a sentence holds that makes the claim; each item lists concepts,
                        `!` before those that must be absent
    phrases             wordings of our own that mean the same
    never               concepts that turn a sentence into another one
    allows              further concepts that a sentence may name and still be this claim; matters where it is supported
    order               pairs of concepts, the one that gives before the one that gets; a sentence that turns them
                        round is not this claim; matters where it would be confirmed
    negative            the claim itself is a denial
    shown_by            ids of findings that show it, for this compound and outcome
    made_plausible_by   findings on another salt, on a step of the way, or of secondary outcomes
    refuted_by          findings that show the opposite, or nothing where it would have to be seen
    limited_by          findings that narrow it, and searches that found nothing
    modifiers           each lowers the grade by one step
    steps_up            dose-response or independent replication; counts once
    textbook            common knowledge without a finding of its own
    differs             why our verdict is not that of the table the ledger was written from
    grade_differs       why our grade is not that of the table
    """

    id: str
    number: str
    statement: str
    made_by: tuple[str, ...]
    kind: ClaimKind
    asserts: Assertion
    says: tuple[str, ...]
    population: str = ""
    dose: str = ""
    comparator: str = ""
    outcome: str = ""
    phrases: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    negative: bool = False
    dose_low_mg: float | None = None
    dose_high_mg: float | None = None
    shown_by: tuple[str, ...] = ()
    made_plausible_by: tuple[str, ...] = ()
    refuted_by: tuple[str, ...] = ()
    limited_by: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    steps_up: tuple[str, ...] = ()
    textbook: bool = False
    links: tuple[str, ...] = ()
    bound: Bound | None = None
    interest: str = ""
    note: str = ""
    differs: str = ""
    grade_differs: str = ""

    @property
    def title(self) -> str:
        """The statement, for lists of records."""
        return self.statement

    @property
    def findings(self) -> tuple[str, ...]:
        """Every finding that the claim rests on."""
        return (*self.shown_by, *self.made_plausible_by, *self.refuted_by, *self.limited_by)


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that sentences speak of.

    words    ways to say it, lower case; `*` ends a word stem, ` ... ` stands for up to six words
    guard    a disease, organ, substance, promise or outcome: a sentence that names it makes no claim that does not
    """

    id: str
    words: tuple[str, ...]
    guard: bool = False

    @property
    def title(self) -> str:
        """Its words, for lists of records."""
        return ", ".join(self.words)
