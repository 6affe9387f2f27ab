"""Types, and where the table holds what.

All records lie in one table of 64-bit words, one record of each type, so that a function need not be told which. An
array is four words there: its address and three lengths.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

from threonate.engine.kernels.lanes import Array, Index
from threonate.engine.kernels.native_calls import ENTRY_WORDS
from threonate.errors import EngineError

WHOLE, REAL, TRUTH, PLACE, NOTHING = "i64", "double", "i1", "ptr", "void"
SCALARS: Mapping[Any, str] = MappingProxyType({int: WHOLE, float: REAL, bool: TRUTH, type(None): NOTHING})
_ELEMENTS: Mapping[Any, str] = MappingProxyType({Array: REAL, Index: WHOLE})
Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Value:
    """An LLVM value: its type, and a name or a number."""

    type: str
    name: str


class Layout:
    """Where the table of an entry function holds what.

    records   record type -> field -> (first word, type of the elements, or whole for a plain number)
    reals     words of the plain real arguments, in their order
    """

    def __init__(self, entry: Function) -> None:
        self.records: dict[Any, dict[str, tuple[int, str]]] = {}
        self.reals: list[int] = []
        word = 0
        for name, kind in arguments_of(entry).items():
            if kind is float:
                self.reals.append(word)
                word += 1
                continue
            if not hasattr(kind, "_fields") or kind in self.records:
                raise EngineError(f"{entry.__name__}: '{name}' must be a real number or a record of a type of its own.")
            fields = {}
            for field, found in get_type_hints(kind).items():
                fields[field] = (word, WHOLE if found is int else _ELEMENTS[found])
                word += 1 if found is int else ENTRY_WORDS
            self.records[kind] = fields


def arguments_of(function: Function) -> dict[str, Any]:
    """Name -> type, as the signature says."""
    hints = get_type_hints(function)
    return {name: hints[name] for name in inspect.signature(function).parameters}


def results_of(function: Function) -> list[str]:
    """LLVM types of what a function returns."""
    kind = get_type_hints(function)["return"]
    parts = get_args(kind) if get_origin(kind) is tuple else (kind,)
    return [SCALARS[part] for part in parts]


def joined(kinds: Sequence[str]) -> str:
    """One LLVM type for one value or several."""
    return kinds[0] if len(kinds) == 1 else "{ " + ", ".join(kinds) + " }"
