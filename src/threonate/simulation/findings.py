"""What the safety rules say about a run."""

from __future__ import annotations

import polars as pl

from threonate.evidence import Catalogue
from threonate.safety import Exposure, SafetyFinding, check_limits
from threonate.simulation.plan import daily_mass, product_of, regimen_of
from threonate.simulation.result import Arm
from threonate.simulation.scenario import Scenario

NO_BENEFIT_IN_CHILDREN = "children_threonate"
"""The limit that forbids a simulated benefit."""
_HIGH, _LOW = 0.95, 0.05
_DIALYSES = frozenset({"haemodialysis", "peritoneal_dialysis"})


def exposure_of(scenario: Scenario, catalogue: Catalogue, arm: Arm | None = None) -> Exposure:
    """What the safety rules ask about; levels are there once an arm has been solved.

    The level judged high is the 95th percentile of the subjects' peaks, the one judged low the 5th percentile of their
    daily means.
    """
    product = product_of(scenario, catalogue)
    mass = daily_mass(scenario, product)
    high, low = _levels(arm)
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
        highest_mmol_per_l=high,
        lowest_mmol_per_l=low,
        dialysis=bool(_DIALYSES & set(scenario.conditions)),
    )


def first_findings(scenario: Scenario, catalogue: Catalogue) -> tuple[SafetyFinding, ...]:
    """Findings that are known before anything is simulated."""
    return check_limits(exposure_of(scenario, catalogue), catalogue.limits)


def safety_findings(scenario: Scenario, arm: Arm, catalogue: Catalogue) -> tuple[SafetyFinding, ...]:
    """Findings for one arm, the most serious first."""
    return check_limits(exposure_of(scenario, catalogue, arm), catalogue.limits)


def _levels(arm: Arm | None) -> tuple[float | None, float | None]:
    if arm is None:
        return None, None
    peaks = arm.course.filter(pl.col("time_h") >= 0.0).group_by("subject").agg(pl.col("Mg_plasma").max())
    daily = arm.daily.filter((pl.col("endpoint") == "Mg_plasma") & (pl.col("day") >= 0))
    high = peaks["Mg_plasma"].drop_nulls().quantile(_HIGH, "linear")
    low = daily["value"].drop_nulls().quantile(_LOW, "linear")
    return (None if high is None else float(high)), (None if low is None else float(low))
