"""What decides the last bits of a result on this machine."""

from __future__ import annotations

import platform
from collections.abc import Mapping

import llvmlite.binding as llvm

from threonate.engine.kernels.object_code import this_machine

_CLASSES = ("avx512f", "avx2", "avx")


def arithmetic() -> Mapping[str, object]:
    """Class of the processor, lanes, and version of the compiler.

    Where these are equal, results are equal by bit. Where they differ, sums of products may be fused in another order
    and results may differ in the twelfth digit.

    >>> sorted(arithmetic())
    ['lanes', 'llvm', 'processor']
    """
    machine = this_machine()
    features = machine.features.split(",")
    vectors = next((name for name in _CLASSES if f"+{name}" in features), "")
    fused = "fma" if "+fma" in features else ""
    processor = " ".join(word for word in (platform.machine().lower(), vectors, fused) if word)
    return {"processor": processor, "lanes": machine.lanes, "llvm": ".".join(map(str, llvm.llvm_version_info))}
