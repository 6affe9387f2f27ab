"""Smaller texts say the same."""

import antimony
import pytest

from threonate.errors import ModelError
from threonate.physiology import read_sbml
from threonate.physiology.assemble import _ONE_AT_A_TIME
from threonate.physiology.lean import TWIN, with_twins, without_unread

TEXT = """
model small()
  species A, B; compartment V = 1; A in V; B in V; A = 1; B = 0;
  const k = 2; const on = 0; const start = 3;
  move: A -> B; k * speed * A;
  speed := 1 + start;
  seen' = A - seen; seen = start;
  moved := seen + on;
  kept' = moved - kept; kept = 0;
  idle' = kept; idle = 0;
  aside := idle + 1;
end
"""


@pytest.fixture(scope="module")
def text():
    with _ONE_AT_A_TIME:
        antimony.clearPreviousLoads()
        assert antimony.loadAntimonyString(TEXT) >= 0, antimony.getLastError()
        return antimony.getSBMLString("small")


def test_what_nobody_reads_is_left_out_and_what_moves_matter_stays(text):
    lean = read_sbml(without_unread(text, ["seen"]))

    assert lean.states == ("A", "B", "seen")
    assert "speed" in lean.rules
    assert {"kept", "idle", "aside", "moved"}.isdisjoint(lean.readable)


def test_what_is_read_keeps_all_it_depends_on(text):
    assert read_sbml(without_unread(text, ["aside"])).states == read_sbml(text).states


def test_what_a_switch_reaches_is_there_twice_and_the_rest_once(text):
    whole, twice = with_twins(text, ["on"])
    network = read_sbml(whole)

    assert twice == {"on", "moved", "kept", "idle", "aside"}
    assert set(network.states) == {"A", "B", "seen", "kept", "idle", "kept" + TWIN, "idle" + TWIN}
    assert network.rules["aside" + TWIN] == f"idle{TWIN} + 1"
    assert network.rules["moved" + TWIN] == f"seen + on{TWIN}"
    assert "on" + TWIN in network.parameters


@pytest.mark.parametrize("switch", ["k", "start", "nowhere"])
def test_what_moves_matter_is_never_there_twice(text, switch):
    with pytest.raises(ModelError, match="Run the variants"):
        with_twins(text, [switch])
