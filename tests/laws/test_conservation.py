"""Nothing is made and nothing is lost: what went in is in body or gut, in urine, faeces, sweat or dialysate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests import protocol
from tests.laws.books import CATALOGUE, Books, keep_books
from tests.protocol import Drip, Protocol
from tests.strategies import SALTS, THREONATES, scenarios
from threonate.engine import Tolerance
from threonate.physiology.checks import moiety
from threonate.simulation import Scenario

SUBJECTS = 5
EXAMPLES = 5
DAYS = 60
MMOL = 1e-8
ROUTES = {
    "threonate": scenarios(THREONATES, SUBJECTS, DAYS),
    "soluble": scenarios(SALTS["soluble"], SUBJECTS, DAYS),
    "partly soluble": scenarios(SALTS["partly soluble"], SUBJECTS, DAYS),
    "base": scenarios(SALTS["base"], SUBJECTS, DAYS),
    "vein": scenarios([], SUBJECTS, DAYS, vein=True),
}
HEPTAHYDRATE = CATALOGUE.compounds["sulfate_heptahydrate"]

stable = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def error(books: Books, moiety: str) -> float:
    """Largest difference between what is there and what was given, over subjects and recorded times [mmol]."""
    expected = books.start(moiety)[:, None] + books.given(moiety)
    return float(np.abs(books.content(moiety) - expected).max())


@pytest.mark.parametrize("route", ROUTES)
@stable
@given(data=st.data())
def test_magnesium_and_threonate_are_conserved(route: str, data: st.DataObject) -> None:
    """60 days, random subjects on random diets, doses, infusions, kidneys and conditions, as accurate as runs ship."""
    scenario = data.draw(ROUTES[route])
    books = keep_books(scenario)

    assert books.course.ok.all(), books.course.status
    assert books.course.times_h[-1] == DAYS * 24.0
    assert error(books, "Mg") < MMOL
    assert error(books, "threonate") < MMOL
    infused = -books.amount("plasma_Mg_bag")[:, -1]
    grams = scenario.iv_mgso4_g or 0.0
    assert_allclose(infused, grams * 1000.0 / HEPTAHYDRATE.molar_mass, rtol=1e-9, atol=1e-12)


def test_a_hundred_subjects_are_weighed() -> None:
    assert len(ROUTES) * EXAMPLES * SUBJECTS >= 100


@stable
@given(scenario=scenarios([*THREONATES, "citrate", "oxide"], SUBJECTS, days=30))
def test_what_is_swallowed_each_day_is_what_the_plan_says(scenario: Scenario) -> None:
    books = keep_books(scenario)
    midnights = np.searchsorted(books.course.times_h, books.plan.grid.bounds_h)
    daily = np.diff(books.given("Mg")[:, midnights], axis=1)

    assert_allclose(daily, books.plan.swallowed, atol=1e-9)


@stable
@given(scenario=scenarios(["citrate", "oxide", "l_threonate"], SUBJECTS, days=30))
def test_what_left_the_gut_was_absorbed_or_lost(scenario: Scenario) -> None:
    """The counter of absorption holds no mass; it must still agree with the books."""
    books = keep_books(scenario)
    gut = sum(books.amount(name) for name in books.body.place_ids(CATALOGUE.places["gut"]))
    secreted = books.given("Mg") - gut - books.amount("Mg_faeces") - books.course.of("gut_absorbed")

    if "obligatory_gut_loss" in scenario.conditions:
        assert secreted.min() < 0.0
    else:
        assert_allclose(secreted, 0.0, atol=MMOL)


@pytest.mark.parametrize("tolerance", Tolerance, ids=lambda tolerance: tolerance.name)
def test_everything_at_once_is_conserved_at_any_accuracy(tolerance: Tolerance) -> None:
    """Three undissolved salts, food, an infusion, dialysis and an obligatory loss on one reference adult."""
    salts = ("oxide", "hydroxide", "citrate")
    doses = [*protocol.diet(300, 20), *(d for salt in salts for d in protocol.supplement(400, salt, (9.0, 21.0), 20))]
    values = {"kidney_k_dial": 0.16, "gut_o": 0.0125, "eGFR": 5.0, "GFR": 0.3}
    drips = [Drip(30.0, 30.5, 32.0), Drip(30.25, 31.0, 8.0)]
    course = protocol.run(
        Protocol(480.0, doses, drips, protocol.mealtimes(20), values, step_h=1.0, tolerance=tolerance)
    )
    network = protocol.body(tuple(sorted(salts))).network
    species = [name for name in network.species if moiety(name) == "Mg"]
    volume = network.parameters["V_plasma"]
    total = sum(course.of(name)[0] * (volume if name in network.concentrations else 1.0) for name in species)
    given_so_far = [sum(dose.mmol for dose in doses if dose.time_h < time) for time in course.times_h]

    assert_allclose(total - total[0], given_so_far, atol=MMOL, rtol=0.0)
    assert -course.of("plasma_Mg_bag")[0, -1] == pytest.approx(22.0, abs=1e-9)
