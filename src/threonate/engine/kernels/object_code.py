"""LLVM text to machine code of this processor, kept on disk by the hash of everything that decides it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

import llvmlite.binding as llvm

from threonate.engine.kernels.kept import keep, key_of, makers, read_kept

_OPTIMISATION = 2
_PLACEMENT = {"reloc": "pic", "codemodel": "small"}
_NUMBERS = count()


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
    """Compiled functions of one module; their addresses are valid as long as this object lives.

    name        what the object is kept as
    from_disk   whether it was
    """

    def __init__(self, text: str) -> None:
        machine = this_machine()
        self.name = _name(text, machine)
        found = read_kept(self.name)
        self.from_disk = found is not None
        if found is None:
            found = " ".join(defined(text)).encode() + b"\n" + compile_object(text, machine)
            keep(self.name, found)
        self._load(found)

    @classmethod
    def kept(cls, name: str) -> MachineCode | None:
        """What is kept under a name; None when there is nothing or it is damaged."""
        body = read_kept(name)
        if body is None:
            return None
        found = cls.__new__(cls)
        found.name, found.from_disk = name, True
        found._load(body)
        return found

    def _load(self, body: bytes) -> None:
        functions, _, image = body.partition(b"\n")
        library = llvm.JITLibraryBuilder().add_object_img(image).add_current_process()
        for function in functions.decode().split():
            library.export_symbol(function)
        self._library = library.link(_linker(), f"{self.name} {next(_NUMBERS)}")

    def address(self, name: str) -> int:
        """Where a function starts.

        Raises    KeyError when the module has none of this name
        """
        return int(self._library[name])


@lru_cache(maxsize=1)
def _linker() -> Any:
    """What sets object code into memory: all of one module in one block, within reach of the small code model.

    LLVM's older engine places code and constants apart, in a crowded address space more than 2 GiB, and then ends the
    process.
    """
    return llvm.create_lljit_compiler(_target(this_machine()), use_jit_link=True)


def defined(text: str) -> list[str]:
    """The functions of a module that others may call."""
    found = llvm.parse_assembly(text).functions
    return [one.name for one in found if not one.is_declaration and one.linkage == llvm.Linkage.external]


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
        cpu=machine.processor, features=machine.features, opt=_OPTIMISATION, **_PLACEMENT
    )


def _name(text: str, machine: Machine) -> str:
    return f"{key_of(makers(), text, *compiler(machine))}.o"


def compiler(machine: Machine | None = None) -> tuple[str, ...]:
    """What decides the object code of a text, on this machine or another."""
    machine = machine or this_machine()
    version = ".".join(str(part) for part in llvm.llvm_version_info)
    return machine.processor, machine.features, version, str(_OPTIMISATION), *_PLACEMENT.values()
