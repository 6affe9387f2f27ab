"""Calls between Python and machine code: routines at an address, and the table that the driver reads.

A function that uses `call`, `address_of` and `take_next` runs as Python; translated, it does the same without the
interpreter.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from threonate.errors import EngineError

ENTRY_WORDS = 4
"""Words of the table that an array takes: its address and three lengths."""
_WORD = np.dtype(np.int64).itemsize


def call(address: int, arrays: tuple[int, ...]) -> None:
    """Machine code at an address, called with the addresses of its arrays."""
    ctypes.CFUNCTYPE(None, *([ctypes.c_void_p] * len(arrays)))(address)(*arrays)


def address_of(array: NDArray[Any]) -> int:
    """Where the numbers of an array begin."""
    return int(array.ctypes.data)


def take_next(counter: NDArray[np.int64]) -> int:
    """The first number of a counter, which goes up by one; as machine code, no two threads get the same number."""
    found = int(counter[0])
    counter[0] = found + 1
    return found


def call_table(arguments: Iterable[Any]) -> NDArray[np.int64]:
    """(word,) the arguments of a translated function: records of arrays and whole numbers, or real numbers.

    The arrays must outlive the call.

    Raises    EngineError for an array that does not lie row by row, or has elements of another size
    """
    words: list[int] = []
    for argument in arguments:
        if isinstance(argument, float):
            words += struct.unpack("<q", struct.pack("<d", argument))
            continue
        for field, value in zip(argument._fields, argument, strict=True):
            words += _entry(field, value) if isinstance(value, np.ndarray) else [value]
    return np.array(words, dtype=np.int64)


def _entry(field: str, array: NDArray[Any]) -> list[int]:
    if not array.flags.c_contiguous or array.itemsize != _WORD or array.ndim >= ENTRY_WORDS:
        raise EngineError(f"'{field}' must lie row by row, with elements of {_WORD} bytes and at most three axes.")
    return [array.ctypes.data, *array.shape, *([1] * (ENTRY_WORDS - 1 - array.ndim))]
