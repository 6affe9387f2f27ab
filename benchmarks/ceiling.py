"""What the processor could do at best, and how much arithmetic a step holds."""

from __future__ import annotations

import ctypes
import re
import time
from functools import lru_cache

import numpy as np

from threonate.engine.codegen.llvm_emitter import scaled_waves
from threonate.engine.codegen.llvm_math import math_module
from threonate.engine.codegen.program import Program, Routine, statements
from threonate.engine.kernels.object_code import MachineCode, this_machine
from threonate.engine.kernels.tableau import ExplicitTableau, Method, Tableau

_CHAINS = 12
"""Independent sums: enough to hide the latency of a fused multiply-add, few enough for the registers."""
_REPEATS = 4_000_000
_ONE_OPERATION = ("fadd", "fsub", "fmul", "fdiv")
_FREE = frozenset({"const", "true", "false", "and", "or", "xor", "not", "select", "neg", "abs"})
_CALLED = {name: f"lane_{name}" for name in ("exp", "log", "sin", "cos", "atan")}
_POWERS = {3: "lane_pow", 4: "lane_known_pow"}


def peak_flops() -> float:
    """Fused multiply-adds on full registers, two operations per number, per second of processor time; best of five."""
    lanes = this_machine().lanes
    code = MachineCode(_peak_text(lanes))
    run = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_void_p)(code.address("peak"))
    numbers = np.ones(lanes * (_CHAINS + 2) + 8)
    begin = numbers.ctypes.data + (-numbers.ctypes.data % 64)
    numbers[:] = 0.999999
    best = 0.0
    for _ in range(5):
        start = time.process_time()
        run(_REPEATS, begin)
        best = max(best, 2.0 * _CHAINS * lanes * _REPEATS / (time.process_time() - start))
    return best


def _peak_text(lanes: int) -> str:
    """A loop of independent fused multiply-adds on whatever numbers it finds."""
    v = f"<{lanes} x double>"
    align = min(64, 8 * lanes)
    lines = [f"declare {v} @llvm.fma.v{lanes}f64({v}, {v}, {v})", "define void @peak(i64 %n, ptr %x) #0 {", "entry:"]
    for i in range(_CHAINS + 2):
        lines.append(f"  %p{i} = getelementptr {v}, ptr %x, i64 {i}")
        lines.append(f"  %v{i} = load {v}, ptr %p{i}, align {align}")
    lines += ["  br label %loop", "loop:", "  %i = phi i64 [0, %entry], [%next, %loop]"]
    for i in range(_CHAINS):
        lines.append(f"  %a{i} = phi {v} [%v{i}, %entry], [%b{i}, %loop]")
    for i in range(_CHAINS):
        lines.append(f"  %b{i} = call {v} @llvm.fma.v{lanes}f64({v} %a{i}, {v} %v{_CHAINS}, {v} %v{_CHAINS + 1})")
    lines += ["  %next = add i64 %i, 1", "  %more = icmp ult i64 %next, %n", "  br i1 %more, label %loop, label %end"]
    lines.append("end:")
    lines += [f"  store {v} %b{i}, ptr %p{i}, align {align}" for i in range(_CHAINS)]
    lines += ["  ret void", "}", 'attributes #0 = { nounwind "prefer-vector-width"="512" }']
    return "\n".join(lines)


@lru_cache(maxsize=1)
def function_flops() -> dict[str, int]:
    """Operations of each elementary function, counted in its own text; choices and moves of bits are free."""
    texts = {re.search(r"@(lane_\w+)\(", text)[1]: text for text in math_module(2)[0]}  # type: ignore[index]
    found: dict[str, int] = {}
    for _ in texts:
        found = {name: _count(text, found) for name, text in texts.items()}
    return found


def _count(text: str, known: dict[str, int]) -> int:
    body = text.split("{", 1)[1].split("otherwise:")[0]  # the way of ordinary numbers
    total = sum(len(re.findall(rf"= {op}\b", body)) for op in _ONE_OPERATION)
    total += 2 * len(re.findall(r"@llvm\.(?:fma|fmuladd)\.", body))
    return total + sum(known.get(name, 0) for name in re.findall(r"call [^@]*@(lane_\w+)", body))


def routine_flops(program: Program, routine: Routine) -> int:
    """Operations of one routine for one subject; a division counts as one, and a wave with an amplitude as none."""
    total, waves = 0, scaled_waves(program.graph, routine)
    for node, _ in statements(program.graph, routine):
        op = program.graph.nodes[node].op
        if node in routine.hoisted or node in waves or op in _FREE or op in ("p", "y", "t", "g", "w", "b", "x", "q"):
            continue
        name = _POWERS[len(program.graph.nodes[node].args)] if op == "pow" else _CALLED.get(op)
        total += function_flops()[name] if name else 1
    return total


def step_flops(program: Program, method: Method) -> int:
    """Operations of one trial step for one subject: routines, stage sums, error; acceptance and output are left out."""
    growth = function_flops()["lane_log"] + function_flops()["lane_exp"]
    return growth + (_rosenbrock(program, method) if isinstance(method, Tableau) else _explicit(program, method))


def _explicit(program: Program, method: ExplicitTableau) -> int:
    size = program.sizes["y"]
    inner, last = (
        sum(1 for row in rows for weight in row if weight) for rows in (method.a, (method.b, *method.errors))
    )
    sums = program.felt * (2 * inner + method.stages) + size * (2 * last + 10)
    return method.stages * routine_flops(program, program.routine("rhs")) + sums


def _rosenbrock(program: Program, method: Tableau) -> int:
    size, stages = program.sizes["y"], method.stages
    total = routine_flops(program, program.routine("matrix"))
    for name in ("rhs", "substitute"):
        total += stages * routine_flops(program, program.routine(name))
    for stage in range(1, stages):
        simple = method.adds_one_stage(stage) and stage > 1
        total += size * (1 if simple else 2 * sum(1 for a in method.a[stage] if a))
        total += size * (2 * sum(1 for c in method.coupling[stage] if c) + 1)
    drifting = sum(1 for d in method.drift if d)
    total += 2 * len(program.timed) * drifting
    return total + 7 * size
