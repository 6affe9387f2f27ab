"""diffrax on the processor: Tsit5 on the model's graph, all subjects at once, a restart at every event.

Tsit5 is stable on these models by taking small steps. The implicit methods take minutes to compile and were slower when
they were tried. Subjects are repeated so that the batch is large enough for a library that lives from batches.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.accuracy import ABSOLUTE_SHARE, Reference
from benchmarks.clock import Contender, measured
from benchmarks.problem import Array, Problem
from threonate.engine.lower import lower_sbml
from threonate.schedule import ADD

NAME = "diffrax"
RTOLS = (1e-6,)
_BATCH = 32
_STEPS = 10_000_000
_UNARY = {"exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "atan": "arctan", "sqrt": "sqrt", "floor": "floor"}
_UNARY |= {"ceil": "ceil", "abs": "abs", "neg": "negative", "recip": "reciprocal", "not": "logical_not"}
_BINARY = {"add": "add", "sub": "subtract", "mul": "multiply", "pow": "power", "lt": "less", "le": "less_equal"}
_BINARY |= {"eq": "equal", "and": "logical_and", "or": "logical_or", "xor": "logical_xor"}


def missing() -> str:
    """Why it cannot be run; empty when it can."""
    return "" if find_spec("diffrax") else "diffrax: not installed here."


def make_contenders(problem: Problem, reference: Reference, *, quick: bool) -> list[Contender]:
    """Tsit5 at the nominal tolerance; compiled before the clock starts."""
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    import_module("jax").config.update("jax_enable_x64", True)
    batch = _Batch(problem, reference, 1 if quick else max(1, _BATCH // len(problem)))
    return [Contender(f"{NAME} (Tsit5)", rtol, len(problem), batch.runner(rtol), every=8) for rtol in RTOLS]


class _Batch:
    """All subjects of a problem, `copies` times over, from event to event."""

    def __init__(self, problem: Problem, reference: Reference, copies: int) -> None:
        self.problem, self.copies = problem, copies
        self.model = lower_sbml(problem.compiled.network.sbml)
        self.sizes = np.array([reference.sizes[name] for name in self.model.states])
        self.observe = self._function([self.model.symbols[name] for name in problem.compiled.observables])
        self.rhs = self._function(self.model.derivatives)

    def runner(self, rtol: float) -> Callable[[slice], tuple[float, Array]]:
        """What a contender runs: always all subjects."""
        leg = self._leg(rtol)
        self._solve(leg)

        def run(subjects: slice) -> tuple[float, Array]:
            seconds, values = measured(lambda: self._solve(leg))
            return seconds / self.copies, values

        return run

    def _solve(self, leg: Any) -> Array:
        """Observables of the subjects; a value recorded at the time of an event is the one just before it."""
        problem = self.problem
        times, count = problem.times_h, len(problem)
        states, values = self._start()
        edges = np.unique(np.concatenate([times[[0, -1]], problem.events.times_h[problem.events.times_h < times[-1]]]))
        most = max(int(((times > a) & (times <= b)).sum()) for a, b in pairwise(edges))
        out = np.empty((count, len(times), len(problem.compiled.observables)))
        out[:, 0] = [self.observe(times[0], y, p) for y, p in zip(states, values, strict=True)]
        for begin, end in pairwise(edges):
            self._jump(states, values, begin)
            wanted = np.flatnonzero((times > begin) & (times <= end))
            marks = np.full(1 if len(wanted) <= 1 else most, end)
            marks[: len(wanted)] = times[wanted]
            many = (self.copies, 1)
            last, seen = leg(begin, end, marks, np.tile(states, many), np.tile(values, many))
            states = np.array(last)[:count]
            out[:, wanted] = np.asarray(seen)[:count, : len(wanted)]
        return out

    def _start(self) -> tuple[Array, Array]:
        """States and parameters (subject, ...) in the order of the lowered model."""
        model, inputs, known = self.model, self.problem.inputs, self.problem.compiled.network.parameters
        given = [known.get(name, default) for name, default in zip(model.parameters, model.defaults, strict=True)]
        values = np.tile(np.asarray(given, dtype=np.float64), (len(inputs), 1))
        states = np.zeros((len(inputs), len(model.states)))
        columns = dict(zip((*inputs.symbols, *inputs.states), np.hstack([inputs.values, inputs.start]).T, strict=True))
        for name, column in columns.items():
            place, names = (states, model.states) if name in model.states else (values, model.parameters)
            place[:, names.index(name)] = column
        return states, values

    def _jump(self, states: Array, values: Array, now: float) -> None:
        events, model = self.problem.events, self.model
        for row in np.flatnonzero(events.times_h == now):
            name, subject = events.targets[events.target[row]], events.subject[row]
            place, names = (states, model.states) if name in model.states else (values, model.parameters)
            old = place[subject, names.index(name)] if events.operation[row] == ADD else 0.0
            place[subject, names.index(name)] = old + events.value[row]

    def _function(self, nodes: Sequence[int]) -> Callable[[Any, Any, Any], Any]:
        jnp, graph = import_module("jax.numpy"), self.model.graph

        def evaluate(t: Any, y: Any, p: Any) -> Any:
            leaves = {"y": y, "p": p}
            found: dict[int, Any] = {}
            for node in graph.ordered(nodes):
                op, arguments, value = graph.nodes[node]
                given = [found[a] for a in arguments]
                if op == "const":
                    found[node] = value
                elif op in leaves:
                    found[node] = leaves[op][int(value)]
                elif op == "t":
                    found[node] = t
                elif op == "select":
                    found[node] = jnp.where(*given)
                elif op in ("true", "false"):
                    found[node] = op == "true"
                else:
                    found[node] = getattr(jnp, _UNARY.get(op) or _BINARY[op])(*given[: 1 if op in _UNARY else 2])
            return jnp.stack([jnp.asarray(found[node], dtype=float) for node in nodes])

        return evaluate

    def _leg(self, rtol: float) -> Any:
        """From one event to the next, for all subjects: states at its end, observables at the times inside."""
        jax, diffrax = import_module("jax"), import_module("diffrax")
        term = diffrax.ODETerm(self.rhs)
        control = diffrax.PIDController(rtol=rtol, atol=ABSOLUTE_SHARE * rtol * self.sizes)

        def one(begin: Any, end: Any, times: Any, y: Any, p: Any) -> Any:
            save = diffrax.SaveAt(subs=[diffrax.SubSaveAt(t1=True), diffrax.SubSaveAt(ts=times)])
            course = diffrax.diffeqsolve(
                term, diffrax.Tsit5(), begin, end, None, y, p, saveat=save, stepsize_controller=control,
                max_steps=_STEPS, adjoint=diffrax.ForwardMode(),
            )  # fmt: skip
            last, inside = course.ys
            return last[0], jax.vmap(lambda t, state: self.observe(t, state, p))(times, inside)

        return jax.jit(jax.vmap(one, in_axes=(None, None, None, 0, 0)))
