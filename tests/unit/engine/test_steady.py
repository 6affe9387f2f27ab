"""Steady states by Newton: against paper, with conserved sums, with a period, and failures that say why."""

from __future__ import annotations

import numpy as np
import pytest

from tests.event_rows import table
from tests.unit.engine.sbml_texts import DERIVED
from tests.unit.engine.steady_texts import CLOSED, FLOW, TOGGLE, inputs, network
from threonate.engine.native import solve_native
from threonate.engine.steady import solve_periodic, solve_steady
from threonate.engine.tolerance import Bounds
from threonate.errors import EngineError
from threonate.schedule import ADD, SET

TIGHT = Bounds(1e-10, 1e-13)


def column(compiled, found, name):
    return found.states[:, compiled.network.states.index(name)]


def test_flow_through_an_open_chain():
    """Inflow equals outflow: A = inflow / k, P V = inflow / e, and the deep store is in balance with P."""
    flow = network(FLOW)
    inflow, k, e = np.array([3.0, 0.5, 20.0]), np.array([0.7, 7.0, 0.1]), np.array([0.3, 0.3, 0.01])
    found = solve_steady(flow, inputs(flow, 3, inflow=inflow, k=k, e=e))

    assert found.ok.all()
    np.testing.assert_allclose(column(flow, found, "A"), inflow / k, rtol=1e-9)
    np.testing.assert_allclose(column(flow, found, "P"), inflow / e, rtol=1e-9)
    np.testing.assert_allclose(column(flow, found, "D"), 20.0 * inflow / e, rtol=1e-6)
    assert (found.steps < 60).all()


def test_what_only_adds_up_is_left_alone():
    flow = network(FLOW)
    found = solve_steady(flow, inputs(flow))

    assert column(flow, found, "gone")[0] == 0.0


def test_conserved_sums_keep_their_value():
    """Enzyme and substrate are only moved about; the rest follows from the law of mass action."""
    closed = network(CLOSED)
    given = inputs(closed, 4, turn=np.array([0.0, 0.5, 3.0, 50.0]))
    found = solve_steady(closed, given)
    enzyme, substrate, bound, product = found.states.T

    assert found.ok.all()
    np.testing.assert_allclose(enzyme + bound, 1.0, rtol=1e-12)
    np.testing.assert_allclose(substrate + bound + product, 5.0, rtol=1e-12)
    np.testing.assert_allclose(given.values[:, 0] * bound, 0.2 * product, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(2.0 * enzyme * substrate, (0.1 + given.values[:, 0]) * bound, rtol=1e-8)


@pytest.mark.parametrize(("start", "low", "high"), [(0.1, 0.0, 0.3), (1.5, 2.0, 3.05)])
def test_the_state_that_the_start_leads_to(start, low, high):
    """A switch with two resting states: each start comes to its own, not to the unstable one between."""
    toggle = network(TOGGLE)
    given = inputs(toggle)
    given.start[0, 0] = start
    found = solve_steady(toggle, given)

    assert found.ok.all()
    assert low < found.states[0, 0] < high


def test_without_a_way_out_there_is_no_steady_state():
    flow = network(FLOW)
    found = solve_steady(flow, inputs(flow, 2, e=np.array([0.0, 0.3])))

    assert found.ok.tolist() == [False, True]
    assert "does not come to rest" in found.status[0].sentence
    assert np.isnan(found.states[0]).all()


def test_values_that_are_not_numbers_are_a_status():
    flow = network(FLOW)
    found = solve_steady(flow, inputs(flow, 2, k=np.array([np.nan, 0.7])))

    assert found.ok.tolist() == [False, True]
    assert "not finite" in found.status[0].sentence


def test_periodic_linear_chain_on_paper():
    """A dose at the start of every period of a one-state decay: y = (y + dose) exp(-k T) after the period."""
    flow = network(FLOW)
    given = inputs(flow, 3, inflow=0.0, k=np.array([0.01, 0.1, 1.0]))
    rows = [(subject, 0.0, ADD, "A", 2.0) for subject in range(3)]
    found = solve_periodic(flow, given, table(rows), 24.0, bounds=TIGHT)
    left = np.exp(-24.0 * given.values[:, 1])

    assert found.ok.all()
    np.testing.assert_allclose(column(flow, found, "A"), 2.0 * left / (1.0 - left), rtol=1e-6, atol=1e-9)


def test_periodic_state_is_where_simulation_ends():
    """Ten thousand plain periods and a handful of Newton steps agree; the slow store takes years to fill."""
    flow = network(FLOW)
    given = inputs(flow, 2, inflow=np.array([0.0, 0.5]), v=np.array([0.0, 2.0]))
    rows = [(s, t, ADD, "A", 1.0 + s) for s in range(2) for t in (6.0, 15.0)]
    rows += [(s, t, SET, "k", value) for s in range(2) for t, value in ((6.0, 1.5), (20.0, 0.7))]
    found = solve_periodic(flow, given, table(rows), 24.0, bounds=TIGHT)
    periods = 1500
    many = [(s, t + 24.0 * day, *rest) for s, t, *rest in rows for day in range(periods)]
    course = solve_native(flow, given, table(many), np.array([0.0, 24.0 * periods]), tolerance=TIGHT)

    assert found.ok.all()
    assert found.mapped < 60
    for name, volume in (("A", 1.0), ("P", 2.0), ("D", 1.0)):
        np.testing.assert_allclose(column(flow, found, name), course.of(name)[:, -1] * volume, rtol=1e-6, atol=1e-9)


def test_periodic_keeps_conserved_sums():
    closed = network(CLOSED)
    given = inputs(closed, 2)
    rows = [(s, t, SET, "on", value) for s in range(2) for t, value in ((3.0, 0.1 + s), (9.0, 2.0))]
    found = solve_periodic(closed, given, table(rows), 24.0, bounds=TIGHT)

    assert found.ok.all()
    np.testing.assert_allclose(found.states[:, 0] + found.states[:, 2], 1.0, rtol=1e-9)
    np.testing.assert_allclose(found.states[:, 1:].sum(axis=1), 5.0, rtol=1e-9)


def test_periodic_without_a_way_out_says_so():
    flow = network(FLOW)
    given = inputs(flow, 2, inflow=0.0, e=np.array([0.0, 0.3]))
    rows = [(s, 0.0, ADD, "A", 1.0) for s in range(2)]
    found = solve_periodic(flow, given, table(rows), 24.0)

    assert found.ok.tolist() == [False, True]
    assert "one more period changes" in found.status[0].sentence


def test_events_outside_the_period_are_refused():
    flow = network(FLOW)
    with pytest.raises(EngineError, match="events of one period"):
        solve_periodic(flow, inputs(flow), table([(0, 24.0, ADD, "A", 1.0)]), 24.0)


@pytest.mark.parametrize(("symbol", "values"), [("base", [1.0, 3.0]), ("k", [2.0, 6.0])])
def test_a_parameter_by_formula_follows_what_it_is_made_of(symbol, values):
    model = network(DERIVED, "y")
    given = inputs(model, 2, **{symbol: values})

    np.testing.assert_allclose(solve_steady(model, given).states[:, 0], [3.0, 1.0], rtol=1e-9)
    np.testing.assert_allclose(solve_periodic(model, given, table([]), 24.0).states[:, 0], [3.0, 1.0], rtol=1e-7)
