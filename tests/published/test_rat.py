"""The virtual rat: what three hypotheses make of the rat studies, and where each fails."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.published.rat import ARMS, DAY, ELEMENTAL_MG_PER_KG, SWITCHES, WEIGHT_KG, Arm, rat, run, solve
from tests.responses import shelf_with

PLATEAU_DAY = 150.0
TABLE = {  # change of CSF magnesium at plateau, % of the own baseline
    "controls": {"NULL": -7.0, "THREONATE": -7.0, "REPLETION": -7.0},
    "gluconate, citrate": {"NULL": -7.0, "THREONATE": -0.5, "REPLETION": 0.0},
    "MgT": {"NULL": -7.0, "THREONATE": 6.0, "REPLETION": 0.0},
    "sodium threonate": {"NULL": -7.0, "THREONATE": -7.0, "REPLETION": -7.0},
}
REPORTED = {"controls": -7.0, "gluconate, citrate": 0.0, "MgT": 7.0}
GROUPS = [Arm(name, hypothesis) for name in ARMS for hypothesis in SWITCHES]


@cache
def levels(observable: str) -> dict[tuple[str, str], dict[float, float]]:
    """Level relative to baseline by arm and hypothesis, then day."""
    days = [0.0, 12.0, 24.0, PLATEAU_DAY]
    values = run(GROUPS, days).of(observable)
    return {
        (arm.name, arm.hypothesis): dict(zip(days, map(float, row), strict=True))
        for arm, row in zip(GROUPS, values, strict=True)
    }


def change(name: str, hypothesis: str, day: float) -> float:
    return 100.0 * (levels("csf_Mg_csf")[name, hypothesis][day] - 1.0)


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("hypothesis", SWITCHES)
def test_plateaus_of_the_three_hypotheses(name: str, hypothesis: str) -> None:
    assert change(name, hypothesis, PLATEAU_DAY) == pytest.approx(TABLE[name][hypothesis], abs=0.06)


@pytest.mark.parametrize(
    ("hypothesis", "missed"),
    [("NULL", {"gluconate, citrate", "MgT"}), ("REPLETION", {"MgT"}), ("THREONATE", set())],
)
def test_what_each_hypothesis_misses(hypothesis: str, missed: set[str]) -> None:
    """THREONATE was built on these numbers and proves nothing."""
    off = {name for name, level in REPORTED.items() if abs(change(name, hypothesis, PLATEAU_DAY) - level) > 1.1}

    assert off == missed


def test_at_the_reported_day_the_assumed_delay_leaves_it_short() -> None:
    """The +7 % were read on day 24; with 12 d of delay the plateau of +6 % stands at +4 % then."""
    assert change("MgT", "THREONATE", 24.0) == pytest.approx(4.1, abs=0.1)


def test_threonate_in_plasma_has_the_exposure_of_the_table() -> None:
    """604 mg/kg a day over 0.227 L/h: 226 umol/L on average [MBR13]; a portion every two hours ripples about it."""
    times = 24.0 * 20 + np.linspace(0.0, 2.0, 41)
    course = run([Arm("MgT", "NULL")], [0.0, *map(float, times / DAY)])
    level = course.of("threonate_plasma")[0, 1:]

    assert float(np.mean((level[1:] + level[:-1]) / 2)) == pytest.approx(226.0, rel=0.01)


@pytest.mark.parametrize(("days", "share"), [(3, 98), (5, 92), (12, 73), (20, 65)])
def test_day_12_relative_to_day_24(days: float, share: float) -> None:
    names = ("csf_tau_A", "csf_salt_on", "supplement_mg")
    values = np.array([[DAY * days, 1.0, ELEMENTAL_MG_PER_KG * WEIGHT_KG]])
    risen = solve(names, values, [], DAY * np.array([0.0, 12.0, 24.0])).of("csf_A_salt")[0]

    assert 100.0 * risen[1] / risen[2] == pytest.approx(share, abs=0.7)


@pytest.mark.parametrize(("hypothesis", "expected"), [("NULL", -21.7), ("THREONATE", -10.7), ("REPLETION", 0.0)])
def test_vincristine(hypothesis: str, expected: float) -> None:
    """Injury took 21.7 % from CSF magnesium, MgT brought it back [BR102, BR103]: only REPLETION does that."""
    untreated, treated = run(
        [Arm("controls", hypothesis, 0.217), Arm("MgT", hypothesis, 0.217)], [0.0, PLATEAU_DAY]
    ).of("csf_Mg_csf")[:, -1]

    assert 100.0 * (untreated - 1.0) == pytest.approx(-21.7, abs=0.01)
    assert 100.0 * (treated - 1.0) == pytest.approx(expected, abs=0.05)


def test_no_plasma_rise_of_food_explains_seven_percent() -> None:
    """Needed are x1.33 for +7 % and x1.99 for +15 %; i.p. salt left brain magnesium unchanged [SP025]."""
    ratios = np.linspace(1.0, 2.5, 301)
    reference = rat().network.parameters["Mg_plasma_reference"]
    values = np.stack([reference / ratios, np.full(301, 0.356)], axis=1)
    course = solve(("Mg_plasma_reference", "csf_k"), values, [], np.array([0.0, DAY * 60]))
    risen = course.of("csf_Mg_csf")[:, -1]

    assert ratios[np.argmax(risen >= 1.07)] == pytest.approx(1.33, abs=0.01)
    assert ratios[np.argmax(risen >= 1.15)] == pytest.approx(1.99, abs=0.01)


@pytest.mark.parametrize(("where", "minutes"), [("csf_Mg_ventricle", 16), ("csf_Mg_subarachnoid", 63)])
def test_csf_of_the_rat_empties(where: str, minutes: float) -> None:
    times = np.linspace(0.0, 3.0, 721)
    start = {"csf_Mg_ventricle": 1.5, "csf_Mg_subarachnoid": 1.5}
    level = solve(("csf_k",), np.array([[0.356]]), [], times, **start).of(where)[0]

    assert 60.0 * times[np.argmax(level < 1.25)] == pytest.approx(minutes, abs=0.8)


@pytest.mark.parametrize(("k", "fall"), [(0.356, -20.8), (0.401, -22.3)])
def test_forty_days_at_half_the_plasma_level(k: float, fall: float) -> None:
    """Whole brain stayed stable [BR050]; the fluid of the model falls by a fifth."""
    reference = 2.0 * rat().network.parameters["Mg_plasma_reference"]
    values = np.array([[reference, k]])
    level = solve(("Mg_plasma_reference", "csf_k"), values, [], np.array([0.0, 40 * DAY])).of("csf_Mg_csf")[0, -1]

    assert 100.0 * (level - 1.0) == pytest.approx(fall, abs=0.1)


@pytest.mark.parametrize(
    ("day", "against_own", "against_controls"), [(24.0, 1.011, 1.067), (PLATEAU_DAY, 1.055, 1.128)]
)
def test_receptors_of_treated_rats_fall_far_short_of_the_report(
    day: float, against_own: float, against_controls: float
) -> None:
    """NR2B +42 to +60 % was reported [SP011, SP012]; a known misfit, and eta is not tuned to it."""
    treated = levels("nmda_N")["MgT", "THREONATE"][day]
    controls = levels("nmda_N")["controls", "THREONATE"][day]

    assert treated == pytest.approx(against_own, abs=0.001)
    assert treated / controls == pytest.approx(against_controls, abs=0.001)
    assert treated / controls < 1.42


def test_synapses_of_treated_rats() -> None:
    treated, controls = (levels("synapse_D")[name, "THREONATE"][PLATEAU_DAY] for name in ("MgT", "controls"))

    assert (treated, treated / controls) == pytest.approx((1.027, 1.061), abs=0.001)


def test_after_stopping_the_gain_over_controls_outlasts_twelve_days() -> None:
    """Sixty days, then plain water: aged rats kept the gain about 12 d, young ones lost it [SP019]."""
    course = run([Arm("MgT", "THREONATE"), Arm("controls", "THREONATE")], [0.0, 60.0, 72.0, 200.0], stop_day=60.0)
    gain = course.of("synapse_D")[0] / course.of("synapse_D")[1] - 1.0

    assert gain[2] / gain[1] > 0.9
    assert gain[3] / gain[1] < 0.05


def test_rats_keep_their_own_numbers() -> None:
    parameters = rat().network.parameters
    shelf = shelf_with("synapse").parameters

    for (name, species), row in shelf.items():
        if species == "rat" and name.split(".")[0] in ("csf", "l_threonate"):
            assert parameters[name.replace(".", "_")] == row.value, name
    assert parameters["csf_V_1"] + parameters["csf_V_2"] == pytest.approx(0.300)
    assert 60 * 0.300 / parameters["csf_Q"] == pytest.approx(136, abs=1)  # turnover, minutes
