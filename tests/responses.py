"""One response standing alone, with the body in your hands.

    sleep = compose_response("sleep", values={"mu": 18.67}, ports={"occupancy": 1.0, "age": 30})
    course = sleep.run(np.arange(0.0, 24.1, 0.1), "sleep.H", "sleep.TST")
    course["sleep.H"]                       # (time,) array
    sleep.start()["sleep.H"]                # start value that the text gives

values   symbol -> number; `mu` is `sleep.mu`, a symbol of a needed response is written whole (`exposure.u50`)
ports    port -> number, or a formula of time in hours: {"Mg_plasma": 0.9, "occupancy": "piecewise(0, time < 168, 1)"}.
         A port that is not given stands at its row in ports.csv. A response that writes a given port is left out; the
         clock and other needed responses come in by themselves (so treatment_time runs from time 0).
folder   another shelf of the same layout

Only the folder of the response and of what it needs is read, so unfinished neighbours do no harm. With events the
reference solver is used, else solve_cohort with reference tolerance. `text` is the SBML.
"""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import libsbml
import numpy as np

from threonate.endpoints import sbml_id
from threonate.engine import SubjectInputs, Tolerance, compile_network, solve_cohort
from threonate.engine.lower import lower_sbml
from threonate.engine.reference import ReferenceAccuracy, solve_reference
from threonate.evidence import Catalogue, Species, library_folder, needs_of, read_catalogue, with_responses
from threonate.physiology import Network, assemble_body, read_sbml
from threonate.physiology.network import Array, start_states
from threonate.schedule import NO_EVENTS

SUPPORT = ("clock", "exposure")


@dataclass(frozen=True)
class Alone:
    """A composed response, ready to be solved."""

    id: str
    text: str
    network: Network
    catalogue: Catalogue

    def run(
        self, times_h: Array, *symbols: str, start: Mapping[str, float] | None = None,
        tolerance: Tolerance = Tolerance.REFERENCE, accuracy: ReferenceAccuracy | None = None,
    ) -> dict[str, Array]:  # fmt: skip
        """Courses by the names asked for; `start` replaces start values of states, by symbol (without events only)."""
        names = [sbml_id(symbol) for symbol in symbols]
        if self.network.events:
            assert not start, "with events, put start values into the text"
            model = lower_sbml(self.text)
            values = solve_reference(model, [model.symbols[name] for name in names], times_h, accuracy)
            return {symbol: values[:, column] for column, symbol in enumerate(symbols)}
        first = self._start_row(start or {})
        inputs = SubjectInputs((), np.empty((1, 0)), self.network.states, first)
        course = solve_cohort(compile_network(self.network, names), inputs, NO_EVENTS, times_h, tolerance=tolerance)
        assert course.status[0].ok, course.status[0].sentence
        return {symbol: course.of(name)[0] for symbol, name in zip(symbols, names, strict=True)}

    def start(self) -> dict[str, float]:
        """Start values of the states, by SBML id and by `response.symbol`."""
        row = self._start_row({})[0]
        found = dict(zip(self.network.states, map(float, row), strict=True))
        return found | {name.replace(f"{self.id}_", f"{self.id}.", 1): value for name, value in found.items()}

    def _start_row(self, changes: Mapping[str, float]) -> Array:
        row = start_states(self.network, (), np.empty((1, 0)))
        for symbol, value in changes.items():
            row[0, self.network.states.index(sbml_id(symbol))] = value
        return row


def compose_response(
    response: str,
    values: Mapping[str, float] | None = None,
    ports: Mapping[str, float | str] | None = None,
    *,
    species: Species = "human",
    folder: Path | None = None,
) -> Alone:
    """A response and what it needs, without the body; see the top of this file."""
    root = folder or library_folder()
    catalogue = shelf_with(response, root)
    driven = dict(ports or {})
    composed = _composed(catalogue, response, frozenset(driven))
    text = assemble_body(with_responses(catalogue, composed), organs=composed, species=species)
    whole = {name if "." in name else f"{response}.{name}": value for name, value in (values or {}).items()}
    text = _with_settings(text, whole, driven)
    return Alone(response, text, read_sbml(text), catalogue)


def set_alone(response: str, given: Mapping[str, float], *, folder: Path | None = None) -> Alone:
    """The one text with nothing around it; `given` sets parameters, ports and states by SBML id."""
    catalogue = with_responses(shelf_with(response, folder), [response])
    document = libsbml.readSBMLFromString(assemble_body(catalogue, organs=[response]))
    model = document.getModel()
    for name, value in given.items():
        model.removeInitialAssignment(name)
        rule = model.getRuleByVariable(name)
        element = model.getElementBySId(name)
        assert element is not None, f"'{name}' is not in the text"
        assert rule is None or rule.isRate(), f"'{name}' is given by a formula"
        if isinstance(element, libsbml.Species):
            element.setInitialConcentration(value)
        else:
            element.setValue(value)
    text = str(libsbml.writeSBMLToString(document))
    return Alone(response, text, read_sbml(text), catalogue)


def shelf_with(response: str, root: Path | None = None) -> Catalogue:
    """The catalogue with this response, what it names under `needs`, and the support, and no other response."""
    return _shelf_with(response, root or library_folder(), _stamp(root or library_folder(), response))


def _stamp(root: Path, response: str) -> tuple[float, ...]:
    """When the files were last changed, so that an edit within one process is seen."""
    return tuple(path.stat().st_mtime for path in sorted((root / "responses" / response).rglob("*")))


@lru_cache(maxsize=32)
def _shelf_with(response: str, root: Path, stamp: tuple[float, ...]) -> Catalogue:
    kept = {response, *SUPPORT}
    for _ in range(8):
        fronts = [root / "responses" / name / "response.toml" for name in kept]
        kept |= {need for front in fronts if front.exists() for need in _needs(front)}
    with tempfile.TemporaryDirectory() as space:
        copy = Path(space) / "library"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns("responses", "claims"))
        for name in kept:
            shutil.copytree(root / "responses" / name, copy / "responses" / name)
        return read_catalogue(copy)


def _needs(front: Path) -> list[str]:
    return list(tomllib.loads(front.read_text(encoding="utf-8")).get("needs", []))


def _composed(catalogue: Catalogue, response: str, driven: frozenset[str]) -> list[str]:
    chosen: set[str] = set()
    waiting = [response]
    while waiting:
        name = waiting.pop()
        if name in chosen or (name != response and catalogue.responses[name].module.written & driven):
            continue
        chosen.add(name)
        waiting += needs_of(catalogue, name)
    return sorted(chosen)


def _with_settings(text: str, values: Mapping[str, float], ports: Mapping[str, float | str]) -> str:
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    for symbol, value in {sbml_id(name): value for name, value in values.items()}.items():
        _set(model, symbol, value)
    for port, value in ports.items():
        if isinstance(value, str):
            _drive(model, port, value)
        else:
            _set(model, port, value)
    return str(libsbml.writeSBMLToString(document))


def _set(model: libsbml.Model, name: str, value: float) -> None:
    element = model.getElementBySId(name)
    assert element is not None, f"'{name}' is not in the composed text"
    if isinstance(element, libsbml.Species):
        element.setInitialConcentration(value)
    elif isinstance(element, libsbml.Compartment):
        element.setSize(value)
    else:
        assert model.getRuleByVariable(name) is None, f"'{name}' is given by a formula"
        element.setValue(value)


def _drive(model: libsbml.Model, port: str, formula: str) -> None:
    element = model.getElementBySId(port)
    assert element is not None, f"'{port}' is not a port of the composed text"
    element.setConstant(False)
    if isinstance(element, libsbml.Species):
        element.setBoundaryCondition(True)
    rule = model.createAssignmentRule()
    rule.setVariable(port)
    rule.setMath(libsbml.parseL3Formula(formula))
