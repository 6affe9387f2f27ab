"""Values of parameters that the text gives by a formula or by an amount, for many subjects."""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from threonate.engine.kernels.lanes import aligned
from threonate.engine.kernels.prepared import Solver

Array = NDArray[np.float64]


def begin_parameters(solver: Solver, parameters: Array) -> Array:
    """(subject, parameter) what the start formulas of the text make of (subject, parameter)."""
    plan, out = solver.plan, np.empty_like(parameters)
    p, t, a, s = (aligned(plan.sizes[name], plan.lanes) for name in ("p", "t", "a", "s"))
    address = solver.machine_code.address("start")
    start = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)(address)
    for begin in range(0, len(parameters), plan.lanes):
        rows = parameters[begin : begin + plan.lanes]
        p[:, : len(rows)] = rows.T
        start(p.ctypes.data, t.ctypes.data, a.ctypes.data, s.ctypes.data)
        out[begin : begin + len(rows)] = a[: rows.shape[1], : len(rows)].T
    return out
