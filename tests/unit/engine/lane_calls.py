"""Call compiled routines from a test."""

from __future__ import annotations

import ctypes

import numpy as np

from threonate.engine.codegen.llvm_builder import FunctionText, define
from threonate.engine.codegen.llvm_emitter import assemble, emit_routines
from threonate.engine.codegen.llvm_math import math_module
from threonate.engine.kernels.object_code import MachineCode


def aligned(*shape):
    """Zeros that start at a cache line."""
    size = int(np.prod(shape))
    raw = np.zeros(size + 8)
    start = (-raw.ctypes.data % 64) // 8
    return raw[start : start + size].reshape(shape)


def call(code, name, *arrays):
    function = ctypes.CFUNCTYPE(None, *([ctypes.c_void_p] * len(arrays)))(code.address(name))
    function(*(array.ctypes.data for array in arrays))


def compile_program(program, lanes):
    return MachineCode(assemble(*emit_routines(program, lanes)))


def compile_function(name, arguments, lanes=8):
    """One elementary function, as a routine from arrays `a0`, `a1`... to `r`."""
    definitions, declared = math_module(lanes)
    text = FunctionText(lanes)
    arrays = [f"a{i}" for i in range(arguments)]
    text.store("r", 0, text.call(name, *(text.load(array, 0) for array in arrays)))
    definitions.append(define(text, "once", [*arrays, "r"]))
    return MachineCode(assemble(definitions, declared))


def apply(code, *values, lanes=8):
    """A compiled elementary function on arrays of any length."""
    size = len(values[0])
    padded = [np.concatenate([v, np.ones(-size % lanes)]).reshape(-1, lanes) for v in values]
    out = np.empty_like(padded[0])
    blocks = [aligned(1, lanes) for _ in range(len(values) + 1)]
    for row in range(len(out)):
        for block, column in zip(blocks, padded, strict=False):
            block[0] = column[row]
        call(code, "once", *blocks)
        out[row] = blocks[-1][0]
    return out.ravel()[:size]
