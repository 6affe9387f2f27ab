"""From a scenario to what each arm does to the subjects."""

from __future__ import annotations

import numpy as np

from threonate.endpoints import DayGrid
from threonate.evidence import Catalogue, Compound
from threonate.population import Cohort
from threonate.regimen import (
    CompoundMass,
    Eaters,
    Infusion,
    Product,
    Regimen,
    clock_hours,
    dose_times,
    dosing_events,
    infusion_of,
    swallowed_mmol,
    titration_over,
)
from threonate.schedule import EventTable
from threonate.simulation.arms import ArmPlan
from threonate.simulation.baseline import GUT_DAYS
from threonate.simulation.scenario import NO_COMPOUND, Scenario, daily_mass

_IV_COMPOUND = "sulfate_heptahydrate"


def product_of(scenario: Scenario, catalogue: Catalogue) -> Product | None:
    """The product that is swallowed; None for diet only."""
    if scenario.compound == NO_COMPOUND:
        return None
    return Product(catalogue.compounds[scenario.compound], scenario.label_mg_per_g)


def regimen_of(scenario: Scenario, catalogue: Catalogue) -> Regimen:
    """The schedule that a scenario asks for.

    Raises    RegimenError when it cannot be taken as written
    """
    hours = clock_hours(catalogue.schedules["default"])
    product = product_of(scenario, catalogue)
    times = dose_times(hours, scenario.doses_per_day, scenario.meals, scenario.dose_times_h) if product else ()
    return Regimen(
        product=product,
        daily=daily_mass(scenario, product),
        dose_times_h=times,
        meal_times_h=hours.meals,
        days=scenario.days,
        run_in_days=scenario.run_in_days,
        washout_days=scenario.washout_days,
        missed_dose_share=scenario.missed_dose_share,
        titration=titration_over(scenario.titrate_days, hours.titration_steps),
        infusions=_infusions(scenario, catalogue),
    )


def eaters_of(scenario: Scenario, cohort: Cohort, catalogue: Catalogue) -> Eaters:
    """What the schedule needs to know about the subjects."""
    fed_h = catalogue.parameters["gut.t_fed", "human"].value
    return Eaters(cohort.covariates["dietary_mg"], fed_h, scenario.seed, cohort.first)


def diet_events(scenario: Scenario, cohort: Cohort, catalogue: Catalogue) -> EventTable:
    """Meals alone, long enough to settle the gut and try a day."""
    hours = clock_hours(catalogue.schedules["default"])
    diet = Regimen(None, CompoundMass(0.0), (), hours.meals, days=1, run_in_days=GUT_DAYS)
    return dosing_events(diet, eaters_of(scenario, cohort, catalogue))


def poorly_soluble(compound: Compound | None) -> tuple[str, ...]:
    """Ids of compounds that need a copy of the undissolved chain."""
    return () if compound is None or compound.dissolved_share >= 1.0 else (compound.id,)


def plan_arm(scenario: Scenario, cohort: Cohort, catalogue: Catalogue, name: str) -> ArmPlan:
    """Everything an arm needs before it is solved."""
    regimen = regimen_of(scenario, catalogue)
    eaters = eaters_of(scenario, cohort, catalogue)
    compound = regimen.product.compound if regimen.product else None
    food, supplement = swallowed_mmol(regimen, eaters)
    infused = sum(infusion.mmol for infusion in regimen.infusions)
    return ArmPlan(
        id=name,
        title=arm_title(scenario, regimen),
        compound=compound,
        events=dosing_events(regimen, eaters),
        swallowed=food + supplement,
        supplement=np.asarray(supplement.sum(axis=1) + infused),
        grid=DayGrid(-regimen.run_in_days, regimen.total_days, regimen.washout_days),
    )


def arm_title(scenario: Scenario, regimen: Regimen) -> str:
    """What the arm is, for a legend."""
    parts = []
    if regimen.product is not None:
        elemental = regimen.product.elemental(regimen.daily).mg
        parts.append(f"{regimen.product.compound.title}, {elemental:.0f} mg Mg a day")
    if scenario.iv_mgso4_g is not None:
        parts.append(f"{scenario.iv_mgso4_g:g} g MgSO4 heptahydrate into a vein")
    return " + ".join(parts) or "diet only"


def _infusions(scenario: Scenario, catalogue: Catalogue) -> tuple[Infusion, ...]:
    if scenario.iv_mgso4_g is None:
        return ()
    salt = catalogue.compounds[_IV_COMPOUND]
    return (infusion_of(salt, scenario.iv_mgso4_g, scenario.iv_minutes, scenario.iv_hour),)
