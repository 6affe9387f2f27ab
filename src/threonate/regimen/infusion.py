"""Magnesium sulfate into a vein."""

from __future__ import annotations

import math
from dataclasses import dataclass

from threonate.errors import RegimenError
from threonate.evidence import Compound

_MG_PER_G = 1000.0
_MINUTES_PER_HOUR = 60.0


@dataclass(frozen=True, slots=True)
class Infusion:
    """An intravenous infusion at a constant rate.

    start_h   since midnight of the first day of the regimen [h]
    hours     length [h]
    mmol      magnesium given in all
    Raises    RegimenError when one of them is negative or not finite, or the length is 0

    >>> Infusion(start_h=8.0, hours=0.5, mmol=16.0).rate
    32.0
    """

    start_h: float
    hours: float
    mmol: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start_h) and self.start_h >= 0.0):
            raise RegimenError(
                f"An infusion starts at {self.start_h} h; it must start at 0 h or later. "
                "Count from midnight of the first day of the regimen."
            )
        if not (self.hours > 0.0 and math.isfinite(self.hours) and self.mmol >= 0.0 and math.isfinite(self.mmol)):
            raise RegimenError(
                f"An infusion of {self.mmol} mmol over {self.hours} h is not possible. "
                "Give a positive length and an amount of zero or more."
            )

    @property
    def end_h(self) -> float:
        """When it ends, on the clock of start_h [h]."""
        return self.start_h + self.hours

    @property
    def rate(self) -> float:
        """Magnesium per hour while it runs [mmol/h]."""
        return self.mmol / self.hours


def infusion_of(salt: Compound, grams: float, minutes: float, start_h: float = 0.0) -> Infusion:
    """The infusion of a mass of salt, crystal water included: for MgSO4 the heptahydrate, as clinics count it.

    salt      the compound that is weighed, `sulfate_heptahydrate` on the shelf
    grams     mass of that salt [g]
    Raises    RegimenError when a number is negative or not finite, or no time is given

    >>> from threonate.evidence import read_catalogue
    >>> round(infusion_of(read_catalogue().compounds["sulfate_heptahydrate"], grams=4, minutes=20).mmol, 2)
    16.23
    """
    if not (math.isfinite(grams) and grams >= 0.0):
        raise RegimenError(f"An infusion of {grams} g {salt.title} is not possible. Give grams of zero or more.")
    amount = grams * _MG_PER_G / salt.molar_mass * salt.magnesium_atoms
    return Infusion(start_h, minutes / _MINUTES_PER_HOUR, amount)
