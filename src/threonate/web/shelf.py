"""The library as tables: parameters, sources, links and the rest, sorted and filtered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from threonate.endpoints.path_grade import link_grade
from threonate.evidence.records import READ, Catalogue, Compound, Endpoint, Limit, Link, Parameter, Source
from threonate.units import mg_from_mmol
from threonate.web.asking import refuse
from threonate.web.drawing import grade_model
from threonate.web.library_models import Column, FindingRecord, LibraryAnswer, SourceRecord

Kind = Literal[
    "parameters", "sources", "links", "compounds", "conditions", "limits", "endpoints",
    "populations", "responses", "hypotheses",
]  # fmt: skip
Row = dict[str, Any]
MG_PER_G = 1000.0


def library_table(kind: Kind, catalogue: Catalogue, sort: str, descending: bool, text: str) -> LibraryAnswer:
    """One kind of record as rows.

    sort    id of a column
    text    rows that do not hold it, in any column and however capitalised, are left out
    Raises  Refused for a column that is not there
    """
    columns, row = _TABLES[kind]
    known = [column.id for column in columns]
    if sort and sort not in known:
        raise refuse(422, "bad_input", f"sort is '{sort}'; allowed: {', '.join(known)}. Name a column.")
    rows = [row(record, catalogue) for record in _records(kind, catalogue)]
    wanted = text.strip().casefold()
    kept = [one for one in rows if wanted in " ".join(_cell(value) for value in one.values()).casefold()]
    if sort:
        kept = _sorted(kept, sort, descending)
    return LibraryAnswer(kind=kind, columns=columns, rows=kept, total=len(rows))


def _sorted(rows: list[Row], sort: str, descending: bool) -> list[Row]:
    absent = [row for row in rows if row[sort] in (None, "")]
    present = [row for row in rows if row[sort] not in (None, "")]
    numbers = all(isinstance(row[sort], int | float) for row in present)
    present.sort(key=lambda row: row[sort] if numbers else _cell(row[sort]).casefold(), reverse=descending)
    return present + absent


def _cell(value: object) -> str:
    if isinstance(value, Mapping):
        return str(value.get("letter", "")) + str(value.get("word", ""))
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _records(kind: Kind, catalogue: Catalogue) -> list[Any]:
    table: Mapping[Any, Any] = getattr(catalogue, kind)
    found = dict(table)
    if kind in ("parameters", "links", "endpoints"):
        for response in catalogue.responses.values():
            found |= dict(getattr(response, kind))
    return list(found.values())


def links_of(catalogue: Catalogue) -> list[Link]:
    """All links, those of responses included."""
    return list(_records("links", catalogue))


def source_record(name: str, catalogue: Catalogue) -> SourceRecord:
    """One source with its findings.

    Raises    Refused when it is not on the shelf
    """
    owner = {finding.id: one.id for one in catalogue.sources.values() for finding in one.findings}
    source = catalogue.sources.get(owner.get(name.removeprefix("@"), name))
    if source is None:
        raise refuse(404, "not_found", f"There is no source '{name[:80]}' on the shelf. See api/library/sources.")
    return SourceRecord(
        id=source.id,
        citation=source.citation,
        kind=source.kind,
        doi=source.doi,
        pmid=source.pmid,
        verified=source.verified,
        read=READ.get(source.verified, source.verified),
        how=source.how,
        interest=source.interest,
        findings=[
            FindingRecord(
                id=one.id,
                quantity=one.quantity,
                value=one.value,
                unit=one.unit,
                low=one.low,
                high=one.high,
                species=one.species,
                context=one.context,
                n=one.n,
                verification=one.verification,
                note=one.note,
            )
            for one in source.findings
        ],
    )


def _grade(letter: str, catalogue: Catalogue) -> dict[str, str]:
    return grade_model(catalogue, letter).model_dump()


def _parameter(row: Parameter, catalogue: Catalogue) -> Row:
    return {
        "id": row.id if row.species == "human" else f"{row.id}@{row.species}",
        "value": row.value,
        "unit": row.unit,
        "low": row.low,
        "high": row.high,
        "between_sd": row.between_sd,
        "uncertainty_sd": row.uncertainty_sd,
        "distribution": row.distribution,
        "basis": row.basis,
        "species": row.species,
        "source": row.source,
        "read": READ.get(_verified(row.source, catalogue), ""),
        "locator": row.locator,
        "note": row.note,
    }


def _verified(source: str, catalogue: Catalogue) -> str:
    record = catalogue.sources.get(source)
    return record.verified if record is not None else ""


def _source(one: Source, _: Catalogue) -> Row:
    return {
        "id": one.id,
        "citation": one.citation,
        "kind": one.kind,
        "read": READ.get(one.verified, one.verified),
        "findings": len(one.findings),
        "doi": one.doi,
        "pmid": one.pmid,
        "interest": one.interest,
        "how": one.how,
    }


def _link(one: Link, catalogue: Catalogue) -> Row:
    return {
        "id": one.id,
        "title": one.title,
        "start": one.start,
        "end": one.end,
        "grade": _grade(link_grade(one), catalogue),
        "default_on": one.default_on,
        "hypotheses": list(one.hypotheses),
        "response": one.response,
        "sources_for": list(one.sources_for),
        "sources_against": list(one.sources_against),
        "note": one.note,
    }


def formula_mg_per_g(compound: Compound) -> float:
    """Elemental magnesium by the formula [mg/g]."""
    return MG_PER_G * mg_from_mmol(compound.magnesium_atoms) / compound.molar_mass


def _compound(one: Compound, _: Catalogue) -> Row:
    return {
        "id": one.id,
        "title": one.title,
        "formula": one.formula,
        "molar_mass": one.molar_mass,
        "formula_mg_per_g": round(formula_mg_per_g(one), 3),
        "label_mg_per_g": one.label_mg_per_g,
        "dissolved_share": one.dissolved_share,
        "basis": one.basis,
        "synonyms": list(one.synonyms),
        "sources": list(one.sources),
        "note": one.note,
    }


def _condition(one: Any, catalogue: Catalogue) -> Row:
    effects = [f"{effect.symbol} {effect.operation} {effect.value:g}" for effect in one.effects]
    return {
        "id": one.id,
        "title": one.title,
        "grade": _grade(one.grade, catalogue),
        "effects": effects,
        "sources": list(one.sources),
        "note": one.note,
    }


def _limit(one: Limit, _: Catalogue) -> Row:
    return {
        "id": one.id,
        "title": one.title,
        "kind": one.kind,
        "severity": one.severity,
        "low": one.low,
        "high": one.high,
        "unit": one.unit,
        "authority": one.authority,
        "message": one.message,
        "sources": list(one.sources),
        "note": one.note,
    }


def _endpoint(one: Endpoint, catalogue: Catalogue) -> Row:
    return {
        "id": one.id,
        "title": one.title,
        "unit": one.unit,
        "kind": one.kind,
        "grade": _grade(one.grade, catalogue),
        "response": one.response,
        "benefit": one.benefit,
        "illustration": one.illustration,
        "path": list(one.path),
        "sources": list(one.sources),
        "note": one.note,
    }


def _population(one: Any, _: Catalogue) -> Row:
    told = [f"{c.name} {c.median:g} ({c.low:g} to {c.high:g}) {c.unit}" for c in one.covariates]
    return {"id": one.id, "title": one.title, "covariates": told, "sources": list(one.sources), "note": one.note}


def _response(one: Any, _: Catalogue) -> Row:
    return {
        "id": one.about.id,
        "title": one.about.title,
        "plain": one.about.plain,
        "endpoints": list(one.endpoints),
        "links": list(one.links),
        "needs": list(one.about.needs),
    }


def _hypothesis(one: Any, _: Catalogue) -> Row:
    return {"id": one.id, "title": one.title, "plain": one.plain, "species": list(one.species)}


def _columns(text: str, units: Mapping[str, str] | None = None) -> list[Column]:
    known = units or {}
    return [Column(id=name, title=name.replace("_", " "), unit=known.get(name, "")) for name in text.split()]


_TABLES: Mapping[str, tuple[list[Column], Callable[[Any, Catalogue], Row]]] = {
    "parameters": (
        _columns(
            "id value unit low high between_sd uncertainty_sd distribution basis species source read locator note"
        ),
        _parameter,
    ),
    "sources": (_columns("id citation kind read findings doi pmid interest how"), _source),
    "links": (
        _columns("id title start end grade default_on hypotheses response sources_for sources_against note"),
        _link,
    ),
    "compounds": (
        _columns(
            "id title formula molar_mass formula_mg_per_g label_mg_per_g dissolved_share basis synonyms sources note",
            {"molar_mass": "g/mol", "formula_mg_per_g": "mg/g", "label_mg_per_g": "mg/g"},
        ),
        _compound,
    ),
    "conditions": (_columns("id title grade effects sources note"), _condition),
    "limits": (_columns("id title kind severity low high unit authority message sources note"), _limit),
    "endpoints": (_columns("id title unit kind grade response benefit illustration path sources note"), _endpoint),
    "populations": (_columns("id title covariates sources note"), _population),
    "responses": (_columns("id title plain endpoints links needs"), _response),
    "hypotheses": (_columns("id title plain species"), _hypothesis),
}
