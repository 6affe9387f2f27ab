"""LLVM text to machine code of this processor, kept on disk by the hash of everything that decides it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm

_OPTIMISATION = 2


@dataclass(frozen=True, slots=True)
class Machine:
    """What machine code depends on besides the text."""

    processor: str
    features: str

    @property
    def lanes(self) -> int:
        """Doubles in the widest vector register."""
        if "+avx512f" in self.features:
            return 8
        return 4 if "+avx," in self.features + "," else 2


@lru_cache(maxsize=1)
def this_machine() -> Machine:
    """The processor that this process runs on."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return Machine(llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten())


class MachineCode:
    """Compiled functions of one module; their addresses are valid as long as this object lives."""

    def __init__(self, text: str) -> None:
        machine = this_machine()
        key = _key(text, machine)
        found = _read(key)
        self.from_disk = found is not None
        if found is None:
            found = compile_object(text, machine)
            _write(key, found)
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target(machine))
        self._engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(found))
        self._engine.finalize_object()

    def address(self, name: str) -> int:
        """Where a function starts."""
        return int(self._engine.get_function_address(name))


def compile_object(text: str, machine: Machine, triple: str = "") -> bytes:
    """Object code for a processor; `triple` names another system, for which it is only compiled."""
    target = _target(machine, triple)
    module = llvm.parse_assembly(text)
    module.verify()
    builder = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(speed_level=_OPTIMISATION))
    builder.getModulePassManager().run(module, builder)
    return bytes(target.emit_object(module))


def _target(machine: Machine, triple: str = "") -> Any:
    found = llvm.Target.from_triple(triple) if triple else llvm.Target.from_default_triple()
    return found.create_target_machine(
        cpu=machine.processor, features=machine.features, opt=_OPTIMISATION, codemodel="small"
    )


def _key(text: str, machine: Machine) -> str:
    version = ".".join(str(part) for part in llvm.llvm_version_info)
    parts = (text, machine.processor, machine.features, version, str(_OPTIMISATION))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def cache_folder() -> Path:
    """Where object code is kept: the user's cache, or THREONATE_CACHE."""
    chosen = os.environ.get("THREONATE_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / "threonate"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "threonate"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "threonate"


def _read(key: str) -> bytes | None:
    """The kept object, checked against the digest written with it; None when there is none or it is damaged."""
    with contextlib.suppress(OSError, RuntimeError):
        whole = (cache_folder() / f"{key}.o").read_bytes()
        digest, body = whole[:32], whole[32:]
        if hashlib.sha256(body).digest() == digest:
            return body
    return None


def _write(key: str, body: bytes) -> None:
    """Kept by atomic rename; a folder that cannot be written only costs the next start its time."""
    with contextlib.suppress(OSError, RuntimeError):
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(hashlib.sha256(body).digest() + body)
        os.replace(file.name, folder / f"{key}.o")
