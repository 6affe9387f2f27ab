"""The common benchmark model: 42 states, 168 doses in 84 days, 28 values that differ between subjects."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import antimony
import numpy as np

from benchmarks.problem import Array, Problem
from threonate.engine import SubjectInputs, compile_network
from threonate.errors import ModelError
from threonate.physiology import Network, read_sbml
from threonate.physiology.network import start_states
from threonate.schedule import ADD, EventTable

TEXT = Path(__file__).with_name("common.ant")
OBSERVABLES = ("plasma", "red_cells", "csf_lower", "neurons", "urine", "synapse")
SPREAD = {
    "k_dissolve": 0.3, "k_0": 0.3, "k_1": 0.2, "k_4": 0.2, "k_6": 0.3, "V_max": 0.3, "K_m": 0.2, "k_passive": 0.3,
    "V_plasma": 0.15, "k_tissue": 0.25, "k_muscle_fast": 0.3, "k_bone_fast": 0.3, "k_bone_slow": 0.4, "GFR": 0.25,
    "K_threshold": 0.05, "k_hormone": 0.2, "e_vitamin": 0.3, "k_brain": 0.25, "k_neurons": 0.3, "V_choroid": 0.15,
    "k_ion_0": 0.3, "V_ion_max": 0.3, "CL_ion": 0.25, "k_ion_neurons": 0.3, "k_receptor": 0.25, "k_synapse": 0.25,
    "diet": 0.25,
}  # fmt: skip
"""Standard deviation of the logarithm; the dose is the 28th."""
DOSE_SPREAD = 0.3
DOSE_MMOL, ION_MMOL, INTERVAL_H, DAYS, DENSE = 3.0, 6.0, 12.0, 84, 96


@lru_cache(maxsize=1)
def common_network() -> Network:
    """The model, read.

    Raises    ModelError when Antimony refuses the text
    """
    antimony.clearPreviousLoads()
    if antimony.loadAntimonyFile(str(TEXT)) < 0:
        raise ModelError(antimony.getLastError())
    return read_sbml(antimony.getSBMLString("common_benchmark"))


def make_problem(subjects: int) -> Problem:
    """Subjects with their own values and dose; the draw of a subject does not depend on how many there are."""
    network = common_network()
    draws = np.random.default_rng(1).normal(size=(subjects, len(SPREAD) + 1))
    typical = np.array([network.parameters[name] for name in SPREAD])
    values = typical * np.exp(np.array(list(SPREAD.values())) * draws[:, :-1])
    doses = DOSE_MMOL * np.exp(DOSE_SPREAD * draws[:, -1])
    start = start_states(network, tuple(SPREAD), values)
    return Problem(
        name="common",
        title="the common benchmark model, 84 days, two doses a day",
        compiled=compile_network(network, OBSERVABLES),
        inputs=SubjectInputs(tuple(SPREAD), values, network.states, start),
        events=_events(doses),
        times_h=recorded_times(),
    )


def recorded_times() -> Array:
    """The start, the end of every day and, on the last day, every quarter of an hour [h]."""
    daily = np.arange(DAYS) * 24.0
    return np.concatenate([daily, daily[-1] + 24.0 / DENSE * np.arange(1, DENSE + 1)])


def _events(doses: Array) -> EventTable:
    """Both parts of every dose, from time 0 on."""
    count = len(doses)
    times = np.repeat(np.arange(0.0, DAYS * 24.0, INTERVAL_H), 2)
    each = len(times)
    target = np.tile([0, 1], each // 2)
    return EventTable(
        subject=np.repeat(np.arange(count), each),
        times_h=np.tile(times, count),
        target=np.tile(target, count),
        operation=np.full(count * each, ADD, dtype=np.int8),
        value=np.where(target == 0, doses[:, None], ION_MMOL).ravel(),
        targets=("solid_0", "ion_gut_0"),
    )
