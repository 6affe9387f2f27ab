from __future__ import annotations

import math
import operator
from itertools import permutations

import numpy as np
import pytest

from threonate.errors import RegimenError
from threonate.regimen import CompoundMass, ElementalMass, Milliequivalent, Millimole

TYPES = (CompoundMass, ElementalMass, Millimole, Milliequivalent)
TOGETHER = (
    operator.add,
    operator.sub,
    operator.eq,
    operator.ne,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
)


@pytest.mark.parametrize("act", TOGETHER)
@pytest.mark.parametrize(("one", "other"), tuple(permutations(TYPES, 2)))
def test_two_types_never_meet(act, one, other) -> None:
    with pytest.raises(TypeError, match=r"different things\. Convert first"):
        act(one(3.0), other(3.0))


@pytest.mark.parametrize("act", [act for act in TOGETHER if act not in (operator.eq, operator.ne)])
@pytest.mark.parametrize("kind", TYPES)
def test_a_plain_number_is_no_amount(act, kind) -> None:
    with pytest.raises(TypeError):
        act(kind(3.0), 3.0)
    with pytest.raises(TypeError):
        act(3.0, kind(3.0))
    assert kind(3.0) != 3.0
    with pytest.raises(TypeError):
        float(kind(3.0))


@pytest.mark.parametrize("kind", TYPES)
def test_one_type_adds_and_compares(kind) -> None:
    assert kind(1.0) + kind(2.0) == kind(3.0)
    assert kind(3.0) - kind(2.0) == kind(1.0)
    assert kind(1.0) < kind(2.0) <= kind(2.0)
    assert kind(2.0) > kind(1.0) >= kind(1.0)
    assert len({kind(1.0), kind(1.0), kind(2.0)}) == 2
    with pytest.raises(RegimenError, match="zero or more"):
        kind(1.0) - kind(2.0)


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf, -math.inf, True, "2000", None, [2000.0]])
@pytest.mark.parametrize("kind", TYPES)
def test_what_is_no_amount_is_refused(kind, value) -> None:
    with pytest.raises(RegimenError):
        kind(value)


@pytest.mark.parametrize(("one", "other"), tuple(permutations(TYPES, 2)))
def test_no_type_is_made_from_another(one, other) -> None:
    with pytest.raises(TypeError, match="was made from a"):
        one(other(3.0))


def test_numpy_numbers_are_numbers() -> None:
    assert CompoundMass(np.float32(2.0)) == CompoundMass(np.int64(2))


def test_amounts_do_not_change() -> None:
    with pytest.raises(AttributeError):
        CompoundMass(1.0).mg = 2.0


def test_magnesium_goes_from_mass_to_charge_and_back() -> None:
    charge = ElementalMass(24.305).millimole.milliequivalent

    assert charge.value == pytest.approx(2.0)
    assert charge.millimole.elemental.mg == pytest.approx(24.305)
