"""What the safety rules say about a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from threonate.evidence import Catalogue
from threonate.physiology.network import Array
from threonate.safety import SEVERITIES, Exposure, SafetyFinding, check_limits
from threonate.simulation.plan import product_of, regimen_of
from threonate.simulation.result import Arm
from threonate.simulation.scenario import Scenario, daily_mass

_NO_BENEFIT = "children_threonate"
"""The limit that forbids a simulated benefit."""
HIGH, LOW = 0.95, 0.05
_DIALYSES = frozenset({"haemodialysis", "peritoneal_dialysis"})


@dataclass(frozen=True, slots=True)
class Levels:
    """Plasma magnesium to judge [mmol/L]; None before anything is solved.

    high    95th percentile of the subjects' peaks
    low     5th percentile of their daily means
    """

    high: float | None = None
    low: float | None = None


def exposure_of(scenario: Scenario, catalogue: Catalogue, levels: Levels) -> Exposure:
    """What the safety rules ask about."""
    product = product_of(scenario, catalogue)
    mass = daily_mass(scenario, product)
    return Exposure(
        age=scenario.age,
        sex=scenario.sex,
        egfr=scenario.egfr,
        conditions=scenario.conditions,
        compound=product.compound.id if product else "",
        compound_mg_per_day=mass.mg,
        supplement_mg_per_day=product.elemental(mass).mg if product else 0.0,
        dietary_mg_per_day=scenario.dietary_mg,
        doses_per_day=scenario.doses_per_day,
        iv_mmol=sum(infusion.mmol for infusion in regimen_of(scenario, catalogue).infusions),
        highest_mmol_per_l=levels.high,
        lowest_mmol_per_l=levels.low,
        dialysis=bool(_DIALYSES & set(scenario.conditions)),
    )


def benefit_is_barred(scenario: Scenario, catalogue: Catalogue) -> bool:
    """Whether a limit forbids to simulate a benefit of L-threonate for these people."""
    limits = {name: limit for name, limit in catalogue.limits.items() if name == _NO_BENEFIT}
    return bool(check_limits(exposure_of(scenario, catalogue, Levels()), limits))


def findings_of(levels: Iterable[tuple[Scenario, Levels]], catalogue: Catalogue) -> tuple[SafetyFinding, ...]:
    """Findings for all scenarios of a run, each told once, the most serious first."""
    found: dict[str, SafetyFinding] = {}
    for scenario, reached in levels:
        for finding in check_limits(exposure_of(scenario, catalogue, reached), catalogue.limits):
            first = found.setdefault(finding.id, finding)
            if finding.value not in first.value:
                found[finding.id] = replace(first, value=f"{first.value}; {finding.value}")
    return tuple(sorted(found.values(), key=lambda finding: SEVERITIES.index(finding.severity)))


def levels_of(arm: Arm) -> Levels:
    """The levels that the subjects of one arm reach."""
    after = arm.course["time_h"].to_numpy() >= 0.0
    subject, level = (arm.course[name].to_numpy()[after] for name in ("subject", "Mg_plasma"))  # null reads as NaN
    peaks = np.full(subject.max(initial=-1) + 1, np.nan)
    np.fmax.at(peaks, subject, level)
    daily = arm.daily.filter((pl.col("endpoint") == "Mg_plasma") & (pl.col("day") >= 0))["value"].to_numpy()
    return Levels(_quantile(peaks, HIGH), _quantile(daily, LOW))


def _quantile(values: Array, share: float) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.quantile(known, share)) if len(known) else None
