from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import threonate
from strategies import CITRATE, THREONATE
from threonate.errors import RegimenError
from threonate.regimen import (
    CompoundMass,
    Infusion,
    Product,
    Regimen,
    Titration,
    clock_hours,
    dose_times,
    infusion_of,
    titration_over,
)

PLAIN = Regimen(Product(THREONATE), CompoundMass(2000.0), (9.0, 21.0), (7.0, 12.5, 19.0), days=84)
SHELF = Path(threonate.__file__).parent / "library" / "schedules" / "default.toml"
HEPTAHYDRATE = replace(CITRATE, id="sulfate_heptahydrate", title="MgSO4", molar_mass=246.466, magnesium_atoms=1)


@pytest.fixture(scope="module")
def default() -> dict[str, object]:
    return tomllib.loads(SHELF.read_text(encoding="utf-8"))


WRONG = [
    ({"days": 0}, "days is 0; it must be a whole number from 1 to 3650"),
    ({"days": 3651}, "days is 3651"),
    ({"days": 2.5}, "days is 2.5"),
    ({"days": math.nan}, "days is nan"),
    ({"run_in_days": 0}, "run_in_days is 0"),
    ({"washout_days": -1}, "washout_days is -1"),
    ({"missed_dose_share": -0.1}, "missed_dose_share is -0.1"),
    ({"missed_dose_share": math.nan}, "missed_dose_share is nan"),
    ({"dose_times_h": ()}, "no dose_times_h"),
    ({"dose_times_h": (9.0, 9.0)}, "rising clock hours"),
    ({"dose_times_h": (21.0, 9.0)}, "rising clock hours"),
    ({"dose_times_h": (24.0,)}, "from 0 to below 24"),
    ({"dose_times_h": (math.nan,)}, "rising clock hours"),
    ({"dose_times_h": tuple(range(7))}, "names 7 hours; at most 6"),
    ({"meal_times_h": (-1.0,)}, "meal_times_h"),
    ({"product": None}, "but no product"),
    ({"titration": titration_over(84, 3), "days": 50}, "full amount on day 57, but the regimen has 50 days"),
    ({"infusions": (Infusion(84 * 24.0 - 1.0, 2.0, 1.0),)}, "An infusion ends"),
]


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_what_can_not_be_taken_as_written(change, message: str) -> None:
    with pytest.raises(RegimenError, match=message):
        replace(PLAIN, **change)


def test_days_of_a_run() -> None:
    regimen = replace(PLAIN, run_in_days=7, washout_days=14)

    assert regimen.total_days == 105
    assert (regimen.start_h, regimen.stop_h, regimen.end_h) == (168.0, 91 * 24.0, 105 * 24.0)


@given(st.integers(1, 6), st.integers(0, 400))
def test_titration_takes_equal_steps(steps: int, days: int) -> None:
    if 0 < days < steps:
        with pytest.raises(RegimenError, match="equal steps of at least one day"):
            titration_over(days, steps)
        return
    titration = titration_over(days, steps)
    shares = [titration.share(day) for day in range(days + 2)]
    lengths = [shares[:days].count(share) for share in sorted(set(shares[:days]))]

    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert shares.index(1.0) == titration.full_from_day
    if days:
        assert sorted(set(shares)) == pytest.approx([(k + 1) / steps for k in range(steps)])
        assert max(lengths) - min(lengths) <= 1


@pytest.mark.parametrize(
    "wrong",
    [
        (0.0, 2, 3),
        (1.1, 2, 3),
        (math.nan, 2, 3),
        (0.5, 0.5, 2),
        (0.5, math.inf, 2),
        (0.5, 2, 0),
        (0.5, 2, 1.5),
        (0.5, 2, 1),
    ],
)
def test_impossible_titration(wrong) -> None:
    with pytest.raises(RegimenError):
        Titration(*wrong)


def test_hours_of_the_protocol(default) -> None:
    hours = clock_hours(default)

    assert hours.meals == (7.0, 12.5, 19.0)
    assert [dose_times(hours, n, "between") for n in (1, 2, 3)] == [(8.5,), (9.0, 21.0), (10.0, 16.0, 22.0)]
    assert [dose_times(hours, n, "with") for n in (1, 2, 3)] == [(7.0,), (7.0, 19.0), (7.0, 12.5, 19.0)]
    assert [len(dose_times(hours, n, "between")) for n in range(1, 7)] == list(range(1, 7))
    assert dose_times(hours, 2, "with", [8.0, 20.0]) == (8.0, 20.0)


@pytest.mark.parametrize(
    ("doses", "relation", "message"),
    [
        (4, "with", "4 doses a day with meals .* there are 3 meals"),
        (7, "between", "allowed: 1 to 6"),
        (0, "between", "allowed: 1 to 6"),
        (2, "betwen", "Nearest: 'between'"),
    ],
)
def test_no_hours_for_that(default, doses: int, relation: str, message: str) -> None:
    with pytest.raises(RegimenError, match=message):
        dose_times(clock_hours(default), doses, relation)


def test_a_broken_timetable_is_named(default) -> None:
    with pytest.raises(RegimenError, match="no 'meals'"):
        clock_hours({name: value for name, value in default.items() if name != "meals"})
    with pytest.raises(RegimenError, match=r"unknown 'meal'\. Nearest: 'meals'"):
        clock_hours({**default, "meal": []})


def test_four_grams_of_heptahydrate() -> None:
    infusion = infusion_of(HEPTAHYDRATE, grams=4.0, minutes=20.0, start_h=8.0)

    assert infusion.mmol == pytest.approx(16.23, abs=0.005)
    assert infusion.end_h == pytest.approx(8.0 + 1 / 3)
    assert infusion.rate * infusion.hours == pytest.approx(infusion.mmol)


@pytest.mark.parametrize(
    "wrong", [(-1.0, 20.0, 8.0), (math.nan, 20.0, 8.0), (4.0, 0.0, 8.0), (4.0, -5.0, 8.0), (4.0, 20.0, -1.0)]
)
def test_impossible_infusion(wrong) -> None:
    with pytest.raises(RegimenError):
        infusion_of(HEPTAHYDRATE, *wrong)
