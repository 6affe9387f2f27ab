"""Who swallows what at which hour, from the first run-in day to the last day of washout."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from threonate.errors import RegimenError
from threonate.regimen.amounts import CompoundMass
from threonate.regimen.product import Product
from threonate.units import HOURS_PER_DAY


@dataclass(frozen=True, slots=True)
class Titration:
    """Stepwise rise of the daily amount before the full regimen.

    steps       number of equal steps up to the full amount; 1 starts at the full amount
    step_days   length of each step before the last [d]
    """

    steps: int = 1
    step_days: int = 0

    def __post_init__(self) -> None:
        if self.steps < 1 or self.step_days < 0 or (self.steps > 1 and self.step_days < 1):
            raise RegimenError(
                f"A titration of {self.steps} steps of {self.step_days} days is not possible; steps last at least one "
                "day. Use one step to start at the full amount."
            )

    def share(self, day: int) -> float:
        """Share of the full daily amount on a day of the regimen (0 is the first).

        >>> [round(Titration(3, 2).share(day), 2) for day in range(6)]
        [0.33, 0.33, 0.67, 0.67, 1.0, 1.0]
        """
        step = self.steps if self.step_days == 0 else min(self.steps, day // self.step_days + 1)
        return step / self.steps


def titration_over(days: int, steps: int) -> Titration:
    """Equal steps that reach the full amount after `days`; 0 days is no titration.

    Raises    RegimenError when a step would be shorter than a day

    >>> titration_over(9, 4)
    Titration(steps=4, step_days=3)
    """
    if days == 0:
        return Titration()
    lower_steps = steps - 1
    if days < lower_steps:
        raise RegimenError(
            f"titrate_days is {days}; {lower_steps} steps below the full amount need at least {lower_steps} days. "
            f"Use 0, or {lower_steps} or more."
        )
    return Titration(steps, days // lower_steps)


@dataclass(frozen=True, slots=True)
class Infusion:
    """An intravenous infusion [clock hours of the regimen, mmol]."""

    start_h: float
    hours: float
    mmol: float

    def __post_init__(self) -> None:
        if not (self.hours > 0.0 and math.isfinite(self.hours) and self.mmol >= 0.0 and math.isfinite(self.mmol)):
            raise RegimenError(
                f"An infusion of {self.mmol} mmol over {self.hours} h is not possible. "
                "Give a positive length and an amount of zero or more."
            )


@dataclass(frozen=True, slots=True)
class Regimen:
    """The schedule of one arm. Days count from 0, the first day of the regimen; hours are clock hours.

    product             what is swallowed; None for diet only
    daily               full daily mass of the compound
    dose_times_h        clock hours of the portions, all equal
    days                length of the regimen
    run_in_days         days of diet before it, at least one
    washout_days        days of diet after it
    missed_dose_share   chance that a portion is forgotten
    meal_times_h        clock hours of equal meals, food every day of the run
    infusions           intravenous doses
    """

    product: Product | None
    daily: CompoundMass
    dose_times_h: tuple[float, ...]
    meal_times_h: tuple[float, ...]
    days: int
    run_in_days: int = 7
    washout_days: int = 0
    missed_dose_share: float = 0.0
    titration: Titration = field(default_factory=Titration)
    infusions: tuple[Infusion, ...] = ()

    def __post_init__(self) -> None:
        if self.days < 1 or self.run_in_days < 1 or self.washout_days < 0:
            raise RegimenError(
                f"A regimen of {self.days} days with {self.run_in_days} run-in and {self.washout_days} washout days is "
                "not possible. At least one day of each of the first two is needed."
            )
        for name, hours in (("dose_times_h", self.dose_times_h), ("meal_times_h", self.meal_times_h)):
            if any(not 0.0 <= hour < HOURS_PER_DAY for hour in hours) or list(hours) != sorted(set(hours)):
                raise RegimenError(f"{name} is {hours}; give rising clock hours from 0 to below 24.")
        if not 0.0 <= self.missed_dose_share < 1.0:
            raise RegimenError(f"missed_dose_share is {self.missed_dose_share}; it lies from 0 to below 1.")

    @property
    def total_days(self) -> int:
        """Run-in, regimen and washout [d]."""
        return self.run_in_days + self.days + self.washout_days


@dataclass(frozen=True, slots=True)
class ClockHours:
    """Hours used when nobody names them, as the shelf gives them."""

    meals: tuple[float, ...]
    between: Mapping[int, tuple[float, ...]]
    with_meals: Mapping[int, tuple[float, ...]]
    titration_steps: int


def clock_hours(schedule: Mapping[str, Any]) -> ClockHours:
    """Read a schedule of the shelf."""
    return ClockHours(
        meals=tuple(schedule["meals"]),
        between={int(k): tuple(v) for k, v in schedule["between_meals"].items()},
        with_meals={int(k): tuple(v) for k, v in schedule["with_meals"].items()},
        titration_steps=int(schedule["titration_steps"]),
    )


def dose_times(hours: ClockHours, doses_per_day: int, relation: str, chosen: Sequence[float] | None = None) -> tuple[float, ...]:
    """Clock hours of the portions.

    relation   "with" or "between" meals
    chosen     hours somebody named; they win
    Raises     RegimenError when no hours are known for this number of portions
    """
    if chosen:
        return tuple(chosen)
    table = hours.with_meals if relation == "with" else hours.between
    if doses_per_day not in table:
        raise RegimenError(
            f"{doses_per_day} doses a day {relation} meals is not possible; there are {len(hours.meals)} meals. "
            f"Use at most {max(table)} doses, take them between meals, or name dose_times_h."
        )
    return table[doses_per_day]
