"""The worked cases beside each organ text, evaluated on the composed organ alone."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
import pytest

from threonate.engine import SubjectInputs, compile_network, solve_cohort
from threonate.evidence import library_folder, read_catalogue
from threonate.physiology import assemble_body, read_sbml
from threonate.physiology.network import start_states
from threonate.schedule import EventTable

ORGANS = sorted(path.parent.name for path in (library_folder() / "organs").glob("*/*.ant"))
NOTHING = (np.empty(0, int), np.empty(0), np.empty(0, int), np.empty(0, np.int8), np.empty(0))


def cases() -> list[Any]:
    found = []
    for organ in ORGANS:
        text = (library_folder() / "organs" / organ / "cases.toml").read_text(encoding="utf-8")
        found += [pytest.param(organ, case, id=f"{organ}: {case['title']}") for case in tomllib.loads(text)["cases"]]
    return found


@pytest.mark.parametrize("organ", ORGANS)
def test_every_organ_has_its_four_files(organ: str) -> None:
    folder = library_folder() / "organs" / organ

    assert {f"{organ}.ant", "parameters.csv", "cases.toml", "README.md"} <= {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(("organ", "case"), cases())
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
    course = solve_cohort(compiled, inputs, EventTable(*NOTHING, targets=()), np.array([0.0, 1e-6]))

    for name, value in case["expect"].items():
        assert course.of(name)[0, 0] == pytest.approx(value, rel=1e-4, abs=1e-6)
