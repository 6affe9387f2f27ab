"""What a person takes and is, as far as safety rules ask."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Literal

from threonate.errors import ScenarioError


@dataclass(frozen=True, slots=True)
class Exposure:
    """One person, one regimen, and the plasma levels of the run once they are known.

    age                     [years]
    egfr                    [mL/min/1.73 m2]; None when it is drawn
    conditions              ids of conditions on the shelf, medicines included
    compound                id of the swallowed compound; empty when nothing is swallowed
    compound_mg_per_day     whole compound [mg/d]
    supplement_mg_per_day   elemental magnesium of the compound [mg/d]
    dietary_mg_per_day      elemental magnesium of the food [mg/d]; None when it is drawn
    iv_mmol                 magnesium infused in the whole run [mmol]
    highest_mmol_per_l      highest plasma level to be judged, such as the 95th percentile of the subjects' peaks
    lowest_mmol_per_l       lowest plasma level to be judged, such as the 5th percentile of the daily means
    pregnant, lactating, dialysis    said here or by a condition of that name; either is enough
    Raises                  ScenarioError for a number that is negative or not finite

    >>> Exposure(age=30, sex="female", conditions=("digoxin",), pregnant=True).states == {"digoxin", "pregnancy"}
    True
    """

    age: float
    sex: Literal["female", "male", "any"] = "any"
    egfr: float | None = None
    conditions: tuple[str, ...] = ()
    compound: str = ""
    compound_mg_per_day: float = 0.0
    supplement_mg_per_day: float = 0.0
    dietary_mg_per_day: float | None = None
    doses_per_day: int = 1
    iv_mmol: float = 0.0
    highest_mmol_per_l: float | None = None
    lowest_mmol_per_l: float | None = None
    pregnant: bool = False
    lactating: bool = False
    dialysis: bool = False

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, (int, float)) and not (math.isfinite(value) and value >= 0):
                raise ScenarioError(f"{field.name} is {value}; it must be a finite number, zero or more. Correct it.")

    @property
    def states(self) -> frozenset[str]:
        """Conditions of this person, whichever way they were said."""
        said = {"pregnancy": self.pregnant, "lactation": self.lactating, "dialysis": self.dialysis}
        return frozenset(self.conditions) | {name for name, holds in said.items() if holds}

    def amount(self, exposure: str) -> float | None:
        """The amount that a rule on `exposure` looks at, in the unit of that exposure.

        exposure    supplement or diet [elemental mg/d], compound [mg/d] or iv [mmol]
        Raises      KeyError for another word
        """
        return {
            "supplement": self.supplement_mg_per_day,
            "compound": self.compound_mg_per_day,
            "diet": self.dietary_mg_per_day,
            "iv": self.iv_mmol,
        }[exposure]
