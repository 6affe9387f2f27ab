"""The worked cases beside each organ text, evaluated on the composed organ alone."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
import pytest

from tests.responses import compose_response, set_alone
from threonate.engine import SubjectInputs, compile_network, solve_cohort
from threonate.evidence import library_folder, read_catalogue
from threonate.evidence.responses import response_folders
from threonate.physiology import assemble_body, check_conservation, check_units, read_sbml
from threonate.physiology.network import start_states
from threonate.schedule import NO_EVENTS

ORGANS = sorted(path.parent.name for path in (library_folder() / "organs").glob("*/*.ant"))
RESPONSES = [folder.name for folder in response_folders(library_folder())]


def cases(shelf: str, names: list[str]) -> list[Any]:
    found = []
    for organ in names:
        file = library_folder() / shelf / organ / "cases.toml"
        text = file.read_text(encoding="utf-8") if file.exists() else "cases = []"
        found += [pytest.param(organ, case, id=f"{organ}: {case['title']}") for case in tomllib.loads(text)["cases"]]
    return found


@pytest.mark.parametrize("organ", ORGANS)
def test_every_organ_has_its_four_files(organ: str) -> None:
    folder = library_folder() / "organs" / organ

    assert {f"{organ}.ant", "parameters.csv", "cases.toml", "README.md"} <= {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("response", RESPONSES)
def test_every_response_has_its_files(response: str) -> None:
    folder = library_folder() / "responses" / response

    assert {f"{response}.ant", "parameters.csv", "cases.toml", "README.md"} <= {path.name for path in folder.iterdir()}


def test_every_folder_of_a_response_says_what_it_is() -> None:
    folders = [path for path in (library_folder() / "responses").iterdir() if any(path.glob("*.ant"))]

    assert sorted(folder.name for folder in folders) == RESPONSES


@pytest.mark.parametrize("response", RESPONSES)
def test_units_and_matter_of_a_response_hold(response: str) -> None:
    alone = compose_response(response)

    assert check_units(alone.network, alone.catalogue) == []
    assert check_conservation(alone.network, alone.catalogue) == []


@pytest.mark.parametrize(("response", "case"), cases("responses", RESPONSES))
def test_worked_case_of_a_response(response: str, case: dict[str, Any]) -> None:
    alone = set_alone(response, case["given"])
    course = alone.run(np.array([0.0, 1e-6]), *case["expect"])

    for name, value in case["expect"].items():
        assert course[name][0] == pytest.approx(value, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(("organ", "case"), cases("organs", ORGANS))
def test_worked_case(organ: str, case: dict[str, Any]) -> None:
    network = read_sbml(assemble_body(read_catalogue(), organs=[organ], solids=1))
    given = {name: value for name, value in case["given"].items() if name in network.parameters}
    symbols = tuple(given)
    row = np.array([list(given.values())]) if given else np.empty((1, 0))
    start = start_states(network, symbols, row)
    for name in case["given"].keys() - given.keys():
        volume = network.parameters[network.concentrations[name]] if name in network.concentrations else 1.0
        start[0, network.states.index(name)] = case["given"][name] * volume
    compiled = compile_network(network, tuple(case["expect"]))
    inputs = SubjectInputs(symbols, row, network.states, start)
    course = solve_cohort(compiled, inputs, NO_EVENTS, np.array([0.0, 1e-6]))

    for name, value in case["expect"].items():
        assert course.of(name)[0, 0] == pytest.approx(value, rel=1e-4, abs=1e-6)
