"""From a regimen to the table of jumps that the solver steps through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from threonate.regimen.amounts import CompoundMass
from threonate.regimen.regimen import Regimen
from threonate.schedule import ADD, SET, EventTable
from threonate.units import HOURS_PER_DAY, mmol_from_mg

Array = NDArray[np.float64]
_MISSED_STREAM = 7_021


@dataclass(frozen=True, slots=True)
class Eaters:
    """What the regimen needs to know about the subjects.

    diet_mg   (subject,) magnesium in food [mg/d]
    fed_h     length of the fed state after a meal [h]
    seed      decides which portions are forgotten
    """

    diet_mg: Array
    fed_h: float
    seed: int

    def __len__(self) -> int:
        return len(self.diet_mg)


@dataclass(frozen=True, slots=True)
class Jump:
    """One kind of jump at one time for every subject; `value` is (subject,) or a scalar."""

    time_h: float
    operation: int
    target: str
    value: Array


def dosing_events(regimen: Regimen, eaters: Eaters, solid: str = "") -> EventTable:
    """All meals, doses, infusions and switches of a run; the clock starts at midnight before the first run-in day.

    solid     SBML id of the undissolved chain's first state, for a poorly soluble compound
    Returns   EventTable sorted by subject, then time; at one time switches come before amounts
    """
    jumps = _meals(regimen, eaters) + _fed_switches(regimen, eaters) + _infusions(regimen, eaters)
    if regimen.product is not None:
        jumps += _doses(regimen, eaters, solid) + _daily_switches(regimen, eaters)
    jumps.sort(key=lambda jump: (jump.time_h, -jump.operation))
    return _table(jumps, len(eaters))


def swallowed_mmol(regimen: Regimen, eaters: Eaters) -> tuple[Array, Array]:
    """(subject, day) magnesium swallowed with food and with the supplement [mmol]; days from the first run-in day."""
    n, days = len(eaters), regimen.total_days
    food = np.repeat(mmol_from_mg_array(eaters.diet_mg)[:, None], days, axis=1)
    supplement = np.zeros((n, days))
    if regimen.product is not None:
        taken = _taken(regimen, eaters).mean(axis=2) if regimen.dose_times_h else np.zeros((n, regimen.days))
        daily = np.array([_daily_mmol(regimen, day) for day in range(regimen.days)])
        supplement[:, regimen.run_in_days : regimen.run_in_days + regimen.days] = taken * daily
    return food, supplement


def mmol_from_mg_array(mg: Array) -> Array:
    """Magnesium amounts [mmol] of masses [mg]."""
    return np.asarray(mg, dtype=np.float64) * mmol_from_mg(1.0)


def _mass(regimen: Regimen, day: int) -> CompoundMass:
    return CompoundMass(regimen.daily.mg * regimen.titration.share(day))


def _daily_mmol(regimen: Regimen, day: int) -> float:
    return regimen.product.elemental(_mass(regimen, day)).millimole.value if regimen.product else 0.0


def _taken(regimen: Regimen, eaters: Eaters) -> NDArray[np.bool_]:
    """(subject, day, portion) whether a portion is taken; each subject has his own stream."""
    shape = (regimen.days, len(regimen.dose_times_h))
    if regimen.missed_dose_share == 0.0:
        return np.ones((len(eaters), *shape), dtype=np.bool_)
    streams = (np.random.default_rng([eaters.seed, _MISSED_STREAM, subject]) for subject in range(len(eaters)))
    return np.stack([stream.random(shape) >= regimen.missed_dose_share for stream in streams])


def _meals(regimen: Regimen, eaters: Eaters) -> list[Jump]:
    portion = mmol_from_mg_array(eaters.diet_mg) / max(1, len(regimen.meal_times_h))
    return [
        Jump(day * HOURS_PER_DAY + hour, ADD, "Mg_stomach", portion)
        for day in range(regimen.total_days)
        for hour in regimen.meal_times_h
    ]


def _fed_switches(regimen: Regimen, eaters: Eaters) -> list[Jump]:
    starts = [day * HOURS_PER_DAY + hour for day in range(regimen.total_days) for hour in regimen.meal_times_h]
    on, off = np.ones(len(eaters)), np.zeros(len(eaters))
    jumps = []
    for k, start in enumerate(starts):
        if k == 0 or starts[k - 1] + eaters.fed_h < start:
            jumps.append(Jump(start, SET, "fed", on))
        if k + 1 == len(starts) or starts[k + 1] > start + eaters.fed_h:
            jumps.append(Jump(start + eaters.fed_h, SET, "fed", off))
    return jumps


def _doses(regimen: Regimen, eaters: Eaters, solid: str) -> list[Jump]:
    product = regimen.product
    if product is None:
        return []
    taken = _taken(regimen, eaters)
    portions = len(regimen.dose_times_h)
    jumps = []
    for day in range(regimen.days):
        mass = _mass(regimen, day)
        amounts = {"Mg_stomach": _daily_mmol(regimen, day) * product.compound.dissolved_share}
        if solid:
            amounts[solid] = _daily_mmol(regimen, day) * (1.0 - product.compound.dissolved_share)
        if product.compound.counter_ion:
            amounts[f"{product.compound.counter_ion}_gut"] = product.counter_ion_mmol(mass)
        for k, hour in enumerate(regimen.dose_times_h):
            time = (regimen.run_in_days + day) * HOURS_PER_DAY + hour
            jumps += [Jump(time, ADD, name, taken[:, day, k] * amount / portions) for name, amount in amounts.items()]
    return jumps


def _daily_switches(regimen: Regimen, eaters: Eaters) -> list[Jump]:
    """The day's supplementary magnesium and the cofactor of threonate, whenever they change."""
    product = regimen.product
    if product is None:
        return []
    ones = np.ones(len(eaters))
    jumps = []
    last: float | None = None
    for day in range(regimen.days):
        daily = product.elemental(_mass(regimen, day)).mg
        if daily != last:
            jumps.append(Jump((regimen.run_in_days + day) * HOURS_PER_DAY, SET, "supplement_mg", ones * daily))
            last = daily
    ion = product.counter_ion_mmol(regimen.daily)
    magnesium = _daily_mmol(regimen, regimen.days - 1)
    per_formula = product.compound.counter_ions_per_formula
    cofactor = min(1.0, per_formula * magnesium / ion) if ion > 0.0 else 0.0
    stop = (regimen.run_in_days + regimen.days) * HOURS_PER_DAY
    jumps.append(Jump(regimen.run_in_days * HOURS_PER_DAY, SET, "cofactor", ones * cofactor))
    if regimen.washout_days:
        jumps.append(Jump(stop, SET, "supplement_mg", ones * 0.0))
    return jumps


def _infusions(regimen: Regimen, eaters: Eaters) -> list[Jump]:
    offset = regimen.run_in_days * HOURS_PER_DAY
    edges = sorted({time for i in regimen.infusions for time in (i.start_h, i.start_h + i.hours)})
    jumps = []
    for time in edges:
        running = (i for i in regimen.infusions if i.start_h <= time < i.start_h + i.hours)
        rate = sum(i.mmol / i.hours for i in running)
        jumps.append(Jump(offset + time, SET, "Mg_infusion", np.full(len(eaters), rate)))
    return jumps


def _table(jumps: list[Jump], n: int) -> EventTable:
    targets = tuple(dict.fromkeys(jump.target for jump in jumps))
    index = {target: k for k, target in enumerate(targets)}
    count = len(jumps)
    values = np.stack([jump.value for jump in jumps], axis=1) if jumps else np.zeros((n, 0))
    return EventTable(
        subject=np.repeat(np.arange(n), count),
        times_h=np.tile(np.array([jump.time_h for jump in jumps]), n),
        target=np.tile(np.array([index[jump.target] for jump in jumps], dtype=np.int64), n),
        operation=np.tile(np.array([jump.operation for jump in jumps], dtype=np.int8), n),
        value=values.ravel(),
        targets=targets,
    )
