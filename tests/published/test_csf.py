"""CSF: the barrier, and what two hypotheses predict for 2 g of magnesium L-threonate a day."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm, qmc

from tests import protocol
from threonate.engine import CompiledNetwork, SubjectInputs, Tolerance, Trajectories, compile_network, solve_cohort
from threonate.evidence import Species
from threonate.physiology import assemble_body, read_sbml
from threonate.physiology.network import start_states
from threonate.schedule import NO_EVENTS, SET, EventTable

Array = NDArray[np.float64]
MINUTES = 1.0 / 60.0


@lru_cache(maxsize=2)
def barrier(species: Species = "human") -> CompiledNetwork:
    """The brain side alone; plasma and threonate are given from outside."""
    network = read_sbml(assemble_body(protocol.catalogue(), organs=["csf"], species=species))
    observables = ("csf_Mg_ventricle", "csf_Mg_subarachnoid", "csf_Mg_ecf", "csf_Mg_csf", "csf_entry", "csf_Mg_neuron")
    return compile_network(network, observables)


def drive(columns: dict[str, Array], times_h: Array, events: EventTable | None = None, **start: float) -> Trajectories:
    """Courses for subjects whose plasma stands at `plasma` times their own level."""
    compiled = barrier()
    n = len(columns["plasma"])
    plasma = columns.pop("plasma")
    given = {"Mg_plasma_reference": np.ones(n), "V_plasma": np.ones(n), "threonate_plasma": np.zeros(n)} | columns
    given.setdefault("threonate_brain_ecf", np.zeros(n))
    symbols = tuple(given)
    values = np.stack([np.broadcast_to(given[name], (n,)) for name in symbols], axis=1)
    states = start_states(compiled.network, symbols, values)
    states[:, compiled.network.states.index("Mg_plasma")] = plasma
    for name, value in start.items():
        states[:, compiled.network.states.index(name)] = value
    inputs = SubjectInputs(symbols, values, compiled.network.states, states)
    course = solve_cohort(compiled, inputs, events or NO_EVENTS, times_h, tolerance=Tolerance.TIGHT)
    assert course.ok.all()
    return course


@pytest.mark.parametrize(
    ("k", "ratio", "entry"),
    [
        (0.356, 0.3, 0.620),
        (0.356, 0.5, 0.792),
        (0.356, 2.0, 1.151),
        (0.401, 0.3, 0.600),
        (0.401, 0.5, 0.777),
        (0.401, 2.0, 1.167),
    ],
)
def test_entry_saturates(k: float, ratio: float, entry: float) -> None:
    course = drive({"plasma": np.array([ratio]), "csf_k": np.array([k])}, np.array([0.0, 1e-3]))

    assert course.of("csf_entry")[0, 0] == pytest.approx(entry, abs=0.0006)


def clock(*points: tuple[float, float]) -> tuple[EventTable, float]:
    """Plasma that moves in straight lines between (minute, ratio) points, in steps of a minute."""
    minutes, ratios = np.array(points).T
    steps = np.arange(minutes[0], minutes[-1])
    values = np.interp(steps + 0.5, minutes, ratios)
    n = len(steps)
    table = EventTable(
        np.zeros(n, dtype=np.int64),
        steps * MINUTES,
        np.zeros(n, dtype=np.int64),
        np.full(n, SET, dtype=np.int8),
        values,
        ("Mg_plasma",),
    )
    return table, float(ratios[0])


FITTED = {"csf_k": np.array([0.356]), "csf_cx": np.array([1.17])}
FUCHS_BUDER = ((0, 1.9), (30, 1.676), (90, 1.284), (240, 1.108), (600, 1.0))
BREWER = ((0, 1.0), (30, 1.534), (60, 1.40), (240, 1.15))
MERCIERI = ((0, 1.0), (30, 1.9), (360, 1.8))


@pytest.mark.parametrize(
    ("points", "minute", "where", "level"),
    [
        (((0, 2.0), (9 * 1440, 2.0)), 9 * 1440, "csf_Mg_ventricle", 1.151),
        (((0, 2.5), (1440, 2.5)), 1440, "csf_Mg_ventricle", 1.161),
        (BREWER, 240, "csf_Mg_ventricle", 1.038),
        (MERCIERI, 360, "csf_Mg_subarachnoid", 1.055),
        (FUCHS_BUDER, 30, "csf_Mg_ventricle", 1.038),
        (FUCHS_BUDER, 90, "csf_Mg_ventricle", 1.055),
        (FUCHS_BUDER, 240, "csf_Mg_ventricle", 1.032),
    ],
)
def test_infusion_studies_as_fitted(
    points: tuple[tuple[float, float], ...], minute: float, where: str, level: float
) -> None:
    """The fit of two constants to five studies; three points miss the data and stay in sight."""
    events, first = clock(*points)
    if len(set(ratio for _, ratio in points)) == 1:
        events = None  # type: ignore[assignment]
    course = drive({"plasma": np.array([first]), **FITTED}, np.array([0.0, minute * MINUTES]), events)

    assert course.of(where)[0, -1] == pytest.approx(level, abs=0.005)


@pytest.mark.parametrize(("where", "minutes"), [("csf_Mg_ventricle", 42), ("csf_Mg_subarachnoid", 150)])
def test_csf_empties_with_the_published_flow(where: str, minutes: float) -> None:
    times = np.linspace(0.0, 5.0, 301)
    course = drive(
        {"plasma": np.array([1.0]), "csf_k": np.array([0.356])}, times, csf_Mg_ventricle=1.5, csf_Mg_subarachnoid=1.5
    )
    half = times[np.argmax(course.of(where)[0] < 1.25)] / MINUTES

    assert half == pytest.approx(minutes, abs=0.03 * minutes + 1)


@lru_cache(maxsize=1)
def priors() -> dict[str, Array]:
    """2,048 evenly spread draws of the prior that the prediction rests on; the spreads come from the shelf."""
    shelf = protocol.catalogue().parameters
    z = qmc.Sobol(6, seed=2).random(2048)
    k, low, high = shelf["csf.k", "human"], shelf["csf.A_rat", "human"], shelf["csf.q_ET50", "human"]
    rise = np.maximum(norm(0.04, 0.01).ppf(z[:, 0]) * (0.25 + 0.5 * z[:, 1]), -0.01)
    level = norm(0.85, 0.05).ppf(z[:, 2])
    assert low.low is not None
    assert low.high is not None
    assert high.low is not None
    assert high.high is not None
    exposure = np.exp(np.log(0.186) + 0.5 * norm.ppf(z[:, 4]))
    effect = low.low + (low.high - low.low) * z[:, 3]
    q = high.low * (high.high / high.low) ** z[:, 5]
    spread = np.random.default_rng(1).permutation(qmc.Sobol(1, seed=3).random(2048)[:, 0])
    return {
        "plasma": 1.0 + rise / level,
        "csf_k": k.value * np.exp(k.uncertainty_sd * norm.ppf(spread)),
        "csf_A_rat": effect,
        "csf_q_ET50": q,
        "exposure": exposure,
    }


def predicted(threonate: bool, effect_shift: float = 0.0) -> Array:
    """CSF magnesium after 200 days at the mean exposure of 2 g a day [% above baseline]."""
    drawn = dict(priors())
    rat = protocol.catalogue().parameters["csf.T_rat", "human"].value
    drawn["threonate_plasma"] = drawn.pop("exposure") * rat
    drawn["csf_A_rat"] = drawn["csf_A_rat"] + effect_shift
    ones = np.ones(len(drawn["csf_k"]))
    drawn |= {"csf_threonate_on": ones * float(threonate), "cofactor": ones}
    course = drive(drawn, np.array([0.0, 24.0 * 200]))
    return np.asarray(100.0 * (course.of("csf_Mg_csf")[:, -1] - 1.0))


def band(values: Array) -> list[float]:
    return [float(v) for v in np.percentile(values, [5, 50, 95])]


def test_null_prediction_and_its_interval() -> None:
    assert band(predicted(False)) == pytest.approx([0.3, 0.6, 1.3], abs=0.05)


def test_threonate_prediction_and_its_interval() -> None:
    values = predicted(True)

    assert band(values) == pytest.approx([1.2, 3.1, 7.6], abs=0.06)
    assert np.mean(values >= 7.0) == pytest.approx(0.074, abs=0.006)


def test_whole_rat_contrast_read_as_threonate_specific() -> None:
    assert band(predicted(True, effect_shift=0.04)) == pytest.approx([1.8, 4.6, 10.7], abs=0.11)


@pytest.mark.parametrize(
    ("transfer", "low", "median", "high", "over_seven"),
    [(0.25, 0.3, 0.8, 5.1, 0.018), (0.50, 0.3, 1.3, 6.5, 0.037), (0.75, 0.4, 2.4, 7.2, 0.056)],
)
def test_mixtures_of_the_two_hypotheses(
    transfer: float, low: float, median: float, high: float, over_seven: float
) -> None:
    null, threonate = predicted(False), predicted(True)
    picks = np.random.default_rng(5).permutation(len(null)) < transfer * len(null)
    mixed = np.where(picks, threonate, null)

    assert band(mixed) == pytest.approx([low, median, high], abs=0.16)
    assert np.mean(mixed >= 7.0) == pytest.approx(over_seven, abs=0.006)


def test_the_human_null_after_a_month_of_lactate() -> None:
    """Brain magnesium unchanged, urine up by 1.2 to 1.3 mmol a day [SP057-SP060]."""
    doses = protocol.diet(300, 37) + protocol.supplement(12 * 24.305, "lactate", protocol.MEALS, 30, first_day=7)
    course = protocol.run(
        protocol.Protocol(24.0 * 37, doses, meals=protocol.mealtimes(37), step_h=24.0, tolerance=Tolerance.TIGHT)
    )
    urine = np.diff(course.of("kidney_Mg_urine")[0])
    neuron = course.of("csf_Mg_neuron")[0]

    assert urine[-1] - urine[6] == pytest.approx(1.41, abs=0.02)  # 1.46 once bone has filled
    assert 0.0 < neuron[-1] - 1.0 < 0.008
    cells = course.of("red_cells_Mg_concentration")[0]
    assert cells[-1] / cells[7] - 1.0 < 0.01
