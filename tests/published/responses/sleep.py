"""Sleep against trials."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from tests.published.bench import Row
from tests.published.many import solve_many

WEEK = 168.0
STEP_H = 0.01
REPLETE = 0.034445


@dataclass(frozen=True)
class Night:
    """The last whole night: minutes asleep, and clock hours from and to."""

    minutes: float
    onset: float
    wake: float


@cache
def nights(age: float, days: int = 180, gain: float = 0.0, **values: float) -> tuple[Night, Night]:
    """With `gain` more drive and without, after some days in constant light and life."""
    clock = np.arange(24.0 * days - 36.0, 24.0 * days - 12.0, STEP_H)
    columns = {"older_insomnia": 1.0, "e_H": gain, **values}
    ports = {"age": age, "occupancy": 1.0, "cofactor": 0.0}
    names = ("awake", "TST", "awake_untreated", "TST_untreated")
    found = solve_many("sleep", columns, np.array([0.0, *clock]), *names, ports=ports)
    treated, untreated = (_night(clock, found[a][0], found[t][0]) for a, t in (names[:2], names[2:]))
    return treated, untreated


def _night(clock: np.ndarray, awake: np.ndarray, minutes: np.ndarray) -> Night:
    turns = np.diff(awake[1:])
    onset, wake = clock[1:][turns < 0.0], clock[1:][turns > 0.0]
    assert len(onset) == len(wake) == 1, "one bout a day"
    return Night(float(minutes[-1]), float(onset[0] % 24.0), float(wake[0] % 24.0))


@cache
def readout(
    *names: str,
    occupancy: float = 1.0,
    level_gate: float = REPLETE,
    threonate: float = 0.0,
    weeks: float = 8.0,
    **values: float,
) -> tuple[float, ...]:
    """What does not need a night, at once."""
    ports = {
        "occupancy": occupancy, "status_gate": level_gate, "cofactor": threonate, "treatment_time": weeks * WEEK,
    }  # fmt: skip
    found = solve_many("sleep", values, [0.0, 1e-6], *names, ports=ports)
    return tuple(float(found[name][0, 0]) for name in names)


def difference(name: str, **settings: float) -> float:
    """Readout with magnesium less the untreated one."""
    treated, untreated = readout(name, f"{name}_untreated", **settings)
    return treated - untreated


def gate(level: float) -> float:
    return 1.0 / (1.0 + math.exp((level - 0.75) / 0.03))


def longer(gain: float) -> float:
    """More sleep at 65 [min]."""
    treated, untreated = nights(65.0, gain=gain)
    return treated.minutes - untreated.minutes


ROWS = [
    Row(
        "latency_older_insomnia", "two trials, older adults with insomnia, 55 people", "time to fall asleep, min",
        lambda: difference("SOL", older_insomnia=1.0), -17.36, 0.005, -27.27, -7.44, "T", "SLP011; MRS16",
    ),
    Row(
        "sleep_older_insomnia", "the same", "sleep, min", lambda: longer(0.021), 16.1, 0.15, -5.99, 38.12, "T",
        "SLP013; MRS15", note="the interval crosses zero, and so does the band of the model",
    ),
    Row(
        "sleep_placebo_arm", "placebo arms of the same trials", "sleep, min", lambda: nights(65.0)[1].minutes,
        441.8, 0.5, 326.2, 456.0, "V", "SLP014", note="the core of age 65 as published, without insomnia",
    ),
    Row(
        "early_waking", "one trial, 43 people: early waking 1.01 against 1.03 h", "wake after sleep onset, min",
        lambda: difference("WASO", older_insomnia=1.0), 0.0, 1e-9, -2.6, 0.2, "V", "SLP015",
        note="no slope; the interval from the tabulated SDs",
    ),
    Row(
        "slow_wave_sleep", "twelve people, 30 mmol/d, crossover", "slow-wave sleep, min",
        lambda: difference("SWS"), 0.0, 1e-9, -8.1, 20.9, "V", "SLP008; SLP009", note="off by default",
    ),
    Row(
        "isi_bisglycinate", "bisglycinate, 155 people, 4 weeks, at 0.85 mmol/L", "insomnia severity, points",
        lambda: difference("ISI", weeks=4.0), -0.14, 0.01, -3.2, -0.008, "T", "SP078; SP079; MRS25",
        note="-1.6 at p 0.049; it sets the ceiling, and the gate keeps replete people far below it",
    ),
    Row(
        "isi_threonate", "magnesium L-threonate, 80 people, primary outcome null", "insomnia severity, points",
        lambda: difference("ISI", threonate=1.0, weeks=3.0), 0.0, 1e-9, -3.5, 3.5, "V", "SP035",
        note="no size was read; the interval is what 80 people can exclude, 0.44 SD of 8 points",
    ),
    Row(
        "psqi_threonate", "magnesium L-threonate after surgery, 109 people: no difference", "PSQI, points",
        lambda: difference("PSQI", threonate=1.0, weeks=13.0), 0.0, 1e-9, -1.1, 1.1, "V", "BR152",
        note="no size was read; what 109 people can exclude, 0.38 SD of 3 points",
    ),
    Row(
        "latency_threonate", "magnesium L-threonate, 100 people aged 37: no difference by ring",
        "time to fall asleep, min", lambda: difference("SOL", threonate=1.0, weeks=6.0), 0.0, 1e-9, -1.0, 1.0, "V",
        "SLP033", note="no interval was read: a difference below 1 min counts as none",
    ),
    Row(
        "psqi_melatonin_zinc", "melatonin with magnesium and zinc, 43 people, at an open gate", "PSQI, points",
        lambda: difference("PSQI", level_gate=1.0), -1.77, 0.01, -8.3, -5.4, "V", "SLP019", meets=False,
        note="not to be credited to magnesium: the melatonin is not in the text",
    ),
]  # fmt: skip
