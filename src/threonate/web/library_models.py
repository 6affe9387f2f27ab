"""Records of the shelf, the ledger and the pages of text, as they are sent."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from threonate.web.models import SHUT, Answer, Grade


class Column(Answer):
    """One column of a table."""

    id: str
    title: str
    unit: str


class LibraryAnswer(Answer):
    """One kind of record; `total` counts the rows before filtering."""

    kind: str
    columns: list[Column]
    rows: list[dict[str, Any]]
    total: int


class FindingRecord(Answer):
    """One value as read in one source."""

    id: str
    quantity: str
    value: str
    unit: str
    low: str
    high: str
    species: str
    context: str
    n: str
    verification: str
    note: str


class SourceRecord(Answer):
    """One source; `read` says in words how far we read it."""

    id: str
    citation: str
    kind: str
    doi: str
    pmid: str
    verified: str
    read: str
    how: str
    interest: str
    findings: list[FindingRecord]


class FieldGuide(Answer):
    """One field of a scenario as a form needs it."""

    name: str
    unit: str
    type: str
    low: float | None
    high: float | None
    above: bool
    choices: list[str]
    allowed: str
    description: str
    default: Any


class CompoundChoice(Answer):
    """A compound to choose."""

    id: str
    title: str
    synonyms: list[str]
    formula: str
    mg_per_g: float
    formula_mg_per_g: float
    label_mg_per_g: float | None


class Choice(Answer):
    """Something to choose by id."""

    id: str
    title: str
    note: str


class HypothesisChoice(Answer):
    """A named set of links that are on."""

    id: str
    title: str
    plain: str


class EndpointChoice(Answer):
    """A quantity that can be shown."""

    id: str
    title: str
    unit: str
    note: str
    response: str
    illustration: bool


class ResponseChoice(Answer):
    """A response that can be simulated as well."""

    id: str
    title: str
    plain: str
    endpoints: list[EndpointChoice]
    links: list[str]


class LinkChoice(Answer):
    """A link that can be switched."""

    id: str
    title: str
    grade: Grade
    default_on: bool
    hypotheses: list[str]
    response: str
    note: str
    sources: list[str]


class Preset(Answer):
    """A scenario to start from; `query` is whole."""

    id: str
    group: str
    title: str
    description: str
    query: str
    scenario: dict[str, Any]
    sources: list[str]


class PresetsAnswer(Answer):
    """All presets."""

    presets: list[Preset]


class MeasuredTitle(Answer):
    """A set of observed data by name."""

    id: str
    title: str
    endpoint: str
    unit: str
    kind: str


class Caps(Answer):
    """What a plain request may cost."""

    person_days: int
    subjects: int
    text_characters: int


class CatalogueAnswer(Answer):
    """What a form needs; it changes only with the library."""

    version: str
    library_hash: str
    start: dict[str, Any]
    start_query: str
    fields: list[FieldGuide]
    compounds: list[CompoundChoice]
    conditions: list[Choice]
    populations: list[Choice]
    hypotheses: list[HypothesisChoice]
    endpoints: list[EndpointChoice]
    responses: list[ResponseChoice]
    links: list[LinkChoice]
    presets: list[Preset]
    measured: list[MeasuredTitle]
    grades: list[Grade]
    limits: Caps
    disclaimer: str


class Point(Answer):
    """One observed value; low and high as the source prints them."""

    x: float
    low: float | None
    value: float
    high: float | None
    n: str


class MeasuredSet(Answer):
    """Observed values of one source; kind is level or change."""

    id: str
    title: str
    endpoint: str
    unit: str
    kind: str
    population: str
    points: list[Point]
    finding: str
    source: SourceRecord
    note: str


class MeasuredAnswer(Answer):
    """Observed values to draw over a run."""

    sets: list[MeasuredSet]


class Term(Answer):
    """One word and what it means here."""

    id: str
    term: str
    meaning: str


class GlossaryAnswer(Answer):
    """The words of the page."""

    terms: list[Term]


class Section(Answer):
    """One part of a page of text."""

    id: str
    title: str
    paragraphs: list[str]
    items: list[str]


class KnownFailure(Answer):
    """Where the model is known to be wrong."""

    title: str
    sentence: str


class AboutAnswer(Answer):
    """What the model is, and is not."""

    title: str
    version: str
    library_hash: str
    sections: list[Section]
    failures: list[KnownFailure]
    grades: list[Grade]
    counts: dict[str, int]
    disclaimer: str


class ClaimRow(BaseModel):
    """A claim with our answer."""

    model_config = SHUT

    id: str
    number: str
    statement: str
    verdict: str
    sentence: str
    grade: Grade
    made_by: list[str]
    kind: str
    before: str


class VerdictCount(Answer):
    """How many claims have one verdict."""

    id: str
    sentence: str
    count: int


class ClaimsAnswer(Answer):
    """The ledger."""

    claims: list[ClaimRow]
    verdicts: list[VerdictCount]
    without: list[str]
    disclaimer: str


class ReadFinding(Answer):
    """A finding that a claim rests on, as one line."""

    id: str
    role: str
    text: str
    source: str


class ClaimAnswer(ClaimRow):
    """A claim with everything that speaks for and against it."""

    reasons: list[str]
    sources_for: list[str]
    sources_against: list[str]
    would_change: list[str]
    size: dict[str, Any] | None
    findings: list[ReadFinding]
    note: str
    interest: str
    dose: str
    population: str
    comparator: str
    outcome: str
    sources: list[SourceRecord]
    disclaimer: str


class AuditQuestion(Answer):
    """A text to audit; `without` are sources to disbelieve."""

    text: str
    without: list[str] = Field(default_factory=list, max_length=40)


class AuditSentence(Answer):
    """One sentence with our answer."""

    text: str
    paragraph: int
    verdict: str
    verdict_sentence: str
    grade: str
    grade_word: str
    claims: list[str]
    numbers: list[str]
    notes: list[str]
    language: str


class AuditAnswer(Answer):
    """A text, sentence by sentence."""

    sentences: list[AuditSentence]
    claims: dict[str, ClaimRow]
    counts: dict[str, int]
    notes: list[str]
    disclaimer: str
