"""Events that a model brings itself: found within a step, in any lane, and refused where they are not understood."""

from __future__ import annotations

import antimony
import numpy as np
import pytest
from numpy.testing import assert_allclose

from threonate.engine import CompiledNetwork, SubjectInputs, Tolerance, Trajectories, compile_network
from threonate.engine.lower import UnsupportedModel, lower_sbml
from threonate.engine.native import native_solver, solve_with
from threonate.engine.reference import ReferenceAccuracy, solve_reference
from threonate.physiology import read_sbml
from threonate.schedule import ADD, NO_EVENTS, EventTable

THERMOSTAT = """
model heater()
  loss = 0.5; strength = 4; low = 2; high = 3; on = 1;
  T = 0; T' = on * strength - loss * T;
  on_time = 0; on_time' = on;
  E1: at (on > 0.5 && T >= high): on = 0;
  E2: at (on < 0.5 && T <= low): on = 1;
end
"""
BALL = """
model ball()
  g = 9.81; rest = 0.8; ground = 0;
  h = 10; v = 0; hits = 0; hits' = 0;
  h' = v; v' = -g;
  E1: at (h <= ground && v < 0): v = -rest * v, hits = hits + 1;
end
"""


def compiled(text: str, observed: tuple[str, ...]) -> CompiledNetwork:
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(text) >= 0, antimony.getLastError()
    return compile_network(read_sbml(antimony.getSBMLString(antimony.getMainModuleName())), observed)


def written_start(network: CompiledNetwork, subjects: int) -> tuple[tuple[str, ...], np.ndarray]:
    """The states of a network in its order, and (subject, state) what the text starts with."""
    model = lower_sbml(network.network.sbml)
    start = dict(zip(model.states, map(model.graph.value, model.start_states), strict=True))
    return network.network.states, np.tile([start[name] for name in network.network.states], (subjects, 1))


def solve(
    network: CompiledNetwork,
    columns: dict[str, list[float]],
    times: np.ndarray,
    *,
    lanes: int | None = None,
    method: str = "rodas5p",
) -> Trajectories:
    """All states from their written start, with these parameters per subject."""
    values = np.array([*columns.values()], dtype=float).T
    inputs = SubjectInputs(tuple(columns), values, *written_start(network, len(values)))
    solver = native_solver(network.network.sbml, network.observables, method, lanes)
    return solve_with(solver, network, (inputs, NO_EVENTS, times), tolerance=Tolerance.REFERENCE, threads=1)


def bounces(height: float, rest: float, until: float, g: float = 9.81) -> int:
    """How often a ball has hit the floor, from the school formula."""
    now, flight, count = np.sqrt(2.0 * height / g), np.sqrt(2.0 * height / g), 0
    while now <= until:
        count += 1
        flight *= rest
        now += 2.0 * flight
    return count


@pytest.mark.parametrize("lanes", [1, 2, 8])
@pytest.mark.parametrize("method", ["rodas5p", "rodas4p"])
def test_a_bouncing_ball_follows_the_school_formula(lanes: int, method: str) -> None:
    rests = [0.6, 0.7, 0.8, 0.9, 0.65]
    times = np.array([0.0, 1.0, 1.4, 3.0, 4.5])

    course = solve(compiled(BALL, ("h", "v", "hits")), {"rest": rests}, times, lanes=lanes, method=method)

    assert course.ok.all()
    for row, rest in enumerate(rests):
        assert_allclose(course.of("hits")[row], [bounces(10.0, rest, t) for t in times], atol=1e-9)
        first = np.sqrt(20.0 / 9.81)
        fall = 3.0 - first
        speed = rest * 9.81 * first
        if fall < 2.0 * speed / 9.81:
            assert course.of("h")[row, 3] == pytest.approx(speed * fall - 4.905 * fall**2, abs=1e-7)


def test_a_switch_with_two_thresholds_keeps_its_period() -> None:
    """Heating from low to high and cooling back take the times of the exponential law."""
    losses = [0.4, 0.5, 0.7]
    times = np.linspace(0.0, 60.0, 241)

    course = solve(compiled(THERMOSTAT, ("T", "on", "on_time")), {"loss": losses}, times)

    for row, loss in enumerate(losses):
        top = 4.0 / loss
        begin = -np.log((top - 3.0) / top) / loss
        warm = np.log((top - 2.0) / (top - 3.0)) / loss
        cool = np.log(3.0 / 2.0) / loss
        cycles, rest = divmod(60.0 - begin, warm + cool)
        expected = begin + cycles * warm + max(0.0, rest - cool)
        assert course.of("on_time")[row, -1] == pytest.approx(expected, abs=1e-6)
        late = course.of("T")[row][times > begin]
        assert late.max() <= 3.0 + 1e-7
        assert late.min() >= 2.0 - 1e-7


def test_the_reference_solver_agrees() -> None:
    network = compiled(THERMOSTAT, ("T", "on_time"))
    model = lower_sbml(network.network.sbml)
    times = np.linspace(0.0, 20.0, 41)
    nodes = [model.symbols[name] for name in network.observables]

    slow = solve_reference(model, nodes, times, ReferenceAccuracy(1e-10, 1e-12))
    fast = solve(network, {"loss": [0.5]}, times)

    assert_allclose(fast.values[0], slow, atol=2e-7)


def test_neighbours_and_lanes_do_not_matter() -> None:
    rng = np.random.default_rng(3)
    losses = list(rng.uniform(0.3, 0.9, 11))
    times = np.linspace(0.0, 30.0, 13)
    network = compiled(THERMOSTAT, ("T", "on_time"))

    together = solve(network, {"loss": losses}, times).values
    apart = np.concatenate([solve(network, {"loss": [loss]}, times).values for loss in losses])

    np.testing.assert_array_equal(together, apart)
    np.testing.assert_array_equal(together, solve(network, {"loss": losses}, times, lanes=1).values)


def test_a_dose_may_set_off_an_event() -> None:
    """A jump that crosses a threshold: the event happens at once."""
    text = "model m()\n A = 0; A' = -A;\n seen = 0; seen' = 0;\n E: at (A > 5): seen = seen + 1;\nend"
    dose = EventTable(np.array([0]), np.array([1.0]), np.array([0]), np.array([ADD], np.int8), np.array([7.0]), ("A",))
    network = compiled(text, ("A", "seen"))

    values = solve_one(network, dose, np.array([0.0, 1.0, 1.5]))

    assert_allclose(values[0, :, 1], [0.0, 0.0, 1.0])
    assert values[0, 2, 0] == pytest.approx(7.0 * np.exp(-0.5), rel=1e-7)


def solve_one(network: CompiledNetwork, events: EventTable, times: np.ndarray) -> np.ndarray:
    inputs = SubjectInputs((), np.empty((1, 0)), *written_start(network, 1))
    solver = native_solver(network.network.sbml, network.observables)
    return solve_with(solver, network, (inputs, events, times), tolerance=Tolerance.REFERENCE).values


@pytest.mark.parametrize("method", ["rodas5p", "rodas4p", "dop853"])
@pytest.mark.parametrize("lanes", [1, 8])
def test_a_condition_that_holds_for_a_moment_is_not_missed(method: str, lanes: int) -> None:
    """A window of time far shorter than a step, and one that a parameter moves past the end."""
    text = """model m()
      x = 1; x' = -0.01 * x; seen = 0; seen' = 0; begin = 5; width = 1e-4;
      E: at (time > begin && time < begin + width): seen = seen + x;
    end"""
    begins = [3.0, 7.7, 90.0, 200.0]

    course = solve(compiled(text, ("seen",)), {"begin": begins}, np.array([0.0, 100.0]), lanes=lanes, method=method)

    assert course.ok.all()
    expected = [np.exp(-0.01 * begin) if begin < 100.0 else 0.0 for begin in begins]
    assert_allclose(course.of("seen")[:, 1], expected, rtol=1e-6)


def test_what_never_ends_is_a_status() -> None:
    text = """model m()
      a = 0; a' = 0; b = 0; b' = 0; x = 0; x' = 1; go = 1;
      E1: at (x > go && a <= b): a = b + 1;
      E2: at (x > go && b < a): b = a;
    end"""
    course = solve(compiled(text, ("x", "a")), {"go": [1.0, 99.0]}, np.array([0.0, 2.0]))

    assert [status.ok for status in course.status] == [False, True]
    assert "without end" in course.status[0].sentence
    assert course.of("x")[1, 1] == pytest.approx(2.0)


def test_rivals_are_a_status() -> None:
    text = """model m()
      a = 0; a' = 0; x = 0; x' = 1; go = 1;
      E1: at (x >= go): a = 1;
      E2: at (x >= go): a = 2;
    end"""
    course = solve(compiled(text, ("a",)), {"go": [1.0, 99.0]}, np.array([0.0, 2.0]))

    assert [status.ok for status in course.status] == [False, True]
    assert "different values" in course.status[0].sentence


@pytest.mark.parametrize(
    ("event", "construct"),
    [
        ("at 1 after (x > 1): a = 1", "delay"),
        ("at (x > 1), priority = a: a = 1", "priority"),
        ("at (x > 1), persistent = false: a = 1;\n E2: at (x > 2): a = 2", "takes back"),
        ("at (x > 1), fromTrigger = false: a = x;\n E2: at (x > 2): a = 2", "when it is executed"),
    ],
)
def test_what_is_not_solved_is_refused_by_name(event: str, construct: str) -> None:
    network = compiled(f"model m()\n a = 0; a' = 0; x = 0; x' = 1;\n E1: {event};\nend", ("a",))

    with pytest.raises(UnsupportedModel, match=construct):
        native_solver(network.network.sbml, network.observables)
