"""The routines of a program as LLVM functions on lanes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from types import MappingProxyType

from threonate.engine.codegen.llvm_builder import FunctionText, define
from threonate.engine.codegen.llvm_math import math_module
from threonate.engine.codegen.program import HOISTED, Program, Routine, is_input, statements
from threonate.engine.lower.graph import CONSTANT_OP, Graph, Node

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
    emitter = _Emitter(graph, routine, text)
    for node, places in emitter.ordered:
        if node not in emitter.folded:
            emitter.names[node] = emitter.value(node)
        for array, index in places:
            text.store(array, index, emitter.names[node])
    return text


def scaled_waves(graph: Graph, routine: Routine) -> dict[int, int]:
    """Sines and cosines that only one product needs -> its other factor, where that does not depend on the state."""
    ordered = list(statements(graph, routine))
    uses = _uses(graph, routine, ordered)
    found = {}
    for product in (node for node, _ in ordered if node not in routine.hoisted and graph.nodes[node].op == "mul"):
        for one, other in permutations(graph.nodes[product].args):
            if graph.nodes[one].op in ("sin", "cos") and uses[one] == 1 and other in routine.hoisted:
                found[one] = other
    return found


def _uses(graph: Graph, routine: Routine, ordered: Sequence[tuple[int, Sequence[object]]]) -> Counter[int]:
    """How often each node is an argument or written."""
    uses = Counter(arg for node, _ in ordered if node not in routine.hoisted for arg in graph.nodes[node].args)
    uses.update(node for node, places in ordered for _ in places)
    return uses


class _Emitter:
    """Names of the values of one routine. A product that only one sum needs is fused into it.

    A wave whose amplitude is zero is zero, and is not computed when it is zero for all lanes.
    """

    def __init__(self, graph: Graph, routine: Routine, text: FunctionText) -> None:
        self.graph, self.routine, self.text = graph, routine, text
        self.names: dict[int, str] = {}
        self.ordered = list(statements(graph, routine))
        self.computed = [node for node, _ in self.ordered if node not in routine.hoisted]
        self.uses = _uses(graph, routine, self.ordered)
        self.folded = self._folded()
        self.scaled = scaled_waves(graph, routine)

    def _folded(self) -> set[int]:
        """Products that are computed where they are added; the first of two, if both could be."""
        single = {n for n in self.computed if self.graph.nodes[n].op == "mul" and self.uses[n] == 1}
        found = set()
        for node in self.computed:
            if self.graph.nodes[node].op in ("add", "sub"):
                found |= set([arg for arg in self.graph.nodes[node].args if arg in single][:1])
        return found

    def value(self, node: int) -> str:
        found, text = self.graph.nodes[node], self.text
        if node in self.routine.hoisted:
            return text.load(HOISTED, self.routine.hoisted[node])
        if found.op == CONSTANT_OP:
            return text.number(found.value)
        if is_input(found.op):
            return text.load(found.op, int(found.value))
        if self.folded.intersection(found.args):
            return self._fused(found)
        if node in self.scaled:
            scale = text.load(HOISTED, self.routine.hoisted[self.scaled[node]])
            return text.call(f"lane_{found.op}_where", self.names[found.args[0]], scale)
        return _OPERATIONS[found.op](text, [self.names[arg] for arg in found.args])

    def _fused(self, found: Node) -> str:
        left, right = found.args
        product, other = (left, right) if left in self.folded else (right, left)
        a, b = (self.names[arg] for arg in self.graph.nodes[product].args)
        if found.op == "add":
            return self.text.fused(a, b, self.names[other])
        if product == left:
            return self.text.fused(a, b, self.text.negative(self.names[other]))
        return self.text.less(self.names[other], a, b)


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
        "not": lambda text, a: text.negated(a[0]),
        "select": lambda text, a: text.choose(a[0], a[1], a[2]),
        "true": lambda text, a: "splat (i1 true)",
        "false": lambda text, a: "splat (i1 false)",
    }
)
