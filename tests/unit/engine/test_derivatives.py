"""Sparse forward differentiation, by parameters as well as by states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.unit.engine.sbml_texts import MIXED
from threonate.engine.codegen import Output, Routine, build_program, load_python
from threonate.engine.lower import differentiate, lower_sbml


def test_derivatives_by_parameters():
    model = lower_sbml(MIXED)
    graph = model.graph
    rows = differentiate(graph, model.derivatives, model.parameter_leaves)
    entries = [(i, j) for i, row in enumerate(rows) for j in row]
    nodes = tuple(rows[i][j] for i, j in entries)
    plain = Routine("slopes", ("y", "p", "t"), (Output("s", nodes),), {})
    rates = Routine("rates", ("y", "p", "t"), (Output("f", model.derivatives),), {})
    functions = load_python(replace(build_program(model, ()), routines=(plain, rates)))
    rng = np.random.default_rng(2)
    y, p, t = (rng.uniform(0.5, 2.0, n) for n in (len(model.states), len(model.parameters), 1))
    found = np.zeros(len(entries))
    functions["slopes"](y, p, t, found)
    step = 1e-6
    for (i, j), slope in zip(entries, found, strict=True):
        up, down = np.zeros(len(y)), np.zeros(len(y))
        unit = np.eye(len(p))[j] * step
        functions["rates"](y, p + unit, t, up)
        functions["rates"](y, p - unit, t, down)
        np.testing.assert_allclose(slope, (up[i] - down[i]) / (2 * step), rtol=1e-6, atol=1e-8)
