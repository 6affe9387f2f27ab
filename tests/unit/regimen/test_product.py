from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies import CITRATE, OXIDE, SODIUM_THREONATE, THREONATE, products
from threonate.errors import RegimenError
from threonate.regimen import (
    CompoundMass,
    ElementalMass,
    Milliequivalent,
    Millimole,
    Product,
    Regimen,
    compound_of,
    describe_dose,
    elemental_of,
    milliequivalent_of,
    millimole_of,
)

TWO_GRAMS = CompoundMass(2000.0)


def test_label_and_formula_are_both_shown() -> None:
    dose = describe_dose(Product(THREONATE), TWO_GRAMS)

    assert dose.compound == TWO_GRAMS
    assert dose.by_label.mg == pytest.approx(144.0)
    assert dose.by_formula.mg == pytest.approx(165.06, abs=0.01)
    assert (dose.content_from, dose.used) == ("label", dose.by_label)
    assert dose.amount.value == pytest.approx(144.0 / 24.305)
    assert dose.charge.value == pytest.approx(2 * 144.0 / 24.305)
    assert dose.counter_ion_mmol == pytest.approx(2 * 2000.0 / 294.495)


def test_label_of_the_product_wins_over_the_usual_one() -> None:
    product = Product(THREONATE, 83.0)

    assert elemental_of(TWO_GRAMS, product).mg == pytest.approx(166.0)
    assert compound_of(ElementalMass(166.0), product).mg == pytest.approx(2000.0)


def test_without_a_label_the_formula_is_used() -> None:
    product = Product(CITRATE)
    dose = describe_dose(product, CompoundMass(1000.0))

    assert product.label_elemental(CompoundMass(1000.0)) is None
    assert (dose.content_from, dose.used) == ("formula", dose.by_formula)
    assert dose.by_formula.mg == pytest.approx(161.63, abs=0.01)
    assert dose.counter_ion_mmol == 0.0


@given(products(), st.floats(0.0, 1e5))
def test_there_and_back(product: Product, mg: float) -> None:
    """A dose stated as magnesium is the same dose, in whatever unit it is stated."""
    mass = CompoundMass(mg)
    if not product.compound.magnesium_atoms:
        assert millimole_of(mass, product) == Millimole(0.0)
        with pytest.raises(RegimenError, match="holds no magnesium"):
            compound_of(ElementalMass(1.0), product)
        return
    for stated in (elemental_of(mass, product), millimole_of(mass, product), milliequivalent_of(mass, product)):
        assert compound_of(stated, product).mg == pytest.approx(mg, rel=1e-9)


@pytest.mark.parametrize("wrong", [ElementalMass(2000.0), Millimole(82.3), Milliequivalent(164.6), 2000.0, 2000])
@pytest.mark.parametrize("convert", [elemental_of, millimole_of, milliequivalent_of])
def test_two_grams_of_magnesium_are_never_taken_for_a_salt(convert, wrong) -> None:
    product = Product(THREONATE)
    with pytest.raises(TypeError, match="Say which mass is meant"):
        convert(wrong, product)
    with pytest.raises(TypeError, match="Say which mass is meant"):
        describe_dose(product, wrong)
    with pytest.raises(TypeError, match="Say which mass is meant"):
        product.counter_ion_mmol(wrong)
    with pytest.raises(TypeError, match="mass of the compound"):
        Regimen(product, wrong, (9.0,), (7.0,), days=1)


@pytest.mark.parametrize("wrong", [TWO_GRAMS, 2000.0, 2000, "2000"])
def test_two_grams_of_salt_are_never_taken_for_magnesium(wrong) -> None:
    product = Product(THREONATE)
    with pytest.raises(TypeError, match="Say which mass is meant"):
        compound_of(wrong, product)
    with pytest.raises(TypeError, match="Say which mass is meant"):
        product.compound_mass(wrong)


@pytest.mark.parametrize("label", [1000.0, 200.0, 0.0, -72.0, math.nan, math.inf, 7200.0])
def test_a_label_can_not_make_a_salt_magnesium(label: float) -> None:
    with pytest.raises(RegimenError, match="not the mass of the compound"):
        Product(THREONATE, label)


def test_no_way_of_asking_reads_the_salt_as_magnesium() -> None:
    """However two grams of the salt are asked about, the magnesium is 144 mg by label or 165 mg by formula."""
    product = Product(THREONATE)
    dose = describe_dose(product, TWO_GRAMS)
    asked = (
        elemental_of(TWO_GRAMS, product),
        millimole_of(TWO_GRAMS, product).elemental,
        milliequivalent_of(TWO_GRAMS, product).millimole.elemental,
        product.formula_elemental(TWO_GRAMS),
        dose.used,
        dose.amount.elemental,
    )

    assert all(143.9 < magnesium.mg < 165.2 for magnesium in asked)
    assert compound_of(ElementalMass(2000.0), product).mg > 24_000.0


def test_oxide_may_be_mostly_magnesium_and_never_more_than_all() -> None:
    assert Product(OXIDE, 603.0).used_mg_per_g == 603.0
    with pytest.raises(RegimenError, match="at most 1000 mg"):
        Product(OXIDE, 1001.0)


def test_threonate_without_magnesium() -> None:
    product = Product(SODIUM_THREONATE)
    dose = describe_dose(product, CompoundMass(158.085))

    assert (dose.used.mg, dose.amount.value, dose.charge.value) == (0.0, 0.0, 0.0)
    assert dose.counter_ion_mmol == pytest.approx(1.0)
    with pytest.raises(RegimenError, match="it holds none"):
        Product(SODIUM_THREONATE, 72.0)


@pytest.mark.parametrize(("compound", "share"), [(THREONATE, 1.0), (SODIUM_THREONATE, 0.0), (CITRATE, 0.0)])
def test_magnesium_per_counter_ion(compound, share: float) -> None:
    assert Product(compound).magnesium_share_of_counter_ion == share
    if compound.magnesium_atoms:
        lean = 0.5 * Product(compound).formula_mg_per_g
        assert Product(compound, lean).magnesium_share_of_counter_ion == share
