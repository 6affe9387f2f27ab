"""The native solver: exact answers, events, failures, and the same bits whatever surrounds a subject."""

from __future__ import annotations

import numpy as np
import pytest

from tests.event_rows import in_this_order, table
from tests.unit.engine.sbml_texts import CHAIN, MIXED, sbml
from threonate.engine import CompiledNetwork, SubjectInputs, compile_network
from threonate.engine.lower import UnsupportedModel, lower_sbml
from threonate.engine.native import native_solver, solve_native, solve_with
from threonate.engine.tolerance import Tolerance
from threonate.errors import EngineError
from threonate.physiology import read_sbml
from threonate.schedule import ADD, SET


@pytest.fixture(scope="module")
def chain() -> CompiledNetwork:
    return compile_network(read_sbml(CHAIN), ("G", "P", "leave"))


def people(values, start=(1.0, 0.0)):
    rows = np.asarray(values, dtype=np.float64).reshape(-1, 2)
    return SubjectInputs(("k", "e"), rows, ("G", "P"), np.tile(np.asarray(start), (len(rows), 1)))


def after(dose, k, e, t):
    """Amounts (G, P) at a time after a swallowed dose."""
    return dose * np.exp(-k * t), dose * k / (k - e) * (np.exp(-e * t) - np.exp(-k * t))


@pytest.mark.parametrize("method", ["rodas5p", "rodas4p"])
@pytest.mark.parametrize(("policy", "bound"), [(Tolerance.DEFAULT, 1e-5), (Tolerance.REFERENCE, 1e-8)])
def test_exact_solution(chain, method, policy, bound):
    times = np.linspace(0.0, 10.0, 41)
    solver = native_solver(chain.network.sbml, chain.observables, method)
    course = solve_with(solver, chain, (people([0.7, 0.3]), table([]), times), tolerance=policy)
    gut, plasma = after(1.0, 0.7, 0.3, times)

    assert course.ok.all()
    np.testing.assert_allclose(course.of("G")[0], gut, rtol=10 * bound, atol=bound)
    np.testing.assert_allclose(course.of("P")[0], plasma / 2.0, rtol=10 * bound, atol=bound)
    np.testing.assert_allclose(course.of("leave")[0], 0.3 * plasma, rtol=10 * bound, atol=bound)


def test_events_at_once_at_the_start_and_at_the_end(chain):
    """Two jumps at one time, one at time zero, one at the end, which nobody sees."""
    rows = [(0, 0.0, ADD, "G", 1.0), (0, 2.0, SET, "k", 0.5), (0, 2.0, ADD, "G", 3.0), (0, 6.0, ADD, "G", 9.0)]
    times = np.array([0.0, 1.0, 2.0, 4.0, 6.0])
    course = solve_native(chain, people([0.7, 0.3]), table(rows), times, tolerance=Tolerance.REFERENCE)
    at_two = 2.0 * np.exp(-1.4)
    expected = [1.0, 2.0 * np.exp(-0.7), at_two, (at_two + 3.0) * np.exp(-1.0), (at_two + 3.0) * np.exp(-2.0)]

    np.testing.assert_allclose(course.of("G")[0], expected, rtol=1e-7)


def test_infusion_is_a_switched_parameter(chain):
    rows = [(0, 0.0, SET, "inflow", 2.0), (0, 5.0, SET, "inflow", 0.0)]
    course = solve_native(
        chain, people([0.7, 0.3], (0.0, 0.0)), table(rows), np.array([0.0, 5.0, 8.0]), tolerance=Tolerance.REFERENCE
    )
    end = 2.0 / 0.3 * (1.0 - np.exp(-1.5))

    np.testing.assert_allclose(course.of("P")[0] * 2.0, [0.0, end, end * np.exp(-0.9)], rtol=1e-7)


@pytest.mark.parametrize("lanes", [1, 2, 4, 8])
def test_the_same_bits_in_any_company(chain, lanes):
    """Order, number of threads, and size of the group do not touch a subject's result."""
    rng = np.random.default_rng(5)
    values = np.stack([rng.uniform(0.2, 2.0, 37), rng.uniform(0.05, 0.15, 37)], axis=1)
    rows = [(s, float(t), ADD, "G", 1.0 + s / 10) for s in range(37) for t in np.arange(s % 5, 20, 3 + s % 4)]
    times = np.linspace(0.0, 24.0, 49)
    solver = native_solver(chain.network.sbml, chain.observables, lanes=lanes)
    whole = solve_with(solver, chain, (people(values), table(rows), times), threads=1).values
    threaded = solve_with(solver, chain, (people(values), table(rows), times), threads=3).values
    order = rng.permutation(37)
    place = {int(old): new for new, old in enumerate(order)}
    moved = table(sorted((place[s], t, op, target, value) for s, t, op, target, value in rows))
    shuffled = solve_with(solver, chain, (people(values[order]), moved, times), threads=1).values

    np.testing.assert_array_equal(whole, threaded)
    np.testing.assert_array_equal(whole[order], shuffled)
    alone = solve_native(chain, people(values[36]), table([(0, *row[1:]) for row in rows if row[0] == 36]), times)
    np.testing.assert_allclose(alone.values[0], whole[36], rtol=1e-12)


def test_failures_are_a_status_beside_the_others(chain):
    times = np.linspace(0.0, 5.0, 6)
    course = solve_native(chain, people([[0.7, 0.3], [np.nan, 0.3], [0.7, -200.0], [0.6, 0.2]]), table([]), times)

    assert course.ok.tolist() == [True, False, False, True]
    assert "k is nan" in course.status[1].sentence
    assert "not finite" in course.status[2].sentence
    assert np.isnan(course.values[1:3]).all()
    assert np.isfinite(course.values[[0, 3]]).all()


def test_agrees_with_the_other_solver():
    from tests.oracle.solve import solve_oracle
    from threonate.physiology.network import start_states

    network = read_sbml(MIXED)
    compiled = compile_network(network, ("A", "B", "C", "x", "total", "r1", "r2", "r3"))
    inputs = SubjectInputs((), np.empty((1, 0)), network.states, start_states(network, (), np.empty((1, 0))))
    times = np.linspace(0.0, 5.0, 21)
    ours = solve_native(compiled, inputs, table([]), times, tolerance=Tolerance.REFERENCE)
    theirs = solve_oracle(compiled, inputs, table([]), times)

    np.testing.assert_allclose(ours.values, theirs.values, rtol=1e-6, atol=1e-8)


def test_what_does_not_fit_is_refused(chain):
    times = np.array([0.0, 1.0])
    with pytest.raises(EngineError, match="Nearest: 'inflow'"):
        solve_native(chain, people([0.7, 0.3]), table([(0, 0.5, SET, "inflw", 1.0)]), times)
    late_first = in_this_order([(0, 0.5, ADD, "G", 1.0), (0, 0.2, ADD, "G", 1.0)])
    with pytest.raises(EngineError, match="sorted"):
        solve_native(chain, people([0.7, 0.3]), late_first, times)


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("model a() x = 1; x' = delay(x, 1); end", "delay"),
    ],
)
def test_unsupported_constructs_are_named(text, construct):
    with pytest.raises(UnsupportedModel, match=construct):
        lower_sbml(sbml(text))


def test_a_model_without_states():
    """Only formulas of time and parameters."""
    network = read_sbml(sbml("model still() a = 2; x := a * sin(time); end"))
    inputs = SubjectInputs(("a",), np.array([[3.0]]), (), np.empty((1, 0)))
    times = np.array([0.0, 1.0, 2.5])
    events = table([(0, 2.0, SET, "a", 5.0)])
    course = solve_native(compile_network(network, ("x",)), inputs, events, times)

    np.testing.assert_allclose(course.of("x")[0], [0.0, 3.0 * np.sin(1.0), 5.0 * np.sin(2.5)], rtol=1e-14)


BOUND = sbml(
    """
model bound()
  compartment V = 2;
  species $S in V = 3, P in V = 0;
  substanceOnly species $N in V = 5;
  base = 0.25; k = 2 * base;
  make: -> P; k * S * N;
end
"""
)


@pytest.mark.parametrize("size", [1, 9])
def test_what_nobody_sets_is_as_the_text_gives_it(size):
    """A boundary species, read as concentration or amount, and a parameter by formula, also of a value set by hand."""
    network = compile_network(read_sbml(BOUND), ("P", "S", "N", "k"))
    bases = np.linspace(0.25, 1.0, size)[:, None]
    none = np.zeros((size, 1))

    course = solve_native(network, SubjectInputs(("base",), bases, ("P",), none), table([]), np.array([0.0, 4.0]))
    chosen = solve_native(network, SubjectInputs(("k",), bases, ("P",), none), table([]), np.array([0.0, 4.0]))
    wider = solve_native(
        network, SubjectInputs(("V",), 0.0 * bases + 4.0, ("P",), none), table([]), np.array([0.0, 4.0])
    )

    np.testing.assert_allclose(course.of("P")[:, 1], 2.0 * bases[:, 0] * 3.0 * 5.0 * 4.0 / 2.0, rtol=1e-9)
    np.testing.assert_allclose(chosen.of("P")[:, 1], bases[:, 0] * 3.0 * 5.0 * 4.0 / 2.0, rtol=1e-9)
    np.testing.assert_allclose(wider.values[:, 1], np.tile([0.5 * 3.0 * 5.0 * 4.0 / 4.0, 3.0, 5.0, 0.5], (size, 1)))


def test_states_that_nothing_depends_on_come_last():
    text = sbml("model m()\n total = 0; total' = x; x = 4; k = 0.5; x' = -k * x;\nend")
    model = lower_sbml(text)
    compiled = compile_network(read_sbml(text), ("total", "x"))
    people = SubjectInputs((), np.empty((1, 0)), compiled.network.states, np.array([[0.0, 4.0]]))

    assert compiled.network.states == ("total", "x")
    assert model.states == ("x", "total")
    for method in ("rodas5p", "dop853"):
        solver = native_solver(compiled.network.sbml, compiled.observables, method)
        course = solve_with(solver, compiled, (people, table([]), np.array([0.0, 2.0])), tolerance=Tolerance.REFERENCE)
        np.testing.assert_allclose(course.values[0, 1], [8.0 - 8.0 * np.exp(-1.0), 4.0 * np.exp(-1.0)], rtol=1e-8)


@pytest.mark.parametrize("method", ["rodas5p", "dop853"])
def test_a_state_that_only_a_condition_reads_is_followed(method):
    text = sbml("model m()\n x = 8; x' = -x; y = 0; y' = x; z = 0; z' = piecewise(1, y > 4, 0);\nend")
    compiled = compile_network(read_sbml(text), ("z",))
    people = SubjectInputs((), np.empty((1, 0)), compiled.network.states, np.array([[8.0, 0.0, 0.0]]))
    solver = native_solver(compiled.network.sbml, compiled.observables, method)
    course = solve_with(solver, compiled, (people, table([]), np.array([0.0, 5.0])))

    assert lower_sbml(text).states == ("x", "y", "z")
    np.testing.assert_allclose(course.values[0, 1], [5.0 - np.log(2.0)], rtol=1e-4)


def test_a_wave_with_amplitude_in_one_lane_leaves_the_others_as_they_are():
    text = sbml("model m()\n x = 1; a = 0; b = 0.3; x' = -b * x + a * cos(0.2 * time) * x;\nend")
    compiled = compile_network(read_sbml(text), ("x",))
    amplitudes = np.array([[0.0], [0.4], [0.0], [0.1]])
    times = np.linspace(0.0, 16.0, 9)

    def solve(rows):
        people = SubjectInputs(("a",), amplitudes[rows], ("x",), np.ones((len(amplitudes[rows]), 1)))
        return solve_native(compiled, people, table([]), times, tolerance=Tolerance.REFERENCE).values

    together = solve(slice(None))
    for row in range(4):
        np.testing.assert_array_equal(solve(slice(row, row + 1))[0], together[row])
    exact = np.exp(-0.3 * times + 5.0 * amplitudes * np.sin(0.2 * times))
    np.testing.assert_allclose(together[:, :, 0], exact, rtol=1e-6)
