"""What a form needs, and pages of text: fields, presets, glossary, observed data, about the model."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any

from threonate.errors import CatalogueError
from threonate.evidence.records import Catalogue, Endpoint, Finding, Source
from threonate.regimen import Product
from threonate.safety.findings import plain_disclaimer
from threonate.simulation.scenario import NO_COMPOUND, Scenario
from threonate.simulation.scenario_fields import extra_of
from threonate.version import VERSION
from threonate.web.asking import MOST_PERSON_DAYS, MOST_SUBJECTS, merged, query_of, scenario_of
from threonate.web.drawing import grade_model
from threonate.web.ledger import LONGEST_TEXT
from threonate.web.library_models import (
    AboutAnswer,
    Caps,
    CatalogueAnswer,
    Choice,
    CompoundChoice,
    EndpointChoice,
    FieldGuide,
    GlossaryAnswer,
    HypothesisChoice,
    KnownFailure,
    LinkChoice,
    MeasuredAnswer,
    MeasuredSet,
    MeasuredTitle,
    Point,
    Preset,
    PresetsAnswer,
    ResponseChoice,
    Section,
    Term,
)
from threonate.web.shelf import formula_mg_per_g, links_of, source_record

_TYPES = {
    "conditions": "words",
    "endpoints": "words",
    "dose_times_h": "hours",
    "links": "switches",
    "priors": "priors",
}


@lru_cache(maxsize=8)
def _texts(room: str, name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(room) / name).read_text(encoding="utf-8"))


def start_fields() -> dict[str, Any]:
    """What the page starts with."""
    found: dict[str, Any] = dict(_texts("threonate.web", "presets.toml")["start"])
    return found


def presets() -> PresetsAnswer:
    """Scenarios to start from."""
    found = []
    for one in _texts("threonate.web", "presets.toml")["presets"]:
        scenario = scenario_of(merged(start_fields(), one["scenario"]))
        found.append(
            Preset(
                id=one["id"],
                group=one["group"],
                title=one["title"],
                description=one["description"],
                query=query_of(scenario),
                scenario=scenario.model_dump(mode="json"),
                sources=one.get("sources", []),
            )
        )
    return PresetsAnswer(presets=found)


def catalogue_answer(catalogue: Catalogue) -> CatalogueAnswer:
    """Everything that a form offers."""
    start = scenario_of(start_fields())
    return CatalogueAnswer(
        version=VERSION,
        library_hash=catalogue.hash,
        start=start.model_dump(mode="json"),
        start_query=query_of(start),
        fields=[_field(name) for name in Scenario.model_fields],
        compounds=_compounds(catalogue),
        conditions=[Choice(id=one.id, title=one.title, note=one.note) for one in catalogue.conditions.values()],
        populations=[Choice(id=one.id, title=one.title, note=one.note) for one in catalogue.populations.values()],
        hypotheses=[
            HypothesisChoice(id=one.id, title=one.title, plain=one.plain)
            for one in catalogue.hypotheses.values()
            if "human" in one.species
        ],
        endpoints=[_endpoint(one) for one in catalogue.endpoints.values() if not one.response],
        responses=[
            ResponseChoice(
                id=one.about.id,
                title=one.about.title,
                plain=one.about.plain,
                endpoints=[_endpoint(end) for end in one.endpoints.values()],
                links=list(one.links),
            )
            for one in catalogue.responses.values()
            if one.endpoints and "human" in one.about.species
        ],
        links=_links(catalogue),
        presets=presets().presets,
        measured=[
            MeasuredTitle(id=one.id, title=one.title, endpoint=one.endpoint, unit=one.unit, kind=one.kind)
            for one in measured(catalogue, "").sets
        ],
        grades=[grade_model(catalogue, letter) for letter in sorted(catalogue.grades)],
        limits=Caps(person_days=MOST_PERSON_DAYS, subjects=MOST_SUBJECTS, text_characters=LONGEST_TEXT),
        disclaimer=plain_disclaimer(),
    )


def _field(name: str) -> FieldGuide:
    field = Scenario.model_fields[name]
    extra = extra_of(field)
    bounds: dict[str, float] = {}
    for mark in field.metadata:
        for word in ("ge", "gt", "le", "lt"):
            value = getattr(mark, word, None)
            if value is not None:
                bounds[word] = float(value)
    default = field.default if not isinstance(field.default, tuple | dict) else list(field.default)
    return FieldGuide(
        name=name,
        unit=str(extra.get("unit", "")),
        type=_type_of(name, str(field.annotation), bool(bounds)),
        low=bounds.get("ge", bounds.get("gt")),
        high=bounds.get("le", bounds.get("lt")),
        above="gt" in bounds,
        choices=[str(choice) for choice in extra.get("choices", [])],
        allowed=str(extra.get("allowed", "")),
        description=str(field.description or ""),
        default=default,
    )


def _type_of(name: str, annotation: str, bounded: bool) -> str:
    if name in _TYPES:
        return _TYPES[name]
    if "bool" in annotation:
        return "yes/no"
    if "int" in annotation and bounded:
        return "integer"
    return "number" if bounded else "word"


def _compounds(catalogue: Catalogue) -> list[CompoundChoice]:
    return [
        CompoundChoice(
            id=one.id,
            title=one.title,
            synonyms=list(one.synonyms),
            formula=one.formula,
            mg_per_g=Product(one, None).used_mg_per_g,
            formula_mg_per_g=formula_mg_per_g(one),
            label_mg_per_g=one.label_mg_per_g,
        )
        for one in catalogue.compounds.values()
        if one.id not in ("diet", NO_COMPOUND)
    ]


def _endpoint(one: Endpoint) -> EndpointChoice:
    return EndpointChoice(
        id=one.id, title=one.title, unit=one.unit, note=one.note, response=one.response, illustration=one.illustration
    )


def _links(catalogue: Catalogue) -> list[LinkChoice]:
    return [
        LinkChoice(
            id=one.id,
            title=one.title,
            grade=grade_model(catalogue, one.grade),
            default_on=one.default_on,
            hypotheses=list(one.hypotheses),
            response=one.response,
            note=one.note,
            sources=[*one.sources_for, *one.sources_against],
        )
        for one in links_of(catalogue)
        if one.switch
    ]


def measured(catalogue: Catalogue, endpoint: str) -> MeasuredAnswer:
    """Observed values of one endpoint, or of all; the numbers are those of the findings.

    Raises    CatalogueError when a finding that is named does not hold a number
    """
    found = {one.id: (one, source) for source in catalogue.sources.values() for one in source.findings}
    sets = []
    for entry in _texts("threonate.web", "measured.toml")["sets"]:
        if endpoint in ("", entry["endpoint"]):
            if entry["finding"] not in found:
                raise CatalogueError([f"measured.toml names finding {entry['finding']}, which is not on the shelf."])
            sets.append(_measured_set(entry, *found[entry["finding"]], catalogue))
    return MeasuredAnswer(sets=sets)


def _measured_set(entry: dict[str, Any], finding: Finding, source: Source, catalogue: Catalogue) -> MeasuredSet:
    record = source_record(source.id, catalogue)
    point = Point(
        x=entry["x"],
        low=_number(finding.low),
        value=float(finding.value),
        high=_number(finding.high),
        n=finding.n,
    )
    return MeasuredSet(
        id=entry["id"],
        title=finding.quantity,
        endpoint=entry["endpoint"],
        unit=entry["unit"],
        kind=entry["kind"],
        population=entry["population"],
        points=[point],
        finding=finding.id,
        source=record,
        note=finding.note,
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def glossary() -> GlossaryAnswer:
    """The words of the page."""
    return GlossaryAnswer(terms=[Term(**one) for one in _texts("threonate.web", "glossary.toml")["terms"]])


def about(catalogue: Catalogue) -> AboutAnswer:
    """What the model is, what it is not, and where it is known to be wrong."""
    text = _texts("threonate.web", "about.toml")
    failures = _texts("threonate.report", "known_failures.toml")["failures"]
    counted = ("parameters", "sources", "compounds", "conditions", "limits", "claims", "responses")
    return AboutAnswer(
        title=text["title"],
        version=VERSION,
        library_hash=catalogue.hash,
        sections=[Section(**one) for one in text["sections"]],
        failures=[KnownFailure(**one) for one in failures],
        grades=[grade_model(catalogue, letter) for letter in sorted(catalogue.grades)],
        counts={name: len(getattr(catalogue, name)) for name in counted},
        disclaimer=plain_disclaimer(),
    )
