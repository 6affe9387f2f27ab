"""Responses: folders that are read like organs, and stand in the body only when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from threonate.errors import CatalogueError, nearest
from threonate.evidence.files import Reader, read_folder, read_toml
from threonate.evidence.modules import PortList, read_module
from threonate.evidence.parameters import read_parameters
from threonate.evidence.records import (
    Catalogue,
    Endpoint,
    Link,
    Module,
    Parameter,
    Problem,
    Response,
    ResponseAbout,
    Species,
)

Owned = TypeVar("Owned", Endpoint, Link)
Key = TypeVar("Key")
Value = TypeVar("Value")
ALL = "all"
_FRONT = "response.toml"


def response_folders(root: Path) -> list[Path]:
    """Folders of responses on a shelf, in the order of their names; what makes one is its response.toml."""
    return sorted(path.parent for path in (root / "responses").glob(f"*/{_FRONT}"))


def read_responses(root: Path, ports: PortList) -> tuple[dict[str, Response], list[Problem]]:
    """Every response that can be read, and everything wrong with the others."""
    responses: dict[str, Response] = {}
    problems: list[Problem] = []
    for folder in response_folders(root):
        response, found = _read_response(folder, ports, root)
        problems += found
        if response is not None:
            responses[folder.name] = response
    return responses, problems


def _read_response(folder: Path, ports: PortList, root: Path) -> tuple[Response | None, list[Problem]]:
    name = folder.name
    about, problems = _read_front(folder, root)
    module, found = read_module(folder / f"{name}.ant", ports, root)
    problems += found
    rows, found = read_parameters(folder / "parameters.csv", name, root)
    problems += found
    parameters, found = unique_rows(rows, f"responses/{name}/parameters.csv")
    problems += found
    endpoints, found = read_folder(folder / "endpoints", Endpoint, root, {"response": name})
    problems += found
    links, found = read_folder(folder / "links", Link, root, {"response": name})
    problems += found
    if about is None or module is None:
        return None, problems
    parts = (MappingProxyType(parameters), MappingProxyType(endpoints), MappingProxyType(links))
    return Response(about, module, *parts), problems


def _read_front(folder: Path, root: Path) -> tuple[ResponseAbout | None, list[Problem]]:
    loaded, sheet, problems = read_toml(folder / _FRONT, root)
    if sheet is None:
        return None, problems
    found, problems = Reader(ResponseAbout).record(loaded, sheet, {"id": folder.name})
    return (found[0] if found else None), problems


def unique_rows(rows: Iterable[Parameter], file: str) -> tuple[dict[tuple[str, Species], Parameter], list[Problem]]:
    """Rows by `organ.symbol` and species, and the ones that stand twice."""
    unique: dict[tuple[str, Species], Parameter] = {}
    problems: list[Problem] = []
    for row in rows:
        if (row.id, row.species) in unique:
            first = unique[row.id, row.species].line
            reason = f"row '{row.symbol}' ({row.species}) already stands in line {first}."
            problems.append(Problem(file, row.line, reason, "Keep one of the two rows."))
        unique.setdefault((row.id, row.species), row)
    return unique, problems


def with_responses(catalogue: Catalogue, names: Iterable[str]) -> Catalogue:
    """The catalogue in which these responses, and what they need, stand among organs, links and endpoints.

    names     ids, or 'all'
    Raises    CatalogueError for a response that is not on the shelf

    >>> from threonate.evidence import read_catalogue
    >>> catalogue = with_responses(read_catalogue(), ["exposure"])
    >>> "exposure" in catalogue.modules, catalogue.chosen
    (True, ('exposure',))
    """
    chosen = needed_responses(catalogue, names)
    if chosen == catalogue.chosen:
        return catalogue
    organs = {name: module for name, module in catalogue.modules.items() if name not in catalogue.responses}
    taken = [catalogue.responses[name] for name in chosen]
    return replace(
        catalogue,
        modules=MappingProxyType(organs | {r.id: r.module for r in taken}),
        parameters=_joined(_own(catalogue.parameters, catalogue), [r.parameters for r in taken]),
        endpoints=_joined(_unowned(catalogue.endpoints), [r.endpoints for r in taken]),
        links=_joined(_unowned(catalogue.links), [r.links for r in taken]),
        chosen=chosen,
    )


def needed_responses(catalogue: Catalogue, names: Iterable[str]) -> tuple[str, ...]:
    """These responses and all they need, by name or by a port that another one writes; in the order of their names.

    Raises    CatalogueError for a response that is not on the shelf
    """
    asked = list(names)
    waiting = [*catalogue.responses] if ALL in asked else asked
    chosen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in catalogue.responses:
            raise CatalogueError([f"There is no response '{name}'. {nearest(name, catalogue.responses)}"])
        if name not in chosen:
            chosen.add(name)
            waiting += needs_of(catalogue, name)
    return tuple(sorted(chosen))


def needs_of(catalogue: Catalogue, name: str) -> list[str]:
    """Responses that one response cannot do without."""
    response = catalogue.responses[name]
    read = set(response.module.ports) - response.module.written
    writers = [other.id for other in catalogue.responses.values() if other.module.written & read]
    return [*response.about.needs, *(other for other in writers if other != name)]


def endpoint_responses(catalogue: Catalogue, names: Iterable[str], species: Species = "human") -> tuple[str, ...]:
    """Responses that are meant by these words: ids of responses or of their endpoints, or 'all' of this species.

    'all' leaves out the cores that are kept for comparison; each can be asked for by its name.

    Raises    CatalogueError for a word that is neither, or that is about another species
    """
    whom = {name: kinds for r in catalogue.responses.values() for name, kinds in _whom(r).items()}
    homes = {name: r.id for r in catalogue.responses.values() for name in _whom(r)}
    found: set[str] = set()
    for name in names:
        if name == ALL:
            rivals = {r.id for r in catalogue.responses.values() if r.about.comparison}
            found |= {home for word, home in homes.items() if species in whom[word]} - rivals
        elif species in whom.get(name, ()):
            found.add(homes[name])
        elif name in whom:
            kind = " and ".join(whom[name])
            raise CatalogueError([f"'{name}' is about the {kind}, and the run is about the {species}. Leave it out."])
        else:
            raise CatalogueError([f"There is no response or endpoint '{name}'. {nearest(name, [*homes, ALL])}"])
    return tuple(sorted(found))


def _whom(response: Response) -> dict[str, tuple[Species, ...]]:
    """Words that ask for a response or one of its endpoints, each with the species that it can be read in."""
    if not response.endpoints:
        return {}
    own = response.about.species
    return {response.id: own, **{name: one.species or own for name, one in response.endpoints.items()}}


def for_endpoints(catalogue: Catalogue, names: Iterable[str], species: Species = "human") -> Catalogue:
    """The catalogue with the responses that these words mean and what they need; only what was asked for is shown.

    names     ids of responses or of their endpoints, or 'all'; a response stands for all its endpoints
    Raises    CatalogueError for a word that is neither, or that is about another species
    """
    asked = list(names)
    homes = endpoint_responses(catalogue, asked, species)
    if not homes:
        return with_responses(catalogue, ())
    whole = with_responses(with_responses(catalogue, ()), homes)
    named = {name for name in asked if name not in catalogue.responses}
    shown = {
        name: endpoint
        for name, endpoint in whole.endpoints.items()
        if not endpoint.response
        or (
            species in (endpoint.species or (species,))
            and endpoint.response in homes
            and (ALL in asked or endpoint.response in asked or name in named)
        )
    }
    return replace(whole, endpoints=MappingProxyType(shown))


def _own(
    parameters: Mapping[tuple[str, Species], Parameter], catalogue: Catalogue
) -> Mapping[tuple[str, Species], Parameter]:
    return {key: row for key, row in parameters.items() if row.organ not in catalogue.responses}


def _unowned(records: Mapping[str, Owned]) -> Mapping[str, Owned]:
    return {name: record for name, record in records.items() if not record.response}


def _joined(first: Mapping[Key, Value], others: Iterable[Mapping[Key, Value]]) -> Mapping[Key, Value]:
    joined = dict(first)
    for part in others:
        joined.update(part)
    return MappingProxyType(joined)


def response_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Responses that need what is not there, and names and ports that two of them claim."""
    yield from _unknown_needs(catalogue)
    yield from _shared_names(catalogue)
    yield from _shared_ports(catalogue)


def _unknown_needs(catalogue: Catalogue) -> Iterator[Problem]:
    for response in catalogue.responses.values():
        file = f"responses/{response.id}/{_FRONT}"
        for need in response.about.needs:
            if need not in catalogue.responses:
                remedy = f"{nearest(need, catalogue.responses)} Correct the name."
                yield Problem(file, 1, f"needs '{need}', which is not in responses/.", remedy)
        if response.about.settle_h < 0.0:
            yield Problem(file, 1, f"settle_h is {response.about.settle_h:g}.", "Give 0 or more hours.")
        if response.id in {module.organ for module in catalogue.modules.values() if module.shelf == "organs"}:
            yield Problem(file, 1, f"an organ is called '{response.id}' too.", "Rename the folder.")


def _shared_names(catalogue: Catalogue) -> Iterator[Problem]:
    for kind in ("endpoints", "links"):
        seen = {name: record.file for name, record in _unowned(getattr(catalogue, kind)).items()}
        for response in catalogue.responses.values():
            for name, record in getattr(response, kind).items():
                if name in seen:
                    reason = f"the name '{name}' is already taken by {seen[name]}."
                    yield Problem(record.file, 1, reason, "Rename one of the two files.")
                seen.setdefault(name, record.file)


def _shared_ports(catalogue: Catalogue) -> Iterator[Problem]:
    writers: dict[str, Module] = {}
    organs = [module for module in catalogue.modules.values() if module.shelf == "organs" and not module.copies]
    species = {name for module in organs for name in module.species}
    for module in [*organs, *(response.module for response in catalogue.responses.values())]:
        for port in sorted(module.written - species):
            if port in writers and module.shelf == "responses":
                reason = f"port '{port}' is already written by {writers[port].file}."
                yield Problem(module.file, 1, reason, "A port has one writer; take it from one of the two.")
            writers.setdefault(port, module)
