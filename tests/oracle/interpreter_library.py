"""Load libroadrunner where Python is one static program, as on a bare Debian.

Its wheel asks the loader for `libpython3.x.so`, although every symbol it wants is already inside the running
interpreter. An empty shared object that carries the asked-for name satisfies the loader; it is written to a temporary
folder and holds no code.
"""

from __future__ import annotations

import ctypes
import platform
import re
import struct
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from types import ModuleType

from threonate.errors import EngineError

_MACHINES = {"x86_64": 62, "aarch64": 183}
_ADDRESS = 0x1000
_HEADER, _PROGRAM, _DYNAMIC_ENTRY, _SYMBOL = 64, 56, 16, 24


def import_roadrunner() -> ModuleType:
    """The roadrunner module.

    Raises    EngineError when it cannot be loaded
    """
    try:
        return import_module("roadrunner")
    except ImportError as error:
        missing = re.search(r"libpython3[\w.]*\.so[\d.]*", str(error))
        if missing is None or not sys.platform.startswith("linux"):
            raise EngineError(f"libroadrunner cannot be loaded: {error}. Install it anew.") from error
        _forget()
        _lend(missing[0])
    return import_module("roadrunner")


def _forget() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "roadrunner"]:
        del sys.modules[name]


def _lend(name: str) -> None:
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        raise EngineError(f"libroadrunner needs {name}. Install it with the package manager of the system.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(empty_library(name, machine))
        ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)


def empty_library(name: str, machine: int) -> bytes:
    """A shared object (ELF, 64 bit, little-endian) with a name and nothing else.

    name      its DT_SONAME
    machine   e_machine of the processor

    >>> empty_library("libx.so", 62)[1:4]
    b'ELF'
    """
    strings = b"\0" + name.encode() + b"\0"
    table = _HEADER + 2 * _PROGRAM
    texts = table + 6 * _DYNAMIC_ENTRY
    symbols = texts + len(strings) + (-len(strings) % 8)
    hashes = symbols + _SYMBOL
    size = hashes + 16
    entries = [(14, 1), (4, hashes), (5, texts), (6, symbols), (10, len(strings)), (0, 0)]
    dynamic = b"".join(struct.pack("<qQ", tag, value) for tag, value in entries)
    header = b"\x7fELF" + bytes((2, 1, 1)) + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, _HEADER, 0, 0, _HEADER, _PROGRAM, 2, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 6, 0, 0, 0, size, size, _ADDRESS)
    pointer = struct.pack("<IIQQQQQQ", 2, 6, table, table, table, len(dynamic), len(dynamic), 8)
    padded = strings + bytes(symbols - texts - len(strings))
    return header + load + pointer + dynamic + padded + bytes(_SYMBOL) + struct.pack("<IIII", 1, 1, 0, 0)
