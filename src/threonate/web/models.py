"""What the interface answers with. Numbers that are absent are null; units stand beside them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SHUT = ConfigDict(extra="forbid", frozen=True)
"""A record never changes and has no field beyond those named."""


class Answer(BaseModel):
    """A record of the interface."""

    model_config = SHUT


class Problem(Answer):
    """One thing that is wrong with a question; `field` is empty when several fields are wrong together."""

    field: str
    value: str
    allowed: str
    reason: str
    remedy: str


class Failure(Answer):
    """Why there is no answer."""

    kind: Literal["bad_input", "too_large", "not_found", "forbidden", "not_json", "busy", "failed"]
    message: str
    problems: list[Problem]


class FailureAnswer(Answer):
    """The body of every answer with a status from 400 on."""

    error: Failure


class Grade(Answer):
    """How far to trust, in words."""

    letter: str
    word: str
    sentence: str


class Stat(Answer):
    """Median and 5-95 % limits over the simulated people."""

    median: float | None
    p5: float | None
    p95: float | None


class Axis(Answer):
    """What one axis shows."""

    name: str
    unit: str


class Series(Answer):
    """One line with its band; four lists of one length."""

    id: str
    title: str
    hypothesis: str
    x: list[float]
    median: list[float | None]
    low: list[float | None]
    high: list[float | None]


class Reference(Answer):
    """A range to compare with, such as a reference interval."""

    title: str
    low: float | None
    high: float | None


class Step(Answer):
    """The weakest link on the way to a quantity."""

    link: str
    title: str
    note: str


class Figure(Answer):
    """One picture: finding, numbers, what the band means, and how far to trust it.

    title      the finding; sentence says in one line what is drawn and how it moves
    max        greatest median drawn, in the unit of y
    warning    what a reader must be told above the plot
    """

    id: str
    title: str
    sentence: str
    caption: str
    x: Axis
    y: Axis
    series: list[Series]
    reference: Reference | None
    marks: list[float]
    max: float | None
    grade: Grade
    grades: dict[str, Grade]
    weakest: Step | None
    sources: list[str]
    warning: str


class Finding(Answer):
    """A safety finding."""

    id: str
    title: str
    severity: Literal["stop", "caution", "note"]
    message: str
    value: str
    authority: str
    sources: list[str]


class Dose(Answer):
    """The dose of one full day, said three ways: mass of compound, mass of magnesium, amount."""

    compound: str
    compound_title: str
    compound_mg: float
    elemental_mg: float
    mmol: float
    meq: float
    label_mg_per_g: float | None
    formula_mg_per_g: float
    sentence: str


class Sentence(Answer):
    """One sentence of the plain answer, and the words of its grade."""

    text: str
    grade: str


class Observable(Answer):
    """One row of the table of outcomes; brain rows once per hypothesis."""

    id: str
    title: str
    unit: str
    note: str
    hypothesis: str
    baseline: Stat
    last: Stat
    change: Stat
    max: Stat
    time_of_max_h: Stat
    grade: Grade


class Counts(Answer):
    """Subjects asked for, solved to the end, and not."""

    simulated: int
    completed: int
    failed: int


class Provenance(Answer):
    """Enough to get the same numbers again."""

    program: str
    version: str
    model_hash: str
    library_hash: str
    parameter_hash: str
    scenario_hash: str
    result_hash: str
    seed: str
    tolerance: str
    command: str
    use: str


class Common(BaseModel):
    """What every answer about a scenario carries."""

    model_config = SHUT

    title: str
    question: str
    query: str
    scenario: dict[str, Any]
    safety: list[Finding]
    dose: Dose | None
    summary: list[Sentence]
    warnings: list[str]
    subjects: Counts
    lost: list[str]
    band: str
    sources: list[str]
    accuracy: str
    provenance: Provenance
    disclaimer: str
    elapsed_ms: float
    cached: bool


class SimulateAnswer(Common):
    """What Explore draws."""

    figures: dict[str, Figure]
    observables: list[Observable]


class Metric(Answer):
    """One column of a comparison."""

    id: str
    title: str
    unit: str


class ComparedArm(Answer):
    """One regimen of a comparison; ratios are to the first arm, within each subject."""

    id: str
    title: str
    query: str
    dose: Dose | None
    metrics: dict[str, Stat]
    ratios: dict[str, Stat] | None
    safety: list[Finding]


class Threshold(Answer):
    """The level that `time_above` counts from."""

    value: float
    unit: str
    title: str


class CompareAnswer(Common):
    """Two to four regimens for the same people."""

    arms: list[ComparedArm]
    metrics: list[Metric]
    threshold: Threshold
    figures: dict[str, Figure]


class DayBand(Answer):
    """Median and limits by day."""

    median: list[float | None]
    low: list[float | None]
    high: list[float | None]


class PlaceCourse(Answer):
    """Extra magnesium in one place, by day [mmol]."""

    id: str
    title: str
    in_body: bool
    mean: list[float | None]
    band: DayBand


class Flow(Answer):
    """Magnesium that had gone one way by the end of each day, mean over the people [mmol]."""

    start: str = Field(serialization_alias="from")
    end: str = Field(serialization_alias="to")
    mmol: list[float | None]


class BrainCourse(Answer):
    """Readout of extra ionised magnesium in CSF and brain fluid under one hypothesis [umol]; no part of the sum."""

    hypothesis: str
    grade: Grade
    umol: DayBand


class Swallowed(Answer):
    """Supplementary magnesium given by the end of each day, mean over the people [mmol]."""

    mean: list[float]


class BodyMapAnswer(Common):
    """Where the swallowed magnesium was at the end of each day."""

    days: list[int]
    swallowed: Swallowed
    places: list[PlaceCourse]
    flows: list[Flow]
    brain: list[BrainCourse]
    unaccounted_mmol: float
    caption: str
    grade: Grade


class PathStep(Answer):
    """One link on the way to an endpoint."""

    link: str
    title: str
    grade: Grade
    note: str
    on: list[str]


class ResponseNumbers(Answer):
    """One endpoint under one hypothesis, against placebo."""

    grade: Grade
    weakest: str
    marks: list[str]
    baseline: Stat
    last: Stat
    placebo: Stat
    effect: Stat
    standardised: Stat


class ResponseEndpoint(Answer):
    """One endpoint of a response."""

    id: str
    title: str
    response: str
    unit: str
    benefit: Literal["lower", "higher", "none"]
    illustration: bool
    noise_sd: float
    smallest_difference: float | None
    note: str
    hypotheses: dict[str, ResponseNumbers]
    figure: Figure
    path: list[PathStep]


class LinkState(Answer):
    """A link that can be switched, and where it stands."""

    id: str
    title: str
    grade: Grade
    default_on: bool
    on: dict[str, bool]
    note: str
    sources: list[str]
    response: str


class ResponseTitle(Answer):
    """A response by name."""

    id: str
    title: str
    plain: str


class ResponsesAnswer(Common):
    """What the chosen responses do."""

    responses: list[ResponseTitle]
    endpoints: list[ResponseEndpoint]
    links: list[LinkState]


class MovingInput(Answer):
    """An input and the outcome in the fifths of the people with the least and the most of it.

    least, most     medians of the input in both fifths, in its unit
    low, high       medians of the outcome there
    correlation     of the ranks, -1 to 1
    """

    id: str
    note: str
    unit: str
    least: float
    most: float
    low: float
    high: float
    correlation: float


class MovedOutcome(Answer):
    """An outcome and what moves it most; middle is its median over everybody."""

    id: str
    title: str
    unit: str
    hypothesis: str
    middle: float | None
    movers: list[MovingInput]


class MoversAnswer(Answer):
    """Which inputs move the answer most."""

    outcomes: list[MovedOutcome]
    people: int
    caption: str
    disclaimer: str
