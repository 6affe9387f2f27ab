"""Forward sensitivities: against paper, against differences of the solver itself, and the work they cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.event_rows import table
from tests.oracle.questions import body_question
from tests.unit.engine.sbml_texts import CHAIN, DERIVED
from tests.unit.engine.steady_texts import BENT, inputs, network
from threonate.engine import SubjectInputs, compile_network
from threonate.engine.codegen import load_python
from threonate.engine.codegen.program import statements
from threonate.engine.native import native_solver, solve_native
from threonate.engine.sensitivity import Directions, solve_sensitivities, twin_solver
from threonate.engine.tolerance import Bounds, Tolerance
from threonate.errors import EngineError
from threonate.physiology import read_sbml
from threonate.schedule import ADD, SET
from threonate.simulation import Scenario

TIGHT = Bounds(1e-11, 1e-14)
TIMES = np.linspace(0.0, 8.0, 17)


def chain():
    return compile_network(read_sbml(CHAIN), ("G", "P", "leave"))


def test_linear_chain_on_paper():
    """G = g e^{-kt}; d/dk and d/dg of it, and d/de of what leaves, in closed form."""
    compiled = chain()
    k, e, g, t = 0.7, 0.3, 1.0, TIMES
    found = solve_sensitivities(compiled, inputs(compiled), table([]), t, ("k", "e", "G", "V"), tolerance=TIGHT)
    gut, tail = np.exp(-k * t), np.exp(-e * t)
    amount = g * k / (k - e) * (tail - gut)
    by_k = -e / (k - e) ** 2 * g * (tail - gut) + g * k / (k - e) * t * gut
    by_e = amount / (k - e) - g * k / (k - e) * t * tail

    assert found.slopes.shape == (1, len(t), 3, 4)
    np.testing.assert_allclose(found.of("G", "k")[0], -t * g * gut, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(found.of("G", "G")[0], gut, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(found.of("P", "G")[0], amount / g / 2.0, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(found.of("P", "k")[0], by_k / 2.0, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(found.of("leave", "e")[0], amount + e * by_e, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(found.of("P", "V")[0], -amount / 4.0, rtol=1e-8, atol=1e-10)


def test_values_are_those_of_the_plain_solver():
    compiled = chain()
    found = solve_sensitivities(compiled, inputs(compiled), table([]), TIMES, ("k",), tolerance=TIGHT)
    plain = solve_native(compiled, inputs(compiled), table([]), TIMES, tolerance=TIGHT)

    np.testing.assert_allclose(found.values, plain.values, rtol=1e-9, atol=1e-12)


def test_jumps():
    """Adding leaves derivatives alone unless the amount depends on the parameter; setting ends what was before."""
    compiled = chain()
    rows = [(0, 2.0, ADD, "G", 3.0), (0, 4.0, SET, "G", 5.0), (0, 6.0, SET, "k", 0.2)]
    times = np.array([0.0, 1.0, 3.0, 5.0, 7.0])
    slopes = np.array([[0.0, 3.0], [0.0, 0.0], [0.0, 0.0]])
    found = solve_sensitivities(
        compiled, inputs(compiled), table(rows), times, Directions(("k", "inflow"), events=slopes), tolerance=TIGHT
    )
    by_k = [0.0, -np.exp(-0.7), -3.0 * np.exp(-2.1) - 3.0 * np.exp(-0.7), -5.0 * np.exp(-0.7)]
    by_k.append(-2.0 * 5.0 * np.exp(-1.4) * np.exp(-0.2))

    np.testing.assert_allclose(found.of("G", "k")[0], by_k, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(
        found.of("G", "inflow")[0], [0.0, 0.0, 3.0 * np.exp(-0.7), 0.0, 0.0], rtol=1e-8, atol=1e-12
    )


def test_start_states_that_depend_on_a_parameter():
    compiled = chain()
    start = np.zeros((1, 2, 1))
    start[0, compiled.network.states.index("G"), 0] = 2.5
    found = solve_sensitivities(compiled, inputs(compiled), table([]), TIMES, Directions(("e",), start=start))

    np.testing.assert_allclose(found.of("G", "e")[0], 2.5 * np.exp(-0.7 * TIMES), rtol=1e-4)


def stencil(solve, given: SubjectInputs, name: str, share: float) -> np.ndarray:
    """Central differences of fourth order of a course by a parameter or a start value."""
    is_state = name in given.states and name not in given.symbols
    names, matrix = (given.states, given.start) if is_state else (given.symbols, given.values)
    column = names.index(name)
    step = share * sizes_of(given, name)

    def moved(times: float) -> np.ndarray:
        changed = matrix.copy()
        changed[:, column] += times * step
        return solve(replace(given, **{"start" if is_state else "values": changed})).values

    differences = 8.0 * (moved(1.0) - moved(-1.0)) - (moved(2.0) - moved(-2.0))
    return differences / (12.0 * step[:, None, None])


def agreement(found: np.ndarray, expected: np.ndarray, least: np.ndarray) -> float:
    """Largest difference (subject, time, observable), as a share of the largest slope of that course.

    least   slopes below this are nothing: a millionth of what a proportional dependence would be
    """
    size = np.maximum(np.abs(expected).max(axis=1, keepdims=True), least)
    return float((np.abs(found - expected) / size).max())


def worst(found, given: SubjectInputs, solve, share: float) -> dict[str, float]:
    """Agreement with differences, direction by direction."""
    errors = {}
    for j, name in enumerate(found.directions):
        expected = stencil(solve, given, name, share)
        least = 1e-6 * np.abs(found.values).max(axis=1, keepdims=True) / sizes_of(given, name)[:, None, None]
        errors[name] = agreement(found.slopes[..., j], expected, np.maximum(least, 1e-12))
    return errors


def sizes_of(given: SubjectInputs, name: str) -> np.ndarray:
    is_state = name in given.states and name not in given.symbols
    names, matrix = (given.states, given.start) if is_state else (given.symbols, given.values)
    column = np.abs(matrix[:, names.index(name)])
    return np.where(column == 0.0, 1.0, column)


def test_nonlinear_model_with_explicit_time_and_conditions_against_differences():
    compiled = network(BENT, "z", "r3", "total")
    names = ("k1", "k2", "n", "m", "amp", "V", "W", "A", "x")
    given = inputs(compiled, 3, k1=[0.3, 0.25, 0.2], k2=0.2, n=2.3, m=[1.7, 1.6, 1.9], amp=0.1, V=2.5, W=1.5)
    times = np.linspace(0.0, 1.0, 6)
    rows = [(s, 0.4, ADD, "B", 0.5) for s in range(3)]
    found = solve_sensitivities(compiled, given, table(rows), times, names, tolerance=TIGHT)

    assert all(status.ok for status in found.status)
    errors = worst(found, given, lambda g: solve_native(compiled, g, table(rows), times, tolerance=TIGHT), 1e-3)
    assert max(errors.values()) < 1e-5, errors


def test_default_accuracy_is_that_of_the_course():
    compiled = network(BENT)
    given = inputs(compiled, 1, k1=0.3)
    times = np.linspace(0.0, 1.0, 6)
    loose, tight = (
        solve_sensitivities(compiled, given, table([]), times, ("k1", "A"), tolerance=t)
        for t in (Tolerance.DEFAULT, TIGHT)
    )

    assert agreement(loose.slopes, tight.slopes, np.full(1, 1e-12)) < 1e-4


def test_python_and_machine_code_agree():
    """Both emitters write the same routines for the doubled system."""
    compiled = network(BENT)
    twin = twin_solver(compiled.network.sbml, compiled.observables, ("k1", "A"), ((), ("A",)))
    routines = load_python(twin.solver.program)
    sizes, model = twin.solver.program.sizes, twin.solver.model
    generator = np.random.default_rng(3)
    y, p = generator.uniform(0.5, 2.0, sizes["y"]), np.array(model.defaults)
    q, f, w, r, x = (np.zeros(max(1, sizes.get(name, 0))) for name in ("q", "f", "w", "r", "x"))
    routines["prologue"](p, q)
    routines["rhs"](y, q, (np.float64(0.2),), f)
    right = generator.normal(size=sizes["y"])
    routines["matrix"](y, q, (np.float64(0.2),), (np.float64(40.0),), w, r)
    routines["substitute"](w, right, x)
    step = 1e-7
    image = np.zeros_like(f)
    routines["rhs"](y + step * x, q, (np.float64(0.2),), image)

    np.testing.assert_allclose(40.0 * x - (image - f) / step, right, rtol=1e-5, atol=1e-5)


def test_failure_is_a_status():
    compiled = chain()
    found = solve_sensitivities(compiled, inputs(compiled, 2, k=[np.nan, 0.7]), table([]), TIMES, ("k",))

    assert [status.ok for status in found.status] == [False, True]
    assert np.isnan(found.slopes[0]).all()
    assert np.isfinite(found.slopes[1]).all()


def test_what_cannot_be_asked():
    compiled = chain()
    given = inputs(compiled)
    with pytest.raises(EngineError, match="cannot be varied"):
        solve_sensitivities(compiled, given, table([]), TIMES, ("kk",))
    with pytest.raises(EngineError, match="each once"):
        solve_sensitivities(compiled, given, table([]), TIMES, ())
    slopes = Directions(("e",), events=np.ones((1, 1)))
    with pytest.raises(EngineError, match="only events on states"):
        solve_sensitivities(compiled, given, table([(0, 1.0, SET, "k", 0.1)]), TIMES, slopes)
    with pytest.raises(EngineError, match="was not asked for"):
        solve_sensitivities(compiled, given, table([]), TIMES, ("k",)).of("G", "e")


def test_a_formula_at_the_start_is_not_passed_over():
    """K = 2 base: what base moves through k must not be lost; where k is given, base moves nothing."""
    compiled = network(DERIVED)
    with pytest.raises(EngineError, match="'k' is made of 'base'"):
        solve_sensitivities(compiled, inputs(compiled, base=1.0), table([]), TIMES, ("base",))
    found = solve_sensitivities(
        compiled, inputs(compiled, base=1.0, k=2.0), table([]), np.array([0.0, 40.0]), ("base", "k"), tolerance=TIGHT
    )

    np.testing.assert_allclose(found.slopes[0, -1, 0], [0.0, -1.5], atol=1e-9)


# ---- the product's own body

OBSERVED = ("Mg_plasma", "kidney_Mg_urine", "bone_Mg_surface", "soft_tissue_Mg_muscle", "csf_Mg_ecf", "gut_absorbed")
CHOSEN = (
    "V_plasma",
    "kidney_T",
    "gut_K_m",
    "gut_V_max",
    "plasma_V_2",
    "GFR",
    "Mg_plasma",
    "Mg_colon",
    "bone_Mg_surface",
    "soft_tissue_Mg_muscle",
)


def supplement_question():
    """Three subjects on a supplement for five days, meals and portions as events."""
    return body_question(Scenario(subjects=3, seed=4, days=4, run_in_days=1, hypothesis="null"), OBSERVED)[:3]


def chosen(given: SubjectInputs, compiled) -> tuple[str, ...]:
    """The names that this body has, filled up to ten with other values that differ between subjects."""
    known = [name for name in CHOSEN if name in given.symbols or name in given.states]
    differing = [name for i, name in enumerate(given.symbols) if np.ptp(given.values[:, i]) > 0.0]
    return tuple(dict.fromkeys([*known, *differing]))[:10]


def test_body_against_differences():
    compiled, given, events = supplement_question()
    names = chosen(given, compiled)
    times = np.arange(0.0, 5.0 * 24.0 + 1.0, 6.0)
    found = solve_sensitivities(compiled, given, events, times, names, tolerance=Tolerance.REFERENCE)

    assert len(names) == 10
    assert all(status.ok for status in found.status)
    errors = worst(found, given, lambda g: solve_native(compiled, g, events, times, tolerance=TIGHT), 2e-3)
    assert max(errors.values()) < 1e-5, errors


def operations(solver, routine: str) -> int:
    """Arithmetic of a routine; inputs and hoisted values cost nothing."""
    found = solver.program.routine(routine)
    nodes = solver.model.graph.nodes
    return sum(bool(nodes[n].args) and n not in found.hoisted for n, _ in statements(solver.model.graph, found))


def test_one_factorisation_serves_all_directions():
    """With ten directions the matrix costs a few times the plain one, not eleven times, and has no further fill-in."""
    compiled, given, _ = supplement_question()
    names = chosen(given, compiled)
    plain = native_solver(compiled.network.sbml, compiled.observables)
    twin = twin_solver(
        compiled.network.sbml, compiled.observables, names, tuple((n,) if n in given.states else () for n in names)
    )
    states, count = len(plain.model.states), len(names)

    assert twin.solver.program.fill_in == plain.program.fill_in
    assert operations(twin.solver, "substitute") < (count + 1.5) * operations(plain, "substitute") * 1.3
    assert operations(twin.solver, "matrix") < 6 * operations(plain, "matrix")
    assert len(twin.solver.model.states) < (count + 1) * states
