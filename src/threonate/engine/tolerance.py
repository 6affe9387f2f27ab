"""How accurate a solve is: named policies, each with the bounds of a step and the error it promises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from threonate.errors import EngineError, nearest


@dataclass(frozen=True, slots=True)
class Bounds:
    """Local error bounds of a step.

    relative          share of the value
    absolute          share of the largest size that the state has had in this subject
    smallest_scale    that size is taken to be at least this, in the unit of the state
    """

    relative: float
    absolute: float
    smallest_scale: float = 1e-3

    def tighter(self, factor: float) -> Bounds:
        """The same bounds, smaller by a factor.

        >>> Bounds(0.5, 0.25).tighter(2.0)
        Bounds(relative=0.25, absolute=0.125, smallest_scale=0.001)
        """
        return Bounds(self.relative / factor, self.absolute / factor, self.smallest_scale)


@dataclass(frozen=True, slots=True)
class Policy:
    """Bounds of a step, and the error that is promised of what is recorded.

    promise    largest error of an observable, as a share of its largest value in the subject
    internal   not offered to a person
    """

    bounds: Bounds
    promise: float
    internal: bool = False


class Tolerance(Enum):
    """Named accuracy. A person meets fast, default and reference.

    TIGHT is for searches inside the program, which divide small differences of two solves.
    """

    FAST = Policy(Bounds(1e-3, 1e-6), promise=5e-3)
    DEFAULT = Policy(Bounds(5e-6, 5e-9), promise=1e-5)
    TIGHT = Policy(Bounds(1e-7, 1e-10), promise=1e-6, internal=True)
    REFERENCE = Policy(Bounds(1e-9, 1e-12), promise=1e-7)

    @property
    def bounds(self) -> Bounds:
        return self.value.bounds

    @property
    def promise(self) -> float:
        """Largest error promised of an observable, as a share of its largest value in the subject."""
        return self.value.promise

    @classmethod
    def named(cls, name: str) -> Tolerance:
        """A policy by the name that a person uses.

        Raises    EngineError for a name that is not there

        >>> Tolerance.named("default").promise
        1e-05
        """
        if name not in tolerance_names():
            raise EngineError(f"There is no tolerance '{name}'. {nearest(name, tolerance_names())}")
        return cls[name.upper()]


def tolerance_names() -> tuple[str, ...]:
    """Names that a person may ask for, the roughest first.

    >>> tolerance_names()
    ('fast', 'default', 'reference')
    """
    return tuple(one.name.lower() for one in Tolerance if not one.value.internal)


def bounds_of(tolerance: Tolerance | Bounds) -> Bounds:
    """Bounds of a step, whether named or given."""
    return tolerance.bounds if isinstance(tolerance, Tolerance) else tolerance
