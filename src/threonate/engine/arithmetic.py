"""What decides the last bits of a result on this machine."""

from __future__ import annotations

import platform
from collections.abc import Mapping

import llvmlite.binding as llvm
import numpy as np

from threonate.engine.kernels.object_code import this_machine

_CLASSES = ("avx512f", "avx2", "avx")


def arithmetic() -> Mapping[str, object]:
    """Class of the processor, and versions of what computes.

    The solver gives equal bits on every lane width and processor. NumPy does not: its exponentials, and its linear
    equations behind a steady state, are other code on another class of processor and differ in the last digit.

    >>> sorted(arithmetic())
    ['llvm', 'numpy', 'processor']
    """
    features = this_machine().features.split(",")
    vectors = next((name for name in _CLASSES if f"+{name}" in features), "")
    fused = "fma" if "+fma" in features else ""
    processor = " ".join(word for word in (platform.machine().lower(), vectors, fused) if word)
    return {
        "processor": processor,
        "llvm": ".".join(map(str, llvm.llvm_version_info)),
        "numpy": np.__version__,
    }
