"""What can only go one way: dissolution, dose, portions, and amounts that are never below nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import protocol
from tests.laws.books import keep_books
from tests.protocol import Dose, Drip, Protocol
from tests.strategies import SALTS, THREONATES, scenarios
from threonate.engine import Tolerance

SOLVED_TO = 1e-8
stable = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@lru_cache(maxsize=1)
def background() -> float:
    return protocol.background()


@dataclass(frozen=True)
class Salt:
    """A salt that may not exist: what dissolves at once, and how fast the rest does [1/h]."""

    dissolved: float
    k_s: float
    k_i: float
    base: bool = False


@dataclass(frozen=True)
class Gut:
    """The numbers of somebody's gut, by symbol."""

    Vm: float = 0.3586
    Km_seg: float = 0.0646
    k_a: float = 0.019
    t_transit: float = 3.0
    k_fast: float = 2.0
    k_fed: float = 0.8
    J_H: float = 24.2


@dataclass(frozen=True)
class Swallowed:
    """Equal portions of one salt."""

    mmol: float
    times_h: Sequence[float] = (0.0,)
    fed: bool = False


def absorbed(salt: Salt, taken: Swallowed, gut: Gut = Gut(), hours: float = 24.0, **values: float) -> float:
    """Net absorption on a flat background [mmol]: chloride stands for what is dissolved, oxide for the solid."""
    portion = taken.mmol / len(taken.times_h)
    doses = [Dose(time, salt.dissolved * portion, "chloride") for time in taken.times_h]
    doses += [Dose(time, (1.0 - salt.dissolved) * portion, "oxide") for time in taken.times_h]
    numbers = {f"gut_{name}": getattr(gut, name) for name in Gut.__dataclass_fields__}
    rates = {"solid_1_k_s": salt.k_s, "solid_1_k_i": salt.k_i, "solid_1_base": float(salt.base)}
    meals = [0.0] if taken.fed else []
    plan = Protocol(hours, doses, [Drip(0.0, hours, background())], meals, {**numbers, **rates, **values}, step_h=hours)
    return float(protocol.run(plan).of("gut_absorbed")[0, -1])


salts = st.builds(Salt, st.floats(0.0, 1.0), st.floats(0.0, 12.0), st.floats(0.0, 4.0), st.booleans())
guts = st.builds(
    Gut,
    Vm=st.floats(0.1, 1.0),
    Km_seg=st.floats(0.02, 0.3),
    k_a=st.floats(0.005, 0.06),
    t_transit=st.floats(1.5, 6.0),
    k_fast=st.floats(0.5, 5.0),
    k_fed=st.floats(0.2, 2.0),
    J_H=st.floats(5.0, 60.0),
)
amounts = st.floats(0.2, 40.0)

TABLE = [(1.0, 0.153), (0.6, 0.128), (0.3, 0.107), (0.0, 0.073)]


@pytest.mark.parametrize(("dissolved", "share"), TABLE)
def test_share_absorbed_falls_with_the_share_dissolved(dissolved: float, share: float) -> None:
    found = absorbed(Salt(dissolved, k_s=0.0, k_i=0.1), Swallowed(protocol.mmol(300))) / protocol.mmol(300)

    assert found == pytest.approx(share, abs=0.0006)


@pytest.mark.parametrize("fed", [False, True], ids=["fasting", "fed"])
@stable
@given(salt=salts, gut=guts, mmol=amounts, less=st.floats(0.0, 0.95), what=st.sampled_from(["dissolved", "k_s", "k_i"]))
def test_no_salt_is_absorbed_better_because_it_dissolves_less(
    fed: bool, salt: Salt, gut: Gut, mmol: float, less: float, what: str
) -> None:
    worse = replace(salt, **{what: getattr(salt, what) * less})
    taken = Swallowed(mmol, fed=fed)

    assert absorbed(worse, taken, gut) <= absorbed(salt, taken, gut) + SOLVED_TO


@stable
@given(salt=salts, gut=guts, mmol=amounts, acid=st.floats(0.0, 1.0), less=st.floats(0.0, 0.95))
def test_less_acid_never_helps(salt: Salt, gut: Gut, mmol: float, acid: float, less: float) -> None:
    with_acid, with_less = (absorbed(salt, Swallowed(mmol), gut, acid=level) for level in (acid, acid * less))

    assert with_less <= with_acid + SOLVED_TO


@stable
@given(salt=salts, gut=guts, mmol=amounts, more=st.floats(1.0, 5.0), fed=st.booleans())
def test_more_never_brings_less_and_never_a_larger_share(
    salt: Salt, gut: Gut, mmol: float, more: float, fed: bool
) -> None:
    small, large = (absorbed(salt, Swallowed(amount, fed=fed), gut) for amount in (mmol, mmol * more))

    assert large >= small - SOLVED_TO
    assert large / more <= small + SOLVED_TO


@stable
@given(salt=salts, gut=guts, mmol=amounts, gaps=st.lists(st.floats(0.25, 12.0), min_size=1, max_size=5))
def test_portions_never_lower_uptake(salt: Salt, gut: Gut, mmol: float, gaps: list[float]) -> None:
    """Fasting throughout, so that only saturation and acid decide."""
    times = (0.0, *np.cumsum(gaps).tolist())
    at_once, in_portions = (absorbed(salt, Swallowed(mmol, portions), gut, hours=240.0) for portions in ((0.0,), times))

    assert in_portions >= at_once - SOLVED_TO


@stable
@given(gut=guts, mmol=amounts)
def test_a_meal_never_lowers_the_uptake_of_what_is_dissolved(gut: Gut, mmol: float) -> None:
    slower = replace(gut, k_fed=min(gut.k_fed, gut.k_fast))
    fasting, fed = (
        absorbed(Salt(1.0, 0.0, 0.0), Swallowed(mmol, fed=meal), slower, hours=120.0) for meal in (False, True)
    )

    assert fed >= fasting - SOLVED_TO


@pytest.mark.parametrize("intake", [0.5, 1.0, 2.0, 3.6, 5.0, 10.0, 20.0, 40.0])
def test_static_absorption_law(intake: float) -> None:
    """1.75 I / (2.0 + I) + 0.07 I, derived from three numbers of one abstract and measured on a meal."""
    law = 1.75 * intake / (2.0 + intake) + 0.07 * intake

    assert absorbed(Salt(1.0, 0.0, 0.0), Swallowed(intake, fed=True), hours=120.0) == pytest.approx(law, rel=0.02)


@pytest.mark.parametrize(("tolerance", "least"), [(Tolerance.REFERENCE, -1e-9), (Tolerance.DEFAULT, -1e-5)])
@settings(stable, max_examples=6)
@given(data=st.data())
def test_amounts_are_never_below_nothing(tolerance: Tolerance, least: float, data: st.DataObject) -> None:
    """The bag of an infusion alone counts down; amounts in the body cannot, up to the accuracy asked for."""
    anything = [*THREONATES, *SALTS["soluble"], *SALTS["partly soluble"], *SALTS["base"]]
    books = keep_books(data.draw(scenarios(anything, subjects=3, days=30)), tolerance)

    lowest = {
        name: float(books.amount(name).min())
        for moiety in ("Mg", "threonate")
        for name in books.species(moiety)
        if name not in {"plasma_Mg_bag", "kidney_Mg_dialysate"}
    }
    assert {name: amount for name, amount in lowest.items() if amount < least} == {}
