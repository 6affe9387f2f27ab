"""Read the whole shelf: an immutable catalogue, or everything that is wrong with it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from threonate.errors import CatalogueError
from threonate.evidence.checks import check_catalogue, parameter_file
from threonate.evidence.files import read_folder
from threonate.evidence.modules import PortList, read_module, read_ports
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

_FOLDERS: Mapping[str, type[Any]] = {
    "compounds": Compound,
    "conditions": Condition,
    "populations": Population,
    "hypotheses": Hypothesis,
    "links": Link,
    "endpoints": Endpoint,
    "limits": Limit,
    "sources": Source,
}
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
    ports = read_ports(root / "ports.ant")
    problems: list[Problem] = []
    modules, found = _read_modules(root, ports)
    problems += found
    parameters, found = _read_tables(root, modules)
    problems += found
    records: dict[str, Mapping[str, Any]] = {}
    for name, kind in _FOLDERS.items():
        records[name], found = read_folder(root / name, kind, root)
        problems += found
    catalogue = Catalogue(
        ports=ports.text,
        modules=MappingProxyType(modules),
        parameters=MappingProxyType(parameters),
        **{name: MappingProxyType(dict(table)) for name, table in records.items()},
        grades=MappingProxyType(_read_grades(root)),
        schedules=MappingProxyType(_read_schedules(root)),
        places=MappingProxyType(_read_places(root)),
        hash=shelf_hash(root),
    )
    problems += _not_a_consequence(check_catalogue(catalogue, ports, root), problems)
    if problems:
        ordered: list[Problem] = sorted(problems, key=lambda problem: (problem.file, problem.line))
        raise CatalogueError(ordered)
    return catalogue


def _not_a_consequence(later: list[Problem], earlier: list[Problem]) -> list[Problem]:
    """Leave out what is only missing because its own file or row could not be read."""
    unread_rows = {match[1] for p in earlier if (match := re.match(r"row '(\w+)'", p.reason))}
    unread_files = {Path(p.file).stem for p in earlier}
    quoted = re.compile(r"'([\w.]+)'")
    return [
        problem
        for problem in later
        if not ({name.split(".")[-1] for name in quoted.findall(problem.reason)} & (unread_rows | unread_files))
    ]


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
    for folder in sorted(p for p in (root / "organs").iterdir() if p.is_dir()):
        path = folder / f"{folder.name}.ant"
        if not path.exists():
            where = f"organs/{folder.name}"
            problems.append(Problem(where, 1, f"the folder has no {folder.name}.ant.", "Add it."))
            continue
        module, found = read_module(path, ports, root)
        problems += found
        if module is not None:
            modules[folder.name] = module
    return modules, problems


def _read_tables(
    root: Path, modules: Mapping[str, Module]
) -> tuple[dict[tuple[str, Species], Parameter], list[Problem]]:
    tables = [(root / "ports.csv", "port")]
    tables += [(root / "organs" / organ / "parameters.csv", organ) for organ in modules]
    parameters: dict[tuple[str, Species], Parameter] = {}
    problems: list[Problem] = []
    for path, organ in tables:
        if not path.exists():
            problems.append(Problem(f"organs/{organ}", 1, "the folder has no parameters.csv.", "Add it."))
            continue
        rows, found = read_parameters(path, organ, root)
        problems += found
        for row in rows:
            if (row.id, row.species) in parameters:
                first = parameters[row.id, row.species].line
                reason = f"row '{row.symbol}' ({row.species}) already stands in line {first}."
                problems.append(Problem(parameter_file(row), row.line, reason, "Keep one of the two rows."))
            parameters.setdefault((row.id, row.species), row)
    return parameters, problems


def _read_grades(root: Path) -> dict[str, GradeWord]:
    loaded = tomllib.loads((root / "grades.toml").read_text(encoding="utf-8"))
    rows = loaded["grades"] if isinstance(loaded.get("grades"), list) else [{"id": k, **v} for k, v in loaded.items()]
    return {row["id"]: GradeWord(row["id"], row["word"], row["sentence"]) for row in rows}


def _read_schedules(root: Path) -> dict[str, Mapping[str, object]]:
    return {
        path.stem: MappingProxyType(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted((root / "schedules").glob("*.toml"))
    }


def _read_places(root: Path) -> dict[str, Place]:
    loaded = tomllib.loads((root / "places.toml").read_text(encoding="utf-8"))
    return {name: Place(name, row["title"], row["body"], tuple(row["species"])) for name, row in loaded.items()}
