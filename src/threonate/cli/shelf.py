"""Records of the shelf as rows and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from threonate.cli.terminal import terminal
from threonate.errors import ScenarioError, nearest
from threonate.evidence.important import important_told
from threonate.evidence.records import Catalogue, Endpoint, Parameter, Response, Source

NOT_RECORDS = frozenset({"ports", "hash", "schedules"})
OWNED_BY_RESPONSES = ("parameters", "endpoints", "links")
SHORT = 60


def kinds(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """Every kind of record with its records by id; a parameter of the rat is `kidney.T@rat`."""
    found: dict[str, dict[str, Any]] = {}
    for field in fields(catalogue):
        table = getattr(catalogue, field.name)
        if field.name not in NOT_RECORDS and isinstance(table, Mapping):
            found[field.name] = {_id_of(key): record for key, record in table.items()}
    for response in catalogue.responses.values():
        for kind in OWNED_BY_RESPONSES:
            found[kind] |= {_id_of(key): record for key, record in getattr(response, kind).items()}
    return found


def shelf_counts(catalogue: Catalogue) -> dict[str, int]:
    """How many records of each kind stand on the shelf."""
    return {kind: len(records) for kind, records in kinds(catalogue).items()}


def list_kind(kind: str, catalogue: Catalogue) -> list[dict[str, str]]:
    """One row per record of a kind; raises ScenarioError with the nearest kind."""
    tables = kinds(catalogue)
    if kind not in tables:
        raise ScenarioError(f"unknown kind of record '{kind}'. {nearest(kind, tables)} All: {', '.join(tables)}.")
    return [_row(name, record) for name, record in sorted(tables[kind].items())]


def find_records(name: str, catalogue: Catalogue) -> list[tuple[str, Any]]:
    """All records that go by `name`, each with its kind; raises ScenarioError with the nearest id."""
    tables = kinds(catalogue)
    found = [
        (kind, records[key]) for kind, records in tables.items() for key in (name, f"{name}@rat") if key in records
    ]
    if not found:
        found = [("compounds", one) for one in catalogue.compounds.values() if name.casefold() in _synonyms(one)]
    if not found:
        known = {key for records in tables.values() for key in records}
        raise ScenarioError(f"no record '{name}' on the shelf. {nearest(name, known)} See 'threonate library list'.")
    return found


def record_fields(kind: str, record: Any, catalogue: Catalogue) -> dict[str, Any]:
    """A record as plain values, with how far its sources were verified."""
    content = {"record": kind, **_fields(record)}
    readings = [finding for name in _findings_of(record) if (finding := find_finding(name, catalogue)) is not None]
    if readings:
        content["findings_read"] = readings
    named = _sources_of(record, catalogue)
    if named:
        content["sources_read"] = {
            name: {"citation": one.citation, "verified": one.verified, "how": one.how}
            for name in named
            if (one := catalogue.sources.get(name)) is not None
        }
    return content


def print_list(rows: list[dict[str, str]]) -> None:
    """Rows as a table."""
    table = Table()
    for heading in rows[0] if rows else ("id",):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row.values()))
    terminal().print(table)


def print_records(found: list[tuple[str, Any]], catalogue: Catalogue) -> None:
    """Each record as a page: one line per field, then the sources and how far they were verified."""
    console = terminal()
    for kind, record in found:
        content = record_fields(kind, record, catalogue)
        read = content.pop("sources_read", {})
        if isinstance(record, Endpoint):
            content["smallest_important"] = important_told(record, catalogue)
        table = Table(title=f"{kind}: {getattr(record, 'id', getattr(record, 'organ', ''))}", title_justify="left")
        table.add_column("field", no_wrap=True)
        table.add_column("value", overflow="fold")
        for name, value in content.items():
            if value not in (None, "", [], {}):
                table.add_row(name, escape(_page_text(value)))
        console.print(table)
        for name, one in read.items():
            console.print(f"  {escape(name)} [bold]{one['verified']}[/bold]: {escape(one['citation'])}", soft_wrap=True)
            console.print(f"    {escape(one['how'])}", soft_wrap=True)


def _row(name: str, record: Any) -> dict[str, str]:
    if isinstance(record, Parameter):
        spread = "" if record.low is None or record.high is None else f"{record.low:g} to {record.high:g}"
        row = {"id": name, "value": f"{record.value:g}", "unit": record.unit, "range": spread, "basis": record.basis}
        return {**row, "source": record.source}
    if isinstance(record, Source):
        return {"id": name, "kind": record.kind, "verified": record.verified, "citation": _shorten(record.citation)}
    if isinstance(record, Response):
        return {
            "id": name,
            "title": record.about.title,
            "endpoints": ", ".join(record.endpoints) or "none: read by others",
            "links": ", ".join(f"{link.id} ({link.grade}{', on' * link.default_on})" for link in record.links.values()),
        }
    row = {"id": name, "title": str(getattr(record, "title", "") or getattr(record, "word", ""))}
    for more in ("formula", "unit", "grade", "severity"):
        if hasattr(record, more):
            row[more] = str(getattr(record, more))
    return row


def _response_fields(response: Response) -> dict[str, Any]:
    """A response as a person reads it; its rows, links and endpoints have pages of their own."""
    about, module = response.about, response.module
    read = [port for port in module.ports if port not in module.written]
    links = [f"{link.id}: {link.title}, grade {link.grade}" for link in response.links.values()]
    return {
        "id": about.id,
        "title": about.title,
        "plain": about.plain,
        "species": list(about.species),
        "needs": list(about.needs),
        "reads": read,
        "offers": sorted(module.written),
        "endpoints": [f"{one.id}: {one.title} [{one.unit}], grade {one.grade}" for one in response.endpoints.values()],
        "links": [
            f"{text}, {'on' if link.default_on else 'off'}"
            for text, link in zip(links, response.links.values(), strict=True)
        ],
        "symbols": len(module.symbols),
    }


def _fields(record: Any) -> dict[str, Any]:
    if isinstance(record, Response):
        return _response_fields(record)
    content = {"id": record.id} if hasattr(record, "id") else {}
    for field in fields(record):
        content[field.name] = _as_plain(getattr(record, field.name))
    return content


def _as_plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(key): _as_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [_as_plain(item) for item in value]
    if isinstance(value, Path):
        return "/".join(value.parts[-3:])
    return value


def _sources_of(record: Any, catalogue: Catalogue) -> list[str]:
    """Ids of the sources of a record; `@ID` stands for the source of that finding."""
    if isinstance(record, Source):
        return []
    names = [one.source for one in _parts(record) if getattr(one, "source", "")]
    for field in ("sources", "sources_for", "sources_against"):
        names.extend(getattr(record, field, ()))
    owner = {f"@{finding.id}": one.id for one in catalogue.sources.values() for finding in one.findings}
    return list(dict.fromkeys(owner.get(name, name) for name in names))


def _findings_of(record: Any) -> list[str]:
    """Ids of the findings that a record points to."""
    pointed = [name.strip() for one in _parts(record) for name in getattr(one, "locator", "").split(";")]
    for field in ("sources", "sources_for", "sources_against"):
        pointed.extend(name[1:] for name in getattr(record, field, ()) if name.startswith("@"))
    return pointed


def _parts(record: Any) -> list[Any]:
    """The record, and what in it has a source of its own."""
    return [record, *([record.smallest_important] if getattr(record, "smallest_important", None) else [])]


def find_finding(name: str, catalogue: Catalogue) -> str | None:
    """One finding as a line: what, how much, where, and how far it was verified."""
    for source in catalogue.sources.values():
        for finding in source.findings:
            if finding.id == name:
                value = f"{finding.quantity} {finding.value} {finding.unit}".strip()
                return f"{name} ({finding.verification}): {value}; {source.id}"
    return None


def _synonyms(compound: Any) -> set[str]:
    return {other.casefold() for other in (*compound.synonyms, compound.title)}


def _id_of(key: object) -> str:
    if isinstance(key, tuple):
        name, species = key
        return str(name) if species == "human" else f"{name}@{species}"
    return str(key)


def _shorten(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 3]}..."


def _page_text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_page_text(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{name} {_page_text(item)}" for name, item in value.items() if item not in (None, "", [], {}))
    return f"{value:g}" if isinstance(value, float) else str(value)
