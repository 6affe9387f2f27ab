"""Read the whole shelf: an immutable catalogue, or everything that is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from threonate.errors import CatalogueError
from threonate.evidence.checks import Shelf, check_catalogue
from threonate.evidence.claim_checks import check_claims
from threonate.evidence.claim_records import Claim, Concept
from threonate.evidence.files import read_folder, read_tables, read_toml
from threonate.evidence.important import check_important
from threonate.evidence.matter import check_matter
from threonate.evidence.modules import PortList, port_problems, read_module, read_ports
from threonate.evidence.parameters import read_parameters
from threonate.evidence.records import (
    Catalogue,
    Compound,
    Condition,
    Endpoint,
    GradeWord,
    Hypothesis,
    Limit,
    Link,
    Module,
    Parameter,
    Place,
    Population,
    Problem,
    Source,
    Species,
)
from threonate.evidence.responses import ALL, read_responses, response_problems, unique_rows, with_responses
from threonate.evidence.unread import unread_of

_FOLDERS: Mapping[str, type[Any]] = {
    "compounds": Compound,
    "conditions": Condition,
    "populations": Population,
    "hypotheses": Hypothesis,
    "links": Link,
    "endpoints": Endpoint,
    "limits": Limit,
    "sources": Source,
    "claims": Claim,
}
_TABLES: Mapping[str, type[Any]] = {"grades": GradeWord, "places": Place, "concepts": Concept}
_SHELF_ENDINGS = frozenset({".ant", ".csv", ".toml"})


def library_folder() -> Path:
    """The shelf that ships with this package."""
    return Path(str(resources.files("threonate") / "library"))


def read_catalogue(folder: Path | None = None) -> Catalogue:
    """The checked shelf.

    folder    another shelf of the same layout; the shipped one when None
    Raises    CatalogueError listing every problem with file, line, reason and remedy

    >>> catalogue = read_catalogue()
    >>> catalogue.compounds["oxide"].formula
    'MgO'
    """
    root = folder or library_folder()
    ports = read_ports(root / "ports.ant", root)
    problems = port_problems(ports)
    modules, found = _read_modules(root, ports)
    problems += found
    parameters, found = _read_rows(root, modules)
    problems += found
    records: dict[str, Any] = {}
    for name, kind in _FOLDERS.items():
        records[name], found = read_folder(root / name, kind, root)
        problems += found
    for name, kind in _TABLES.items():
        records[name], found = read_tables(root / f"{name}.toml", kind, root)
        problems += found
    schedules, found = _read_schedules(root)
    problems += found
    responses, found = read_responses(root, ports)
    problems += found
    catalogue = Catalogue(
        ports=ports.text,
        modules=MappingProxyType(modules),
        parameters=MappingProxyType(parameters),
        **{name: MappingProxyType(dict(table)) for name, table in records.items()},  # type: ignore[arg-type]
        schedules=MappingProxyType(schedules),
        hash=shelf_hash(root),
        responses=MappingProxyType(responses),
    )
    problems += _problems_across(catalogue, Shelf(catalogue, ports, root, unread_of(problems, root)))
    if problems:
        ordered: list[Problem] = sorted(problems, key=lambda problem: (problem.file, problem.line))
        raise CatalogueError(ordered)
    return catalogue


def _problems_across(catalogue: Catalogue, shelf: Shelf) -> list[Problem]:
    """What does not fit together, with all responses in the body."""
    problems = list(response_problems(catalogue))
    lacking = any(need not in catalogue.responses for r in catalogue.responses.values() for need in r.about.needs)
    whole = shelf if lacking else replace(shelf, catalogue=with_responses(catalogue, [ALL]))
    checks = (check_catalogue, check_matter, check_claims, check_important)
    return [*problems, *(problem for check in checks for problem in check(whole))]


def shelf_hash(root: Path) -> str:
    """SHA-256 over names and contents of all shelf files: equal shelves give equal hashes."""
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.suffix in _SHELF_ENDINGS):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_modules(root: Path, ports: PortList) -> tuple[dict[str, Module], list[Problem]]:
    modules: dict[str, Module] = {}
    problems: list[Problem] = []
    for folder in sorted(p for p in (root / "organs").glob("*") if p.is_dir()):
        module, found = read_module(folder / f"{folder.name}.ant", ports, root)
        problems += found
        if module is not None:
            modules[folder.name] = module
    return modules, problems


def _read_rows(root: Path, modules: Mapping[str, Module]) -> tuple[dict[tuple[str, Species], Parameter], list[Problem]]:
    parameters: dict[tuple[str, Species], Parameter] = {}
    problems: list[Problem] = []
    for organ in ("port", *modules):
        file = "ports.csv" if organ == "port" else f"organs/{organ}/parameters.csv"
        rows, found = read_parameters(root / file, organ, root)
        problems += found
        unique, found = unique_rows(rows, file)
        problems += found
        parameters |= unique
    return parameters, problems


def _read_schedules(root: Path) -> tuple[dict[str, Mapping[str, object]], list[Problem]]:
    schedules: dict[str, Mapping[str, object]] = {}
    problems: list[Problem] = []
    for path in sorted((root / "schedules").glob("*.toml")):
        loaded, sheet, found = read_toml(path, root)
        problems += found
        if sheet is not None:
            schedules[path.stem] = MappingProxyType(loaded)
    return schedules, problems
