"""Cases of the SBML Test Suite solved by the generated machine code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.conformance.suite import Array, Asked
from threonate.engine.kernels.driver import FINISHED, NOT_FINITE
from threonate.engine.kernels.lanes import Subjects
from threonate.engine.kernels.methods import method_named
from threonate.engine.kernels.solver import compile_solver
from threonate.engine.native import run_subjects, sentence_of
from threonate.engine.reference import ReferenceModel
from threonate.engine.tolerance import Bounds
from threonate.errors import EngineError

ACCURACY = Bounds(1e-9, 1e-12, 1e-6)
_AFTER = 1e-9


def by_machine_code(asked: Asked, method: str = "rodas5p") -> Array:
    """Values (time, node) at each time, after its events.

    The suite wants what holds after the events of a moment; the native rows hold what was before. So in a model with
    events every row is read a thousand-millionth of the duration later.

    Raises    UnsupportedModel for what is not solved; EngineError with the sentence of a failed solve
    """
    model, nodes, times = asked.model, asked.nodes, asked.times
    names = [f"row {i}" for i in range(len(nodes))]
    told = replace(model, symbols={**model.symbols, **dict(zip(names, nodes, strict=True))})
    solver = compile_solver(told, names, method_named(method), 1)
    begin = ReferenceModel(model, ()).start()
    late = times + (_AFTER * (times[-1] - times[0]) if model.events else 0.0)
    rows = np.unique(np.concatenate([times[:1], late]))
    subjects = Subjects(
        parameters=begin.parameters[None, :].copy(),
        start=begin.states[None, :].copy(),
        first=np.zeros(2, dtype=np.int64),
        event_time=np.empty(0),
        event_kind=np.empty(0, dtype=np.int64),
        event_index=np.empty(0, dtype=np.int64),
        event_value=np.empty(0),
        event_class=np.empty(0, dtype=np.int64),
        times=rows,
        values=np.full((1, len(nodes), len(rows)), np.nan),
        status=np.full(1, NOT_FINITE, dtype=np.int64),
        counts=np.zeros((1, 2), dtype=np.int64),
        taken=np.zeros(1, dtype=np.int64),
    )
    run_subjects(solver, subjects, ACCURACY, 1)
    if subjects.status[0] != FINISHED:
        raise EngineError(sentence_of(int(subjects.status[0])))
    return subjects.values[0, :, -len(times) :].T
