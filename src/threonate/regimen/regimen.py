"""Who swallows what at which hour, from the first run-in day to the last day of washout."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from threonate.errors import RegimenError
from threonate.regimen.amounts import CompoundMass
from threonate.regimen.infusion import Infusion
from threonate.regimen.product import Product
from threonate.units import HOURS_PER_DAY

MOST_DAYS = 3650
MOST_DOSES_PER_DAY = 6
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Titration:
    """Stepwise rise of the daily amount, the last step being the full amount.

    start_fraction   share of the full daily amount in the first step
    step_days        length of a step [d]; with a broken number a step begins on the next whole day
    steps            number of steps, the full amount included; they rise evenly, and 1 is no titration
    Raises           RegimenError for steps shorter than a day or a share outside 0 to 1

    >>> [round(Titration(start_fraction=0.5, step_days=2, steps=2).share(day), 2) for day in range(4)]
    [0.5, 0.5, 1.0, 1.0]
    """

    start_fraction: float = 1.0
    step_days: float = 1.0
    steps: int = 1

    def __post_init__(self) -> None:
        if not 0.0 < self.start_fraction <= 1.0:
            raise RegimenError(
                f"start_fraction is {self.start_fraction}; it must be above 0 and at most 1. "
                "Use 1 to start at the full amount."
            )
        if not _whole(self.steps) or self.steps < 1 or not (math.isfinite(self.step_days) and self.step_days >= 1.0):
            raise RegimenError(
                f"A titration of {self.steps} steps of {self.step_days:g} days is not possible; there is at least one "
                "step and a step lasts at least one day. Use one step to start at the full amount."
            )
        if self.steps == 1 and self.start_fraction < 1.0:
            raise RegimenError(
                f"A titration of one step that starts at {self.start_fraction:g} never reaches the full amount. "
                "Use two steps or more, or start_fraction 1."
            )

    def share(self, day: int) -> float:
        """Share of the full daily amount on a day of the regimen (0 is the first)."""
        step = min(self.steps - 1, math.floor(day / self.step_days + _ROUNDING))
        if step == self.steps - 1:
            return 1.0
        return self.start_fraction + (1.0 - self.start_fraction) * step / (self.steps - 1)

    @property
    def full_from_day(self) -> int:
        """First day of the regimen with the full amount."""
        return 0 if self.start_fraction == 1.0 else math.ceil((self.steps - 1) * self.step_days - _ROUNDING)


def titration_over(days: int, steps: int) -> Titration:
    """Equal steps over `days`, evenly rising: with three, a third, two thirds, then the full amount.

    The last step is the full amount, which then goes on. 0 days is no titration.
    Raises    RegimenError when a step would be shorter than a day

    >>> [round(titration_over(9, 3).share(day), 2) for day in (0, 2, 3, 5, 6, 60)]
    [0.33, 0.33, 0.67, 0.67, 1.0, 1.0]
    """
    if days == 0:
        return Titration()
    if days < steps:
        raise RegimenError(
            f"titrate_days is {days}; {steps} equal steps of at least one day each need {steps} days or more. "
            f"Use 0 for no titration, or {steps} or more."
        )
    return Titration(start_fraction=1.0 / steps, step_days=days / steps, steps=steps)


@dataclass(frozen=True, slots=True)
class Regimen:
    """The schedule of one arm. Days count from 0, the first day of the regimen; hours are clock hours.

    product             what is swallowed; None for diet only
    daily               full daily mass of the compound
    dose_times_h        clock hours of the portions, all equal
    meal_times_h        clock hours of equal meals, food every day of the run
    days                length of the regimen
    run_in_days         days of diet before it, at least one
    washout_days        days of diet after it
    missed_dose_share   chance that a portion is forgotten
    titration           rise of the daily amount
    infusions           intravenous doses
    Raises              RegimenError for what can not be taken as written, TypeError when `daily` is no CompoundMass
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
        _check_days("days", self.days, 1)
        _check_days("run_in_days", self.run_in_days, 1)
        _check_days("washout_days", self.washout_days, 0)
        _check_hours("dose_times_h", self.dose_times_h)
        _check_hours("meal_times_h", self.meal_times_h)
        _check_daily(self)
        _check_infusions(self)
        if not 0.0 <= self.missed_dose_share <= 1.0:
            raise RegimenError(
                f"missed_dose_share is {self.missed_dose_share}; it must lie from 0 to 1. "
                "Use 0 when no portion is missed."
            )
        if self.titration.full_from_day >= self.days:
            raise RegimenError(
                f"The titration reaches the full amount on day {self.titration.full_from_day + 1}, but the regimen has "
                f"{self.days} days. Shorten the titration or lengthen days."
            )

    @property
    def total_days(self) -> int:
        """Run-in, regimen and washout [d]."""
        return self.run_in_days + self.days + self.washout_days

    @property
    def start_h(self) -> float:
        """Midnight of the first regimen day on the clock of the run [h]."""
        return self.run_in_days * HOURS_PER_DAY

    @property
    def stop_h(self) -> float:
        """Midnight after the last regimen day on the clock of the run [h]."""
        return (self.run_in_days + self.days) * HOURS_PER_DAY

    @property
    def end_h(self) -> float:
        """Midnight after the last day of the run [h]."""
        return self.total_days * HOURS_PER_DAY

    def mass_on(self, day: int) -> CompoundMass:
        """Mass of the compound that is due on a day of the regimen (0 is the first)."""
        return CompoundMass(self.daily.mg * self.titration.share(day))


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_days(name: str, days: int, least: int) -> None:
    if not _whole(days) or not least <= days <= MOST_DAYS:
        raise RegimenError(f"{name} is {days}; it must be a whole number from {least} to {MOST_DAYS}. Correct {name}.")


def _check_hours(name: str, hours: tuple[float, ...]) -> None:
    if any(not 0.0 <= hour < HOURS_PER_DAY for hour in hours) or list(hours) != sorted(set(hours)):
        raise RegimenError(f"{name} is {hours}; it must be rising clock hours from 0 to below 24. Correct {name}.")
    if len(hours) > MOST_DOSES_PER_DAY:
        raise RegimenError(f"{name} names {len(hours)} hours; at most {MOST_DOSES_PER_DAY} are possible. Name fewer.")


def _check_daily(regimen: Regimen) -> None:
    if not isinstance(regimen.daily, CompoundMass):
        raise TypeError(
            f"daily is {regimen.daily!r}; a regimen takes the mass of the compound. "
            "Use CompoundMass, or compound_of(magnesium, product) for a dose stated as magnesium."
        )
    if regimen.product is None and (regimen.daily.mg or regimen.dose_times_h):
        raise RegimenError(
            f"The regimen names {regimen.daily.mg:g} mg at {len(regimen.dose_times_h)} hours, but no product. "
            "Name the product, or use CompoundMass(0) and no dose_times_h for diet only."
        )
    if regimen.product is not None and not regimen.dose_times_h:
        raise RegimenError(
            f"The regimen names {regimen.product.compound.title} but no dose_times_h. "
            f"Give 1 to {MOST_DOSES_PER_DAY} clock hours."
        )


def _check_infusions(regimen: Regimen) -> None:
    end = regimen.end_h - regimen.start_h
    for infusion in regimen.infusions:
        if infusion.end_h > end:
            raise RegimenError(
                f"An infusion ends {infusion.end_h:g} h after the start of the regimen, but the run after {end:g} h. "
                "Start it earlier, give it faster, or lengthen days or washout_days."
            )
