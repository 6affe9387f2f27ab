"""The routines as plain Python on NumPy arrays: the readable reference that the fast code is tested against.

Arrays are (index, ...): one subject or any number of them side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from threonate.engine.codegen.program import HOISTED, Output, Program, Routine, is_input, statements
from threonate.engine.lower.graph import CONSTANT_OP, Graph, Node

Array = NDArray[np.float64]
RoutineFunction = Callable[..., None]

_TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "add": "{0} + {1}",
        "sub": "{0} - {1}",
        "mul": "{0} * {1}",
        "neg": "-{0}",
        "recip": "1.0 / {0}",
        "exp": "np.exp({0})",
        "log": "np.log({0})",
        "sin": "np.sin({0})",
        "cos": "np.cos({0})",
        "atan": "np.arctan({0})",
        "sqrt": "np.sqrt({0})",
        "floor": "np.floor({0})",
        "ceil": "np.ceil({0})",
        "abs": "np.abs({0})",
        "pow": "np.power({0}, {1})",
        "lt": "{0} < {1}",
        "le": "{0} <= {1}",
        "eq": "{0} == {1}",
        "and": "np.logical_and({0}, {1})",
        "xor": "np.logical_xor({0}, {1})",
        "not": "np.logical_not({0})",
        "select": "np.where({0}, {1}, {2})",
        "true": "True",
        "false": "False",
    }
)


def emit_python(program: Program) -> str:
    """The source text of all routines; each takes its inputs, then the arrays it fills."""
    return "\n\n".join(_function(program.graph, routine) for routine in program.routines)


def load_python(program: Program) -> dict[str, RoutineFunction]:
    """The routines as Python functions, by name."""
    names: dict[str, RoutineFunction] = {}
    exec(compile(emit_python(program), "<generated reference>", "exec"), {"np": np}, names)  # our own generated text
    return names


def load_values(graph: Graph, nodes: Sequence[int]) -> Callable[[Array, Array, float], Array]:
    """Values of these nodes as a function of states (state, ...), parameters (parameter, ...) and time: (node, ...)."""
    wanted = Routine("wanted", ("y", "p", "t"), (Output("o", tuple(nodes)),), {})
    routine = load_python(Program(graph, (wanted,), {}, (), 0, 0))["wanted"]

    def evaluate(states: Array, parameters: Array, time: float) -> Array:
        out = np.zeros((len(nodes), *parameters.shape[1:]))
        with np.errstate(all="ignore"):
            routine(states, parameters, (np.float64(time),), out)
        return out

    return evaluate


def _function(graph: Graph, routine: Routine) -> str:
    arguments = [*routine.inputs, *(output.name for output in routine.outputs)]
    lines = [f"def {routine.name}({', '.join(arguments)}):"]
    names: dict[int, str] = {}
    for node, places in statements(graph, routine):
        names[node] = _name(graph.nodes[node], node, routine, names, lines)
        lines += [f"    {array}[{index}] = {names[node]}" for array, index in places]
    return "\n".join([*lines, "    return None"])


def _name(found: Node, node: int, routine: Routine, names: dict[int, str], lines: list[str]) -> str:
    """What a node is called; one that has to be computed adds a line."""
    if node in routine.hoisted:
        return f"{HOISTED}[{routine.hoisted[node]}]"
    if found.op == CONSTANT_OP:
        return f"np.float64({float(found.value)!r})" if np.isfinite(found.value) else f"np.float64('{found.value}')"
    if is_input(found.op):
        return f"{found.op}[{int(found.value)}]"
    lines.append(f"    v{node} = {_TEMPLATES[found.op].format(*(names[arg] for arg in found.args))}")
    return f"v{node}"
