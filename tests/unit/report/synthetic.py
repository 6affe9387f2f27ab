"""A made-up but plausible result: 2 g a day of magnesium L-threonate and three rivals, twelve weeks."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from threonate.safety.findings import SafetyFinding
from threonate.simulation.result import Arm, SimulationResult
from threonate.simulation.scenario import Scenario

PLASMA_RISE = {"l_threonate": 0.017, "citrate": 0.016, "oxide": 0.010, "glycinate": 0.017}
URINE_RISE = {"l_threonate": 1.1, "citrate": 1.07, "oxide": 0.66, "glycinate": 1.1}
SHARE = {"l_threonate": 0.185, "citrate": 0.182, "oxide": 0.112, "glycinate": 0.186}
DAILY_MMOL = 5.925


def make_scenario(**changed: Any) -> Scenario:
    return Scenario(**{"compound": "l_threonate", "compound_mg": 2000.0, **changed})


def make_result(compounds: tuple[str, ...] = ("l_threonate",), subjects: int = 24, **changed: Any) -> SimulationResult:
    """A result with both hypotheses for every compound; the last subject failed when there are more than 2."""
    scenario = make_scenario(subjects=subjects, **changed)
    arms = [
        make_arm(compound, hypothesis, scenario.model_dump(), subjects)
        for compound in compounds
        for hypothesis in ("null", "threonate")
    ]
    safety = (
        SafetyFinding(
            "eu_ul", "European upper level", "note", "Below the limit.", "144 mg/d; limit 250 mg/d", "SCF", ()
        ),
        SafetyFinding(
            "kidney", "Kidney function", "stop", "Extrapolation: watch the serum level.", "", "", ("fine_1991",)
        ),
    )
    provenance = {
        "program": "threonate",
        "version": "0.1.0",
        "library_hash": "0123abcd",
        "model_hash": "89ef4567",
        "seed": "1",
        "command": "threonate simulate --compound l_threonate --compound-mg 2000 --days 84 --seed 1",
    }
    people = pl.DataFrame({"subject": list(range(subjects)), "weight_kg": [70.0] * subjects})
    return SimulationResult(scenario, tuple(arms), safety, people, provenance, ("fine_1991", "slutsky_2010"))


def make_arm(compound: str, hypothesis: str, scenario: dict[str, Any], subjects: int) -> Arm:
    rng = np.random.default_rng(5)
    spread = np.ones(subjects) if subjects == 1 else rng.lognormal(0, 0.25, subjects)
    level = 0.85 + (0 if subjects == 1 else 0.05) * rng.standard_normal(subjects)
    urine = 4.2 * (np.ones(subjects) if subjects == 1 else rng.lognormal(0, 0.3, subjects))
    status = [not (subjects > 2 and index == subjects - 1) for index in range(subjects)]
    daily = [_daily(i, compound, hypothesis, scenario, (level[i], urine[i], spread[i])) for i in range(subjects)]
    course = [_course(i, compound, scenario, (level[i], urine[i], spread[i])) for i in range(subjects)]
    balance = [_balance(i, compound, hypothesis, scenario["days"], spread[i]) for i in range(subjects)]
    return Arm(
        id=f"{compound}-{hypothesis}",
        title=compound.replace("_", "-"),
        compound=compound,
        hypothesis=hypothesis,
        daily=pl.concat(daily),
        course=pl.concat(course),
        balance=pl.concat(balance),
        status=pl.DataFrame(
            {
                "subject": list(range(subjects)),
                "ok": status,
                "sentence": ["solved" if ok else "step size became too small at 12.0 h" for ok in status],
            }
        ),
    )


def _daily(
    subject: int, compound: str, hypothesis: str, scenario: dict[str, Any], person: tuple[float, float, float]
) -> pl.DataFrame:
    level, urine, spread = person
    days = np.arange(-scenario["run_in_days"], scenario["days"] + scenario["washout_days"])
    on = (days >= 0) & (days < scenario["days"])
    fill = np.where(on, 1 - np.exp(-(days + 1) / 1.6), 0.0)
    slow = np.where(days >= 0, 1 - np.exp(-(days + 1) / 60.0), 0.0)
    rise = PLASMA_RISE.get(compound, 0.0) * spread
    csf = 0.006 * fill * spread
    extra = 0.026 * spread**2 * np.where(on, 1 - np.exp(-(days + 1) / 12.0), 0.0)
    csf = csf + (extra if hypothesis == "threonate" and compound == "l_threonate" else 0.0)
    swallowed = 12.34 + np.where(on, DAILY_MMOL, 0.0)
    absorbed = 4.3 + np.where(on, SHARE[compound] * DAILY_MMOL * spread, 0.0)
    values = {
        "Mg_plasma": level + rise * fill,
        "Mg_plasma_ionised": 0.62 * (level + rise * fill),
        "Mg_urine_24h": urine + URINE_RISE[compound] * spread * fill,
        "Mg_faeces_24h": swallowed - absorbed,
        "Mg_absorbed_24h": absorbed,
        "fraction_absorbed": absorbed / swallowed,
        "FE_Mg": 0.04 + 0.01 * fill,
        "Mg_csf_relative": 1 + csf,
        "Mg_brain_ecf_relative": 1 + 0.8 * csf,
        "Mg_muscle": 450 + 0.9 * slow * spread,
        "Mg_bone": 200 + 4.1 * slow * spread,
        "Mg_red_cell": 2.38 + 0.01 * slow,
        "threonate_plasma": np.where(on, 41.0 * spread, 0.0),
    }
    frames = [
        pl.DataFrame({"day": days, "value": series}).with_columns(endpoint=pl.lit(name))
        for name, series in values.items()
    ]
    return pl.concat(frames).select(pl.lit(subject).alias("subject"), "day", "endpoint", "value")


def _course(subject: int, compound: str, scenario: dict[str, Any], person: tuple[float, float, float]) -> pl.DataFrame:
    level, urine, spread = person
    last = 24.0 * (scenario["days"] - 1)
    grid = np.arange(0, 24.01, 0.5)
    time = np.unique(np.concatenate([grid - 24.0, grid, grid + last]))
    wave = 0.008 * np.sin((time % 24 - 12) * np.pi / 12)
    rise = np.where(time > 0, PLASMA_RISE[compound] * spread * (1 - np.exp(-time / 40)), 0.0)
    pulses = sum(np.where((time % 24) >= hour, np.exp(-(time % 24 - hour) / 6), 0.0) for hour in (9.0, 21.0))
    rise = rise * (0.8 + 0.35 * pulses)
    if scenario["iv_mgso4_g"]:
        after = np.clip(time - scenario["iv_hour"], 0, None)
        rise = rise + np.where(after > 0, 0.35 * spread * (1 - np.exp(-after * 8)) * np.exp(-after / 8), 0.0)
    return pl.DataFrame(
        {
            "time_h": time,
            "Mg_plasma": level + wave + rise,
            "Mg_plasma_ionised": 0.62 * (level + wave + rise),
            "Mg_csf_relative": 1 + 0.3 * rise,
            "Mg_brain_ecf_relative": 1 + 0.25 * rise,
            "threonate_plasma": np.where(time > 0, 40.0 * pulses, 0.0),
            "Mg_urine_cumulative": urine * (time + 168) / 24,
        }
    ).select(pl.lit(subject).alias("subject"), pl.all())


def _balance(subject: int, compound: str, hypothesis: str, days: int, spread: float) -> pl.DataFrame:
    swallowed = DAILY_MMOL * days
    absorbed = SHARE[compound] * swallowed * min(spread, 3.0)
    done = days / 84
    bone, muscle, red, plasma, sweat = (
        4.1 * spread * done,
        0.9 * spread * done,
        0.02 * done,
        0.45 * spread * min(1, done),
        0.0,
    )
    brain = 2e-4 * spread * (4.0 if hypothesis == "threonate" and compound == "l_threonate" else 1.0)
    gut = 0.6 * DAILY_MMOL
    places = {
        "swallowed": swallowed,
        "faeces": swallowed - absorbed - gut,
        "urine": absorbed - bone - muscle - red - plasma - sweat - brain,
        "muscle": muscle,
        "bone": bone,
        "red_cells": red,
        "plasma": plasma,
        "sweat": sweat,
        "gut": gut,
        "brain": brain,
    }
    return pl.DataFrame({"subject": [subject] * len(places), "place": list(places), "mmol": list(places.values())})
