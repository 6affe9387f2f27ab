"""Things that are too large to compare, as arguments of what is remembered about them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Thing = TypeVar("Thing", covariant=True)


@dataclass(frozen=True, slots=True)
class Keyed(Generic[Thing]):
    """A thing and the key that stands for it: where keys are equal, so are these.

    key     a hash of its content, or what else decides it; `id(thing)` where only the very same will do

    >>> Keyed("3f2a", ["a long text"]) == Keyed("3f2a", ["the same text, read again"])
    True
    >>> len({Keyed(1, "one"), Keyed(1, "one"), Keyed(2, "two")})
    2
    """

    key: Hashable
    thing: Thing = field(compare=False)
