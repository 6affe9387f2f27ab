"""The virtual rat: threonate, brain fluids, receptors and synapses; plasma magnesium and intake are given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tests.responses import shelf_with
from threonate.engine import CompiledNetwork, SubjectInputs, Tolerance, Trajectories, compile_network, solve_cohort
from threonate.evidence import with_responses
from threonate.physiology import assemble_body, read_sbml
from threonate.physiology.network import start_states
from threonate.schedule import ADD, SET, EventTable

Array = NDArray[np.float64]
DAY = 24.0
WEIGHT_KG = 0.3
SALT_MG_PER_KG, ELEMENTAL_MG_PER_KG = 604.0, 50.0  # SP008, SP009
THREONATE_PER_DAY = 2 * SALT_MG_PER_KG * WEIGHT_KG / 294.49  # mmol, BR114
OBSERVED = (
    "csf_Mg_csf", "csf_Mg_ecf", "csf_Mg_ventricle", "csf_Mg_subarachnoid", "csf_A_salt", "csf_Mg_cell_pool",
    "threonate_plasma", "nmda_N", "synapse_D",
)  # fmt: skip
SWITCHES = {
    "NULL": (0.0, 0.0, 0.0),
    "THREONATE": (1.0, 1.0, 0.0),
    "REPLETION": (0.0, 0.0, 1.0),
}  # threonate, salt, repletion
ARMS = {  # magnesium mg/d, threonate mmol/d, cofactor
    "controls": (0.0, 0.0, 0.0),
    "gluconate, citrate": (ELEMENTAL_MG_PER_KG * WEIGHT_KG, 0.0, 0.0),
    "MgT": (ELEMENTAL_MG_PER_KG * WEIGHT_KG, THREONATE_PER_DAY, 1.0),
    "sodium threonate": (0.0, THREONATE_PER_DAY, 0.0),
}


@lru_cache(maxsize=1)
def rat() -> CompiledNetwork:
    catalogue = with_responses(shelf_with("synapse"), ["synapse"])
    return compile_network(read_sbml(assemble_body(catalogue, species="rat")), OBSERVED)


@dataclass(frozen=True)
class Arm:
    """A group of rats: what they drink, what is believed, and what else was done to them."""

    name: str
    hypothesis: str
    fall: float = 0.07
    salt_effect: float = 0.07  # the upper end of its prior, as in the published comparison

    @property
    def settings(self) -> dict[str, float]:
        magnesium, _, cofactor = ARMS[self.name]
        threonate_on, salt_on, repletion_on = SWITCHES[self.hypothesis]
        return {
            "supplement_mg": magnesium,
            "cofactor": cofactor,
            "csf_threonate_on": threonate_on,
            "csf_salt_on": salt_on,
            "csf_repletion_on": repletion_on,
            "csf_a_Mg": self.salt_effect,
            "csf_fall": self.fall,
        }


def run(arms: list[Arm], days: list[float], stop_day: float | None = None) -> Trajectories:
    """Courses (arm, day); the water is drunk in twelve equal portions a day, until it is taken away."""
    settings = [arm.settings for arm in arms]
    names = tuple(settings[0])
    values = np.array([[each[name] for name in names] for each in settings])
    drunk = np.array([ARMS[arm.name][1] for arm in arms]) / 12.0
    end = days[-1] if stop_day is None else stop_day
    clock = np.arange(0.0, end * DAY, 2.0)
    portions = [(i, t, 0, ADD, drunk[i]) for i in range(len(arms)) for t in clock if drunk[i] > 0.0]
    if stop_day is not None:
        portions += [(i, stop_day * DAY, k, SET, 0.0) for i in range(len(arms)) for k in (1, 2)]
    return solve(names, values, sorted(portions), np.array(days) * DAY)


Event = tuple[int, float, int, int, float]  # subject, time, target, operation, value


def solve(
    names: tuple[str, ...], values: Array, events: list[Event], times_h: Array, **start: float
) -> Trajectories:  # fmt: skip
    """Courses of subjects with these settings; `start` replaces start values of states."""
    ready = rat()
    first = start_states(ready.network, names, values)
    for name, value in start.items():
        first[:, ready.network.states.index(name)] = value
    columns = list(zip(*events, strict=True)) if events else [[], [], [], [], []]
    kinds = (np.int64, np.float64, np.int64, np.int8, np.float64)
    arrays = [np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True)]
    table = EventTable(*arrays, targets=("threonate_gut", "supplement_mg", "cofactor"))
    inputs = SubjectInputs(names, values, ready.network.states, first)
    course = solve_cohort(ready, inputs, table, times_h, tolerance=Tolerance.TIGHT)
    assert course.ok.all()
    return course
