"""The nouns of the shelf: one frozen record per kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from threonate.evidence.claim_records import Claim, Concept

Basis = Literal["measured", "derived", "fitted", "assumed", "input"]
Verification = Literal[
    "primary-fulltext",
    "primary-abstract",
    "secondary",
    "code",
    "derived",
    "assumption",
    "not-found",
    "unverified",
]
READ: Mapping[str, str] = MappingProxyType(
    {
        "primary-fulltext": "full text read",
        "primary-abstract": "abstract read, full text not",
        "secondary": "read second-hand",
        "code": "read in published code",
        "derived": "derived by this project",
        "assumption": "assumption of this project",
        "not-found": "looked for, not located",
        "unverified": "not verified",
    }
)
"""How far a source was read, in words."""
Grade = Literal["A", "B", "C", "D", "E", "N", "X", "U"]
Distribution = Literal["lognormal", "normal", "uniform", "loguniform", "fixed"]
Species = Literal["human", "rat"]


def _file(kind: str, name: str, response: str) -> str:
    return f"responses/{response}/{kind}/{name}.toml" if response else f"{kind}/{name}.toml"


@dataclass(frozen=True, slots=True)
class Finding:
    """One value as read in one source.

    design   how it was obtained, one of evidence.grades.DESIGNS; told by species and verification when empty
    """

    id: str
    quantity: str
    value: str
    unit: str
    low: str
    high: str
    species: str
    context: str
    n: str
    verification: Verification
    note: str
    seen_at: str
    design: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of work, how it is identified and how far we read it.

    interest   who among its authors or funders gains by the result, as far as known
    """

    id: str
    citation: str
    kind: str
    doi: str
    pmid: str
    verified: Verification
    how: str
    findings: tuple[Finding, ...] = ()
    interest: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of a parameters.csv: the one home of a number.

    between_sd       log-SD from one subject to the next; SD in the unit of the value where the distribution is normal
    uncertainty_sd   the same of the typical value
    weight_power     the value scales with (weight / reference weight) ** weight_power
    """

    organ: str
    symbol: str
    value: float
    unit: str
    low: float | None
    high: float | None
    between_sd: float
    uncertainty_sd: float
    distribution: Distribution
    weight_power: float
    basis: Basis
    source: str
    locator: str
    species: Species
    note: str
    line: int

    @property
    def id(self) -> str:
        return f"{self.organ}.{self.symbol}"


@dataclass(frozen=True, slots=True)
class Module:
    """One organ or response text: its ports, the symbols it declares and where.

    ports      names of the model line
    written    those of them that the text gives a value to
    shelf      folder of the library that it lies in
    """

    organ: str
    name: str
    text: str
    path: Path
    ports: tuple[str, ...]
    symbols: Mapping[str, tuple[str, int]]  # constant -> (unit, line)
    species: Mapping[str, int]
    copies: bool = False
    written: frozenset[str] = frozenset()
    shelf: Literal["organs", "responses"] = "organs"

    @property
    def file(self) -> str:
        """Its text, as a reader of the shelf knows it."""
        return f"{self.shelf}/{self.organ}/{self.organ}.ant"


@dataclass(frozen=True, slots=True)
class Rate:
    """A dissolution rate with its prior; log-SDs as in Parameter."""

    value: float
    low: float
    high: float
    between_sd: float
    uncertainty_sd: float


@dataclass(frozen=True, slots=True)
class Compound:
    """One magnesium salt.

    molar_mass        g/mol, crystal water included
    label_mg_per_g    elemental mg per g of compound as printed on product labels, where known
    dissolved_share   dissolved at once; the rest dissolves at k_s (stomach) and k_i (everywhere), 1/h
    counter_ion       moiety that is simulated as a molecule of its own, or empty
    """

    id: str
    title: str
    formula: str
    molar_mass: float
    magnesium_atoms: int
    counter_ion: str
    counter_ions_per_formula: int
    label_mg_per_g: float | None
    label_low: float | None
    label_high: float | None
    dissolved_share: float
    k_s: Rate | None
    k_i: Rate | None
    base: bool
    basis: Basis
    sources: tuple[str, ...]
    note: str
    synonyms: tuple[str, ...] = ()


GFR_SPREAD = "population.gfr_extra_log_sd"
"""The symbol of an effect that has no row: more spread of filtration between the subjects, as a logarithm."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a condition does to one symbol: set it, add to it, or multiply it."""

    symbol: str
    operation: Literal["set", "add", "multiply"]
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A state of the subject (medicine, dialysis, pregnancy) and what it changes."""

    id: str
    title: str
    effects: tuple[Effect, ...]
    resolve: Literal["level", "threshold"]
    grade: Grade
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Covariate:
    """Distribution of one covariate: log-normal about a median, or a share."""

    name: str
    median: float
    log_sd: float
    low: float
    high: float
    unit: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Correlation:
    """Correlation of two log-deviations, between subjects and in their uncertainty."""

    first: str
    second: str
    between: float
    uncertainty: float


@dataclass(frozen=True, slots=True)
class Population:
    """The distribution that a cohort is drawn from."""

    id: str
    title: str
    covariates: tuple[Covariate, ...]
    correlations: tuple[Correlation, ...]
    female_share: float
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A named set of links that are on."""

    id: str
    title: str
    plain: str
    species: tuple[Species, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One arrow of the causal chain.

    switch      0/1 symbol that turns it on, or empty
    priors      symbols whose spread is the size of the link
    response    the response whose folder it lies in, or empty
    """

    id: str
    title: str
    start: str
    end: str
    grade: Grade
    modifiers: tuple[str, ...]
    default_on: bool
    hypotheses: tuple[str, ...]
    switch: str
    priors: tuple[str, ...]
    sources_for: tuple[str, ...]
    sources_against: tuple[str, ...]
    note: str
    response: str = ""

    @property
    def file(self) -> str:
        """Its file, relative to the library."""
        return _file("links", self.id, self.response)


@dataclass(frozen=True, slots=True)
class SmallestImportant:
    """The smallest change of an endpoint that matters to people, as a published work estimates it; always above 0.

    direction   what it was estimated for: improvement or worsening of a person, or a difference between groups
    low, high   the least and the most that other works on the shelf name
    locator     id of the finding that gives the value
    """

    value: float
    unit: str
    direction: Literal["improvement", "worsening", "difference"]
    source: str
    locator: str
    note: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A quantity that is read from a trajectory, and how.

    kind     mean: time-weighted mean of the day; end: value at the end of the day;
             increase: what a counter gained in the day; share: increase over swallowed magnesium
    path     links on the causal path from the swallowed compound to this quantity
    smallest_change    a smaller change must not be shown, because the model cannot tell its sign

    What only endpoints of responses have:

    placebo             symbol that gives the course of the same subject without any effect of magnesium
    noise_sd            residual SD of one measurement [unit]
    benefit             which direction is better
    smallest_important  the smallest change that matters; absent where this project knows none
    standard_sd         population SD that effects are standardised with [unit]; 0 when none is known
    illustration        free parameters and no human data
    species             in whom it can be read; empty for every species of its response
    response            the response whose folder it lies in, or empty
    """

    id: str
    title: str
    symbol: str
    unit: str
    kind: Literal["mean", "end", "increase", "share"]
    grade: Grade
    path: tuple[str, ...]
    brain: bool
    sources: tuple[str, ...]
    note: str
    smallest_change: float = 0.0
    placebo: str = ""
    noise_sd: float = 0.0
    noise_source: str = ""
    benefit: Literal["lower", "higher", "none"] = "none"
    smallest_important: SmallestImportant | None = None
    standard_sd: float = 0.0
    illustration: bool = False
    species: tuple[Species, ...] = ()
    response: str = ""

    @property
    def file(self) -> str:
        """Its file, relative to the library."""
        return _file("endpoints", self.id, self.response)

    @property
    def smallest_difference(self) -> float | None:
        """Size of the smallest important difference [unit]."""
        return self.smallest_important.value if self.smallest_important is not None else None


@dataclass(frozen=True, slots=True)
class Limit:
    """One safety rule: an intake limit, a serum band, a kidney caution, an interaction or a group.

    kind        intake | serum | kidney | interaction | group
    applies     conditions as key/value text, such as {"age_min": "9", "exposure": "supplement"}
    low, high   bounds in `unit`; either may be absent
    """

    id: str
    title: str
    kind: Literal["intake", "serum", "kidney", "interaction", "group"]
    authority: str
    severity: Literal["note", "caution", "stop"]
    low: float | None
    high: float | None
    unit: str
    applies: Mapping[str, str]
    message: str
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where magnesium can be: the species it is made of, and whether it belongs to the subject's content."""

    id: str
    title: str
    body: bool
    species: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradeWord:
    """What a grade letter says in plain words."""

    id: str
    word: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ResponseAbout:
    """What the front of a response folder says.

    needs       other responses it builds on
    settle_h    hours that the response runs alone, with the body held at its baseline, before a trial [h]
    comparison  another core for what a response already gives: 'all' leaves it out, its name asks for it
    """

    id: str
    title: str
    plain: str
    species: tuple[Species, ...]
    needs: tuple[str, ...]
    settle_h: float = 0.0
    comparison: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """An effect beyond magnesium itself: one folder with its text, numbers, endpoints and links."""

    about: ResponseAbout
    module: Module
    parameters: Mapping[tuple[str, Species], Parameter]
    endpoints: Mapping[str, Endpoint]
    links: Mapping[str, Link]

    @property
    def id(self) -> str:
        return self.about.id


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything on the shelf, read and checked.

    responses    all that the shelf offers
    chosen       those of them whose text, numbers, links and endpoints stand among the others; see with_responses
    """

    ports: str
    modules: Mapping[str, Module]
    parameters: Mapping[tuple[str, Species], Parameter]
    compounds: Mapping[str, Compound]
    conditions: Mapping[str, Condition]
    populations: Mapping[str, Population]
    hypotheses: Mapping[str, Hypothesis]
    links: Mapping[str, Link]
    endpoints: Mapping[str, Endpoint]
    limits: Mapping[str, Limit]
    sources: Mapping[str, Source]
    grades: Mapping[str, GradeWord]
    schedules: Mapping[str, Mapping[str, object]]
    places: Mapping[str, Place]
    claims: Mapping[str, Claim] = field(default_factory=dict)
    concepts: Mapping[str, Concept] = field(default_factory=dict)
    hash: str = field(default="")
    responses: Mapping[str, Response] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong on the shelf."""

    file: str
    line: int
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason} {self.remedy}"
