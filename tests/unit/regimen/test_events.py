from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from strategies import CITRATE, OXIDE, SODIUM_THREONATE, THREONATE, eaters, regimens
from threonate.errors import RegimenError
from threonate.regimen import (
    CompoundMass,
    Eaters,
    Infusion,
    Product,
    Regimen,
    dosing_events,
    swallowed_mmol,
    titration_over,
)
from threonate.schedule import ADD, SET, EventTable

MEALS = (7.0, 12.5, 19.0)
ADULT = Eaters(np.array([300.0]), 3.0, 1)
PLAIN = Regimen(Product(THREONATE), CompoundMass(2000.0), (9.0, 21.0), MEALS, days=3, run_in_days=2, washout_days=1)


def of(events: EventTable, target: str, subject: int = 0) -> list[tuple[float, float]]:
    """(time, value) of everything that happens to one target of one subject."""
    if target not in events.targets:
        return []
    rows = (events.target == events.targets.index(target)) & (events.subject == subject)
    return list(zip(events.times_h[rows].tolist(), events.value[rows].tolist(), strict=True))


def added(events: EventTable, target: str, subject: int = 0) -> float:
    return sum(value for _, value in of(events, target, subject))


@settings(max_examples=150, deadline=None)
@given(regimens(), eaters())
def test_added_magnesium_is_what_the_plan_says(regimen: Regimen, people: Eaters) -> None:
    events = dosing_events(regimen, people)
    food, supplement = swallowed_mmol(regimen, people)
    for subject in range(len(people)):
        given_in_all = added(events, "Mg_stomach", subject) + added(events, "solid_1_Mg_solid_0", subject)
        assert given_in_all == pytest.approx(food[subject].sum() + supplement[subject].sum(), rel=1e-9, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(regimens(), eaters())
def test_table_is_sorted_and_within_the_run(regimen: Regimen, people: Eaters) -> None:
    events = dosing_events(regimen, people)
    order = np.lexsort((-events.operation, events.times_h, events.subject))

    assert np.array_equal(order, np.arange(len(events)))
    assert ((events.times_h >= 0.0) & (events.times_h < regimen.end_h)).all()
    assert np.isfinite(events.value).all()
    assert (events.value >= 0.0).all()
    assert (events.value[events.operation == ADD] > 0.0).all()


@settings(max_examples=100, deadline=None)
@given(regimens(), eaters())
def test_fed_states_never_overlap(regimen: Regimen, people: Eaters) -> None:
    switches = of(dosing_events(regimen, people), "fed")
    times = [at for at, _ in switches]

    assert [value for _, value in switches] == [float(k % 2 == 0) for k in range(len(switches))]
    assert times == sorted(set(times))
    for day in range(regimen.total_days):
        for meal in regimen.meal_times_h:
            assert fed_at(switches, day * 24.0 + meal) == 1.0


def fed_at(switches: list[tuple[float, float]], time_h: float) -> float:
    return next((value for at, value in reversed(switches) if at <= time_h), 0.0)


@settings(max_examples=60, deadline=None)
@given(regimens(), eaters())
def test_infused_magnesium_is_what_the_plan_says(regimen: Regimen, people: Eaters) -> None:
    steps = [*of(dosing_events(regimen, people), "Mg_infusion"), (regimen.end_h, 0.0)]
    infused = sum(rate * (steps[k + 1][0] - at) for k, (at, rate) in enumerate(steps[:-1]))

    assert infused == pytest.approx(sum(infusion.mmol for infusion in regimen.infusions), abs=1e-9)


def test_missed_portions_belong_to_the_subject() -> None:
    regimen = replace(PLAIN, days=30, missed_dose_share=0.3)
    many = dosing_events(regimen, Eaters(np.full(9, 300.0), 3.0, 5))
    few = dosing_events(regimen, Eaters(np.full(2, 300.0), 3.0, 5))
    other = dosing_events(regimen, Eaters(np.full(2, 300.0), 3.0, 6))

    assert of(few, "threonate_gut", 1) == of(many, "threonate_gut", 1)
    assert of(few, "threonate_gut", 1) != of(few, "threonate_gut", 0)
    assert of(other, "threonate_gut", 1) != of(few, "threonate_gut", 1)


def test_missed_portions_are_the_stated_share() -> None:
    regimen = replace(PLAIN, days=84, missed_dose_share=0.3)
    people = Eaters(np.full(200, 300.0), 3.0, 0)
    _, supplement = swallowed_mmol(regimen, people)

    taken = supplement.sum() / (200 * 84 * 144.0 / 24.305)
    assert taken == pytest.approx(0.7, abs=0.01)


def test_a_day_of_the_reference_regimen() -> None:
    events = dosing_events(PLAIN, ADULT)
    first = [(at, value) for at, value in of(events, "Mg_stomach") if 48.0 <= at < 72.0]

    assert [at - 48.0 for at, _ in first] == [7.0, 9.0, 12.5, 19.0, 21.0]
    assert [value * 24.305 for _, value in first] == pytest.approx([100.0, 72.0, 100.0, 100.0, 72.0])
    assert of(events, "supplement_mg") == [(48.0, 144.0), (120.0, 0.0)]
    assert of(events, "cofactor") == [(48.0, 1.0), (120.0, 0.0)]
    assert len(of(events, "Mg_stomach")) == 3 * 6 + 2 * 3


def test_threonate_is_counted_in_mmol() -> None:
    """The unit of threonate_gut in ports.ant; a mass balance would not notice a factor of a thousand."""
    assert added(dosing_events(PLAIN, ADULT), "threonate_gut") == pytest.approx(3 * 2 * 2000.0 / 294.495)


def test_nothing_happens_to_threonate_without_threonate() -> None:
    events = dosing_events(replace(PLAIN, product=Product(CITRATE)), ADULT)

    assert "threonate_gut" not in events.targets
    assert of(events, "cofactor") == [(48.0, 0.0), (120.0, 0.0)]


def test_threonate_without_magnesium() -> None:
    events = dosing_events(replace(PLAIN, product=Product(SODIUM_THREONATE)), ADULT)

    assert added(events, "threonate_gut") == pytest.approx(3 * 2000.0 / 158.085)
    assert added(events, "Mg_stomach") == pytest.approx(6 * 300.0 / 24.305)
    assert of(events, "supplement_mg") == [(48.0, 0.0), (120.0, 0.0)]
    assert of(events, "cofactor") == [(48.0, 0.0), (120.0, 0.0)]


@pytest.mark.parametrize(("compound", "share"), [(CITRATE, 0.45), (OXIDE, 1.0), (THREONATE, 0.0)])
def test_what_does_not_dissolve_at_once_is_solid(compound, share: float) -> None:
    product = Product(compound)
    regimen = replace(PLAIN, product=product, meal_times_h=())
    dose = 3 * product.elemental(regimen.daily).millimole.value
    for name in ("solid_1_Mg_solid_0", "solid_2_Mg_solid_0"):
        events = dosing_events(regimen, ADULT, name)
        assert added(events, name) == pytest.approx(share * dose)
        assert added(events, "Mg_stomach") == pytest.approx((1.0 - share) * dose)


def test_titration_changes_the_dose_of_the_day() -> None:
    events = dosing_events(replace(PLAIN, days=12, titration=titration_over(9, 3)), ADULT)

    assert [(at / 24.0 - 2, round(value)) for at, value in of(events, "supplement_mg")] == [
        (0, 48),
        (3, 96),
        (6, 144),
        (12, 0),
    ]
    assert of(events, "cofactor")[0] == (48.0, 1.0)


@pytest.mark.parametrize(
    ("fed_h", "edges"),
    [
        (3.0, [(7.0, 1.0), (10.0, 0.0), (12.5, 1.0), (15.5, 0.0), (19.0, 1.0), (22.0, 0.0)]),
        (5.5, [(7.0, 1.0), (18.0, 0.0), (19.0, 1.0), (24.5, 0.0)]),
        (6.5, [(7.0, 1.0), (25.5, 0.0)]),
    ],
)
def test_meals_that_touch_are_one_fed_state(fed_h: float, edges) -> None:
    switches = of(dosing_events(PLAIN, replace(ADULT, fed_h=fed_h)), "fed")

    assert switches[: len(edges)] == edges


def test_always_fed() -> None:
    assert of(dosing_events(PLAIN, replace(ADULT, fed_h=12.0)), "fed") == [(7.0, 1.0)]


def test_overlapping_infusions_add_up() -> None:
    drips = (Infusion(8.0, 2.0, 10.0), Infusion(9.0, 2.0, 4.0), Infusion(10.0, 1.0, 1.0))
    events = dosing_events(replace(PLAIN, infusions=drips), ADULT)

    assert of(events, "Mg_infusion") == [(56.0, 5.0), (57.0, 7.0), (58.0, 3.0), (59.0, 0.0)]


def test_switches_come_before_amounts() -> None:
    events = dosing_events(PLAIN, ADULT)
    seven = events.operation[events.times_h == 7.0]

    assert seven.tolist() == [SET, ADD]


def test_diet_differs_between_subjects() -> None:
    food, _ = swallowed_mmol(PLAIN, Eaters(np.array([100.0, 0.0, 300.0]), 3.0, 1))

    assert food.shape == (3, 6)
    assert food[:, 0] * 24.305 == pytest.approx([100.0, 0.0, 300.0])


@pytest.mark.parametrize(
    "wrong",
    [
        ([-1.0], 3.0, 1),
        ([np.nan], 3.0, 1),
        ([[300.0]], 3.0, 1),
        ([300.0], 0.0, 1),
        ([300.0], np.nan, 1),
        ([300.0], 25.0, 1),
        ([300.0], 3.0, -1),
    ],
)
def test_impossible_eaters(wrong) -> None:
    diet, fed_h, seed = wrong
    with pytest.raises(RegimenError):
        Eaters(np.array(diet), fed_h, seed)


def test_a_thousand_subjects_are_quick() -> None:
    regimen = replace(PLAIN, days=84, run_in_days=7, washout_days=0, missed_dose_share=0.1)
    people = Eaters(np.full(1000, 300.0), 3.0, 1)
    start = time.perf_counter()
    events = dosing_events(regimen, people)

    assert time.perf_counter() - start < 1.5
    assert len(events) > 1_000_000


def test_a_part_of_the_subjects_forgets_what_it_forgets_in_the_whole():
    product = Product(THREONATE)
    regimen = Regimen(product, CompoundMass(2000), (9.0, 21.0), (7.0,), days=20, run_in_days=1, missed_dose_share=0.5)
    _, whole = swallowed_mmol(regimen, Eaters(np.full(9, 300.0), 3.0, 4))
    _, part = swallowed_mmol(regimen, Eaters(np.full(4, 300.0), 3.0, 4, first=5))

    assert np.array_equal(part, whole[5:])
    assert not np.array_equal(part, whole[:4])
