"""Start values given by formulas, and states that are no plain parameters."""

from __future__ import annotations

import antimony
import libsbml
import numpy as np
import pytest

from threonate.errors import ModelError
from threonate.physiology import Network, read_sbml
from threonate.physiology.network import start_states

FORMULAS = """
model start()
  compartment V = 2;
  const a = 3;
  var r := a * exp(0) + time;
  var x; x = max(r, 1) + sqrt(a * 3);
  var y; y = piecewise(x, a > 2, 0 - x);
  var z; z = min(y, 100) * cos(0) + tanh(0) + ln(1) + abs(-1) + pi * sin(0);
  x' = -x; y' = -y; z' = -z;
  species S in V; S = 5;
  S -> ; S;
end
"""


def network_of(text: str) -> Network:
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(text) >= 0, antimony.getLastError()
    return read_sbml(antimony.getSBMLString(antimony.getMainModuleName()))


def test_formulas_are_followed_through_rules_and_other_start_values() -> None:
    network = network_of(FORMULAS)
    rows = start_states(network, ("a",), np.array([[3.0], [1.0]]))
    found = {name: rows[:, column].tolist() for column, name in enumerate(network.states)}

    assert found["x"] == pytest.approx([6.0, 1.0 + np.sqrt(3.0)])
    assert found["y"] == pytest.approx([6.0, -(1.0 + np.sqrt(3.0))])
    assert found["z"] == pytest.approx([7.0, -np.sqrt(3.0)])
    assert found["S"] == [10.0, 10.0]


def test_a_start_value_that_rests_on_itself_is_refused() -> None:
    document = libsbml.readSBMLFromString(network_of(FORMULAS).sbml)
    document.getModel().getInitialAssignment("x").setMath(libsbml.parseL3Formula("y + 1"))

    with pytest.raises(ModelError, match="depends on itself"):
        start_states(read_sbml(libsbml.writeSBMLToString(document)), (), np.empty((1, 0)))


def test_a_function_that_is_not_known_is_named() -> None:
    text = FORMULAS.replace("max(r, 1)", "floor(r)")

    with pytest.raises(ModelError, match=r"floor\(r\)"):
        start_states(network_of(text), (), np.empty((1, 0)))


def test_a_species_with_a_rate_rule_and_a_moving_compartment_are_states_once() -> None:
    text = "model m()\n compartment V = 2; V' = 0.1;\n species $S in V; S = 5;\n S' = -0.1;\nend\n"
    network = network_of(text)

    assert sorted(network.states) == ["S", "V"]
    assert start_states(network, (), np.empty((1, 0)))[0].tolist() == [
        {"S": 5.0, "V": 2.0}[name] for name in network.states
    ]


def test_events_are_kept_with_what_they_set() -> None:
    text = "model m()\n var x; x = 1; x' = -1;\n const k = 1;\n low: at (x < 0): x = k;\nend\n"

    assert network_of(text).events == {"low": ("x",)}
