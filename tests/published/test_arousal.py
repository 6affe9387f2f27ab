"""Arousal dynamics: sleep, melatonin, and the drive of the sleep neurons."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.published.many import solve_many
from threonate.evidence import read_catalogue

DAYS = 40
STEP_H = 0.01
MIDNIGHTS = np.arange(0.0, 24.0 * DAYS + 1.0, 24.0)
LAST = np.arange(24.0 * (DAYS - 2) + 12.0, 24.0 * (DAYS - 1) + 12.0, STEP_H)
TIMES = np.union1d(MIDNIGHTS, LAST)
BRAIN = {"Mg_ecf_relative": 1.10, "Mg_synapse": 0.803}


@cache
def night(drive: float = -10.3, gaba: float = 0.0, nmda: float = 0.0) -> dict[str, float]:
    """From noon to noon: hours asleep, onset and bouts; peak of melatonin and its hour."""
    columns = {"A_v": drive, "GABA_on": gaba, "NMDA_on": nmda}
    course = solve_many("arousal", columns, TIMES, "slept", "awake", "rho", ports=BRAIN)
    slept = course["slept"][0][np.isin(TIMES, MIDNIGHTS)]
    inside = np.isin(TIMES, LAST)
    turns = np.diff((course["awake"][0][inside] > 0.5).astype(int))
    rho = course["rho"][0][inside]
    return {
        "hours": float(np.diff(slept)[-1]) / 60.0,
        "onset": float(LAST[1:][turns < 0][0] % 24.0),
        "bouts": float((turns < 0).sum()),
        "peak": float(rho.max()),
        "peak_at": float(LAST[rho.argmax()] % 24.0),
    }


def test_sleep_of_the_reference() -> None:
    assert night()["hours"] == pytest.approx(8.55, abs=0.01)
    assert night()["onset"] == pytest.approx(21.8, abs=0.06)
    assert night()["bouts"] == 1


def test_melatonin_of_the_reference() -> None:
    assert night()["peak"] == pytest.approx(284.0, abs=1.0)
    assert night()["peak_at"] == pytest.approx(3.3, abs=0.06)


def test_more_drive_of_the_sleep_neurons() -> None:
    """0.1 mV: 6.2 minutes more, 15 minutes earlier."""
    assert 60.0 * (night(-10.2)["hours"] - night()["hours"]) == pytest.approx(6.2, abs=0.2)
    assert 60.0 * (night()["onset"] - night(-10.2)["onset"]) == pytest.approx(15.0, abs=1.0)


def test_brain_magnesium_acts_only_when_asked() -> None:
    """The ports stand at ten percent more magnesium throughout."""
    assert night(gaba=1.0)["hours"] > night()["hours"]
    assert night(nmda=1.0)["hours"] > night()["hours"]


def test_a_tenth_more_magnesium_unblocks_seven_hundredths_less() -> None:
    found = solve_many("arousal", {}, [0.0, 1.0], "unblocked", ports={"Mg_ecf_relative": [1.07, 1.15]})["unblocked"]

    assert found[:, 0] == pytest.approx([-0.05, -0.11], abs=0.003)


def test_provisional_melatonin_is_not_an_endpoint() -> None:
    endpoints = read_catalogue().responses["arousal"].endpoints

    assert not [name for name, endpoint in endpoints.items() if endpoint.symbol in ("arousal.rho", "arousal.A")]
