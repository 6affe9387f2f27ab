"""Four ways to say an amount of magnesium. They are four types, and nothing adds or compares them by accident."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from numbers import Real
from typing import ClassVar, NoReturn, Self

from threonate.errors import RegimenError
from threonate.units import MEQ_PER_MMOL, mg_from_mmol, mmol_from_mg

_CONVERT = "Convert first, with elemental_of, compound_of, millimole_of or milliequivalent_of and the product."


def _begin(words: str) -> str:
    return words[0].upper() + words[1:]


class Amount(ABC):
    """What the four types share: they add and compare within one type and refuse everything else.

    Raises    TypeError when two types, or a type and a plain number, meet in a sum or comparison
    """

    __slots__ = ()
    said_as: ClassVar[str]

    @property
    @abstractmethod
    def number(self) -> float:
        """The amount in the unit of its type."""

    def __add__(self, other: Self) -> Self:
        return type(self)(self.number + self._number_of(other, "added"))  # type: ignore[call-arg]

    def __radd__(self, other: object) -> NoReturn:
        self._refuse(other, "added")

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.number - self._number_of(other, "subtracted"))  # type: ignore[call-arg]

    def __rsub__(self, other: object) -> NoReturn:
        self._refuse(other, "subtracted")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Amount):
            return NotImplemented
        return self.number == self._number_of(other, "compared")

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.number))

    def __lt__(self, other: Self) -> bool:
        return self.number < self._number_of(other, "compared")

    def __le__(self, other: Self) -> bool:
        return self.number <= self._number_of(other, "compared")

    def __gt__(self, other: Self) -> bool:
        return self.number > self._number_of(other, "compared")

    def __ge__(self, other: Self) -> bool:
        return self.number >= self._number_of(other, "compared")

    def _number_of(self, other: Amount, verb: str) -> float:
        if type(other) is not type(self):
            self._refuse(other, verb)
        return other.number

    def _refuse(self, other: object, verb: str) -> NoReturn:
        named = other.said_as if isinstance(other, Amount) else f"a plain {type(other).__name__}"
        raise TypeError(f"{_begin(self.said_as)} and {named} can not be {verb}: they are different things. {_CONVERT}")

    def _check(self, unit: str) -> None:
        value: object = self.number
        if isinstance(value, Amount):
            raise TypeError(f"{type(self).__name__} was made from {value.said_as}. {_CONVERT}")
        if isinstance(value, bool) or not isinstance(value, Real):
            raise RegimenError(
                f"{_begin(self.said_as)} is {value!r}; it must be a number of {unit}. Give one, without its unit."
            )
        if not math.isfinite(value) or value < 0.0:
            raise RegimenError(
                f"{_begin(self.said_as)} is {value} {unit}; it must be finite and zero or more. Give it in {unit}."
            )


@dataclass(frozen=True, slots=True, eq=False)
class CompoundMass(Amount):
    """Mass of the whole compound, counter-ion and crystal water included [mg].

    Raises    RegimenError when it is negative, not finite or no number

    >>> CompoundMass(1500.0) + CompoundMass(500.0)
    CompoundMass(mg=2000.0)
    >>> CompoundMass(2000.0) == ElementalMass(2000.0)
    Traceback (most recent call last):
        ...
    TypeError: A mass of compound and a mass of magnesium can not be compared: they are different things. ...
    """

    said_as: ClassVar[str] = "a mass of compound"
    mg: float

    def __post_init__(self) -> None:
        self._check("mg")

    @property
    def number(self) -> float:
        """The mass [mg]."""
        return self.mg


@dataclass(frozen=True, slots=True, eq=False)
class ElementalMass(Amount):
    """Mass of the magnesium alone [mg].

    Raises    RegimenError when it is negative, not finite or no number

    >>> round(ElementalMass(24.305).millimole.value, 6)
    1.0
    """

    said_as: ClassVar[str] = "a mass of magnesium"
    mg: float

    def __post_init__(self) -> None:
        self._check("mg")

    @property
    def number(self) -> float:
        """The mass [mg]."""
        return self.mg

    @property
    def millimole(self) -> Millimole:
        """The same amount [mmol]."""
        return Millimole(mmol_from_mg(self.mg))


@dataclass(frozen=True, slots=True, eq=False)
class Millimole(Amount):
    """Amount of magnesium [mmol].

    Raises    RegimenError when it is negative, not finite or no number

    >>> Millimole(1.0).elemental, Millimole(1.0).milliequivalent
    (ElementalMass(mg=24.305), Milliequivalent(value=2.0))
    """

    said_as: ClassVar[str] = "an amount of magnesium in mmol"
    value: float

    def __post_init__(self) -> None:
        self._check("mmol")

    @property
    def number(self) -> float:
        """The amount [mmol]."""
        return self.value

    @property
    def elemental(self) -> ElementalMass:
        """The same amount as a mass of magnesium."""
        return ElementalMass(mg_from_mmol(self.value))

    @property
    def milliequivalent(self) -> Milliequivalent:
        """The same amount counted in charges."""
        return Milliequivalent(self.value * MEQ_PER_MMOL)


@dataclass(frozen=True, slots=True, eq=False)
class Milliequivalent(Amount):
    """Amount of magnesium in charges [mEq].

    Raises    RegimenError when it is negative, not finite or no number

    >>> Milliequivalent(2.0).millimole
    Millimole(value=1.0)
    """

    said_as: ClassVar[str] = "an amount of magnesium in mEq"
    value: float

    def __post_init__(self) -> None:
        self._check("mEq")

    @property
    def number(self) -> float:
        """The amount [mEq]."""
        return self.value

    @property
    def millimole(self) -> Millimole:
        """The same amount [mmol]."""
        return Millimole(self.value / MEQ_PER_MMOL)
