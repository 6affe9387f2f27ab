"""Four ways to say an amount of magnesium. They are four types, and nothing adds or compares them by accident."""

from __future__ import annotations

import math
from dataclasses import dataclass

from threonate.errors import RegimenError
from threonate.units import MEQ_PER_MMOL, mg_from_mmol, mmol_from_mg


def _checked(value: float, what: str, unit: str) -> None:
    if not math.isfinite(value) or value < 0.0:
        raise RegimenError(f"{what} is {value} {unit}; it must be zero or more. Give a finite amount in {unit}.")


@dataclass(frozen=True, slots=True)
class CompoundMass:
    """Mass of the whole compound, counter-ion and crystal water included [mg].

    >>> CompoundMass(2000.0) == ElementalMass(2000.0)
    False
    """

    mg: float

    def __post_init__(self) -> None:
        _checked(self.mg, "The mass of the compound", "mg")


@dataclass(frozen=True, slots=True)
class ElementalMass:
    """Mass of the magnesium alone [mg].

    >>> round(ElementalMass(24.305).millimole.value, 6)
    1.0
    """

    mg: float

    def __post_init__(self) -> None:
        _checked(self.mg, "The mass of magnesium", "mg")

    @property
    def millimole(self) -> Millimole:
        """The same amount [mmol]."""
        return Millimole(mmol_from_mg(self.mg))


@dataclass(frozen=True, slots=True)
class Millimole:
    """Amount of magnesium [mmol]."""

    value: float

    def __post_init__(self) -> None:
        _checked(self.value, "The amount of magnesium", "mmol")

    @property
    def elemental(self) -> ElementalMass:
        """The same amount as a mass of magnesium."""
        return ElementalMass(mg_from_mmol(self.value))

    @property
    def milliequivalent(self) -> Milliequivalent:
        """The same amount counted in charges."""
        return Milliequivalent(self.value * MEQ_PER_MMOL)


@dataclass(frozen=True, slots=True)
class Milliequivalent:
    """Amount of magnesium in charges [mEq].

    >>> Milliequivalent(2.0).millimole
    Millimole(value=1.0)
    """

    value: float

    def __post_init__(self) -> None:
        _checked(self.value, "The amount of magnesium", "mEq")

    @property
    def millimole(self) -> Millimole:
        """The same amount [mmol]."""
        return Millimole(self.value / MEQ_PER_MMOL)
