"""The driver as machine code: translated and compiled once per machine, then called without the interpreter's lock."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Any

from threonate.engine.kernels.kept import keep, key_of, makers, read_kept
from threonate.engine.kernels.lanes import Code, Lanes, StateEvents, Subjects
from threonate.engine.kernels.native_calls import call_table
from threonate.engine.kernels.object_code import MachineCode, compiler

_MAKING = Lock()
"""Threads that need the driver at once have it made by one; Python 3.11 may also fail to parse in two at a time."""


def launch(code: Code, subjects: Subjects, watched: StateEvents, lanes: Lanes, smallest_scale: float) -> int:
    """Solve all subjects, see `driver.drive`; other threads run meanwhile."""
    table = call_table((code, subjects, watched, lanes, float(smallest_scale)))
    with _MAKING:
        code_in_use, entry = _driver()  # held until the end: the cache may be emptied meanwhile
    found = int(entry(table.ctypes.data))
    del code_in_use
    return found


@lru_cache(maxsize=1)
def _driver() -> tuple[MachineCode, Callable[[int], Any]]:
    """The compiled driver, and its entry."""
    code = machine_code_of_driver()
    return code, ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)(code.address("entry"))


@lru_cache(maxsize=1)
def machine_code_of_driver() -> MachineCode:
    """Kept under the digest of the source, so that any edit makes a new one."""
    known = makers()
    name = f"{key_of(known, 'driver', *compiler())}.plan"
    kept = read_kept(name) if known else None
    found = None if kept is None else MachineCode.kept(kept.decode())
    if found is None:
        found = MachineCode(driver_text())
        if known:
            keep(name, found.name.encode())
    return found


def driver_text() -> str:
    """The driver as LLVM text, the same for every machine."""
    from threonate.engine.kernels.driver import drive
    from threonate.engine.kernels.translate import translate

    return translate(drive)
