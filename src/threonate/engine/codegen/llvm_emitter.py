"""The routines of a program as LLVM functions on lanes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from threonate.engine.codegen.llvm_builder import FunctionText, define
from threonate.engine.codegen.llvm_math import math_module
from threonate.engine.codegen.program import HOISTED, Program, Routine, is_input, statements
from threonate.engine.lower.graph import CONSTANT_OP, Graph

ATTRIBUTES = 'attributes #0 = { nounwind alignstack=64 "prefer-vector-width"="512" "min-legal-vector-width"="512" }'
_Emit = Callable[[FunctionText, list[str]], str]


def emit_routines(program: Program, lanes: int) -> tuple[list[str], set[str]]:
    """Definitions of elementary functions and routines, and the intrinsics they need.

    Every routine takes the addresses of its inputs, then of its outputs: arrays (index, lane) of doubles.
    """
    definitions, declared = math_module(lanes)
    for routine in program.routines:
        text = routine_text(program.graph, routine, lanes)
        arrays = [*routine.inputs, *(output.name for output in routine.outputs)]
        definitions.append(define(text, routine.name, arrays))
        declared |= text.declared
    return definitions, declared


def assemble(definitions: list[str], declared: set[str]) -> str:
    """One module."""
    return "\n".join([*sorted(declared), *definitions, ATTRIBUTES, ""])


def routine_text(graph: Graph, routine: Routine, lanes: int) -> FunctionText:
    """The body of one routine."""
    text = FunctionText(lanes)
    names: dict[int, str] = {}
    for node, places in statements(graph, routine):
        names[node] = _value(graph, node, routine, (text, names))
        for array, index in places:
            text.store(array, index, names[node])
    return text


def _value(graph: Graph, node: int, routine: Routine, state: tuple[FunctionText, dict[int, str]]) -> str:
    text, names = state
    found = graph.nodes[node]
    if node in routine.hoisted:
        return text.load(HOISTED, routine.hoisted[node])
    if found.op == CONSTANT_OP:
        return text.number(found.value)
    if is_input(found.op):
        return text.load(found.op, int(found.value))
    return _OPERATIONS[found.op](text, [names[arg] for arg in found.args])


def _arithmetic(op: str) -> _Emit:
    return lambda text, a: text.arithmetic(op, a[0], a[1])


def _compared(predicate: str) -> _Emit:
    return lambda text, a: text.compare(predicate, a[0], a[1])


def _called(name: str) -> _Emit:
    return lambda text, a: text.call(name, *a)


def _intrinsic(name: str) -> _Emit:
    return lambda text, a: text.intrinsic(name, a[0])


def _logical(op: str) -> _Emit:
    return lambda text, a: text.value(f"{op} {text.truth} {a[0]}, {a[1]}")


_OPERATIONS: Mapping[str, _Emit] = MappingProxyType(
    {
        "add": _arithmetic("fadd"),
        "sub": _arithmetic("fsub"),
        "mul": _arithmetic("fmul"),
        "neg": lambda text, a: text.negative(a[0]),
        "recip": lambda text, a: text.div(text.number(1.0), a[0]),
        "exp": _called("lane_exp"),
        "log": _called("lane_log"),
        "sin": _called("lane_sin"),
        "cos": _called("lane_cos"),
        "atan": _called("lane_atan"),
        "pow": lambda text, a: text.call("lane_pow" if len(a) == 3 else "lane_known_pow", *a),
        "sqrt": _intrinsic("sqrt"),
        "floor": _intrinsic("floor"),
        "ceil": _intrinsic("ceil"),
        "abs": _intrinsic("fabs"),
        "lt": _compared("olt"),
        "le": _compared("ole"),
        "eq": _compared("oeq"),
        "and": _logical("and"),
        "xor": _logical("xor"),
        "not": lambda text, a: text.value(f"xor {text.truth} {a[0]}, splat (i1 true)"),
        "select": lambda text, a: text.choose(a[0], a[1], a[2]),
        "true": lambda text, a: "splat (i1 true)",
        "false": lambda text, a: "splat (i1 false)",
    }
)
