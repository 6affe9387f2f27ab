"""From a regimen to the table of jumps that the solver steps through."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threonate.errors import RegimenError
from threonate.regimen.product import Product
from threonate.regimen.regimen import Regimen
from threonate.schedule import ADD, SET, EventTable
from threonate.units import HOURS_PER_DAY, mmol_from_mg

Array = NDArray[np.float64]
FIRST_SOLID = "solid_1_Mg_solid_0"
_MISSED_STREAM = 7_021
_SAME_TIME_H = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Eaters:
    """What the regimen needs to know about the subjects.

    diet_mg   (subject,) magnesium in food [mg/d]
    fed_h     length of the fed state after a meal [h]
    seed      decides which portions are forgotten; subject i forgets the same ones however many subjects there are
    first     number of the first subject, when these are a part of a larger cohort
    Raises    RegimenError when one of them is negative or not finite
    """

    diet_mg: Array
    fed_h: float
    seed: int
    first: int = 0

    def __post_init__(self) -> None:
        diet = np.asarray(self.diet_mg, dtype=np.float64)
        if diet.ndim != 1 or not np.isfinite(diet).all() or (diet < 0.0).any():
            raise RegimenError(
                "diet_mg holds something that is no amount; it must be one finite number of zero or more per subject "
                "[mg/d]. Correct the diet."
            )
        if not (math.isfinite(self.fed_h) and 0.0 < self.fed_h <= HOURS_PER_DAY):
            raise RegimenError(f"fed_h is {self.fed_h}; it must be above 0 and at most 24 h. Correct gut.t_fed.")
        if self.seed < 0:
            raise RegimenError(f"seed is {self.seed}; it must be a whole number of zero or more. Use another seed.")
        if self.first < 0:
            raise RegimenError(f"first is {self.first}; subjects are counted from 0. Give the number of the first one.")
        object.__setattr__(self, "diet_mg", diet)

    def __len__(self) -> int:
        return len(self.diet_mg)


@dataclass(frozen=True, slots=True, eq=False)
class Jump:
    """One kind of jump at one time for every subject; `value` is a number, or (subject,)."""

    time_h: float
    operation: int
    target: str
    value: Array | float


def dosing_events(regimen: Regimen, eaters: Eaters, solid: str = "") -> EventTable:
    """All meals, doses, infusions and switches of a run; the clock starts at midnight before the first run-in day.

    solid     SBML id that receives what does not dissolve at once; by default that of the first such compound of a run
    Returns   EventTable sorted by subject, then time; at one time switches come before amounts. Magnesium and
              counter-ion in mmol, Mg_infusion in mmol/h, supplement_mg in mg/d. Nothing lies at or after the end.

    >>> from threonate.evidence import read_catalogue
    >>> from threonate.regimen import CompoundMass, Product
    >>> threonate = Product(read_catalogue().compounds["l_threonate"])
    >>> regimen = Regimen(threonate, CompoundMass(2000), (9.0, 21.0), (7.0, 12.5, 19.0), days=2, run_in_days=1)
    >>> events = dosing_events(regimen, Eaters(np.array([300.0]), fed_h=3.0, seed=1))
    >>> sorted(events.targets)
    ['Mg_stomach', 'cofactor', 'fed', 'supplement_mg', 'threonate_gut']
    >>> swallowed = events.value[events.target == events.targets.index("Mg_stomach")]
    >>> round(float(swallowed.sum()) * 24.305)  # three days of food and two of 144 mg
    1188
    """
    jumps = [*_meals(regimen, eaters), *_fed_switches(regimen, eaters), *_infusions(regimen)]
    if regimen.product is not None:
        jumps += _doses(regimen, regimen.product, _taken(regimen, eaters), solid or FIRST_SOLID)
        jumps += _supplement_switches(regimen, regimen.product)
    jumps = [jump for jump in jumps if jump.time_h < regimen.end_h]
    jumps.sort(key=lambda jump: (jump.time_h, -jump.operation))
    return _table(jumps, len(eaters))


def swallowed_mmol(regimen: Regimen, eaters: Eaters) -> tuple[Array, Array]:
    """(subject, day) magnesium swallowed with food and with the supplement [mmol]; days from the first run-in day.

    Missed portions are not in it; they are those of dosing_events.

    >>> from threonate.regimen import CompoundMass
    >>> food, supplement = swallowed_mmol(
    ...     Regimen(None, CompoundMass(0), (), (7.0, 19.0), days=1, run_in_days=1), Eaters(np.array([243.05]), 3.0, 1)
    ... )
    >>> food.round(6).tolist(), supplement.tolist()
    ([[10.0, 10.0]], [[0.0, 0.0]])
    """
    eats = bool(regimen.meal_times_h)
    food = np.repeat(_mmol(eaters.diet_mg)[:, None] * eats, regimen.total_days, axis=1)
    supplement = np.zeros((len(eaters), regimen.total_days))
    if regimen.product is not None:
        daily = np.array([_daily_mmol(regimen, regimen.product, day) for day in range(regimen.days)])
        dosed = slice(regimen.run_in_days, regimen.run_in_days + regimen.days)
        supplement[:, dosed] = _taken(regimen, eaters).mean(axis=2) * daily
    return food, supplement


def _mmol(elemental_mg: Array) -> Array:
    return elemental_mg * mmol_from_mg(1.0)


def _daily_mmol(regimen: Regimen, product: Product, day: int) -> float:
    return product.elemental(regimen.mass_on(day)).millimole.value


def _taken(regimen: Regimen, eaters: Eaters) -> NDArray[np.bool_]:
    """(subject, day, portion) whether a portion is taken; each subject has his own stream."""
    shape = (regimen.days, len(regimen.dose_times_h))
    if regimen.missed_dose_share == 0.0:
        return np.ones((len(eaters), *shape), dtype=np.bool_)
    taken = np.empty((len(eaters), *shape), dtype=np.bool_)
    for subject in range(len(eaters)):
        key = np.random.SeedSequence([eaters.seed, _MISSED_STREAM, eaters.first + subject])
        taken[subject] = np.random.default_rng(key).random(shape) >= regimen.missed_dose_share
    return taken


def _meal_times(regimen: Regimen) -> Array:
    """Every meal of the run [h]."""
    days = np.arange(regimen.total_days)[:, None] * HOURS_PER_DAY
    return np.asarray(days + np.array(regimen.meal_times_h), dtype=np.float64).ravel()


def _meals(regimen: Regimen, eaters: Eaters) -> Iterator[Jump]:
    portion = _mmol(eaters.diet_mg) / max(1, len(regimen.meal_times_h))
    for time in _meal_times(regimen).tolist():
        yield Jump(time, ADD, "Mg_stomach", portion)


def _fed_switches(regimen: Regimen, eaters: Eaters) -> Iterator[Jump]:
    """The fed state; intervals that overlap or touch are one."""
    starts = _meal_times(regimen)
    if not len(starts):
        return
    apart = np.diff(starts) > eaters.fed_h + _SAME_TIME_H
    for time in starts[np.concatenate([[True], apart])].tolist():
        yield Jump(time, SET, "fed", 1.0)
    for time in starts[np.concatenate([apart, [True]])].tolist():
        yield Jump(time + eaters.fed_h, SET, "fed", 0.0)


def _doses(regimen: Regimen, product: Product, taken: NDArray[np.bool_], solid: str) -> Iterator[Jump]:
    portions = len(regimen.dose_times_h)
    dissolved = product.compound.dissolved_share
    for day in range(regimen.days):
        magnesium = _daily_mmol(regimen, product, day)
        amounts = {"Mg_stomach": magnesium * dissolved, solid: magnesium * (1.0 - dissolved)}
        if product.compound.counter_ion:
            amounts[f"{product.compound.counter_ion}_gut"] = product.counter_ion_mmol(regimen.mass_on(day))
        for k, hour in enumerate(regimen.dose_times_h):
            time = regimen.start_h + day * HOURS_PER_DAY + hour
            for target, amount in amounts.items():
                if amount > 0.0:
                    yield Jump(time, ADD, target, np.where(taken[:, day, k], amount / portions, 0.0))


def _supplement_switches(regimen: Regimen, product: Product) -> Iterator[Jump]:
    """The day's supplementary magnesium whenever it changes, and whether the counter-ion comes with magnesium."""
    last: float | None = None
    for day in range(regimen.days):
        daily = product.elemental(regimen.mass_on(day)).mg
        if daily != last:
            yield Jump(regimen.start_h + day * HOURS_PER_DAY, SET, "supplement_mg", daily)
            last = daily
    cofactor = product.magnesium_share_of_counter_ion if regimen.daily.mg else 0.0
    yield Jump(regimen.start_h, SET, "cofactor", cofactor)
    yield Jump(regimen.stop_h, SET, "supplement_mg", 0.0)
    yield Jump(regimen.stop_h, SET, "cofactor", 0.0)


def _infusions(regimen: Regimen) -> Iterator[Jump]:
    """The rate of everything that runs, at every start and end."""
    for time in sorted({edge for infusion in regimen.infusions for edge in (infusion.start_h, infusion.end_h)}):
        rate = sum(infusion.rate for infusion in regimen.infusions if infusion.start_h <= time < infusion.end_h)
        yield Jump(regimen.start_h + time, SET, "Mg_infusion", float(rate))


def _table(jumps: list[Jump], n: int) -> EventTable:
    """The same jumps for every subject, less the amounts of nothing."""
    targets = tuple(dict.fromkeys(jump.target for jump in jumps))
    times = np.array([jump.time_h for jump in jumps], dtype=np.float64)
    target = np.array([targets.index(jump.target) for jump in jumps], dtype=np.int64)
    operation = np.array([jump.operation for jump in jumps], dtype=np.int8)
    values = np.empty((n, len(jumps)))
    for column, jump in enumerate(jumps):
        values[:, column] = jump.value
    kept = (operation == SET) | (values > 0.0)
    whole = EventTable(
        subject=np.repeat(np.arange(n), len(jumps)),
        times_h=np.tile(times, n),
        target=np.tile(target, n),
        operation=np.tile(operation, n),
        value=values.ravel(),
        targets=targets,
    )
    return whole if kept.all() else whole.rows(kept.ravel())
