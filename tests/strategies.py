"""Random but sensible inputs for property tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from tests.compounds import compound
from threonate.evidence import Rate, read_catalogue
from threonate.regimen import CompoundMass, Eaters, Infusion, Product, Regimen, Titration, titration_over
from threonate.simulation import Scenario

THREONATE = compound(
    "l_threonate",
    "Magnesium L-threonate",
    294.495,
    formula="Mg(C4H7O5)2",
    counter_ion="threonate",
    counter_ions_per_formula=2,
    label_mg_per_g=72.0,
    label_low=72.0,
    label_high=83.0,
)
SODIUM_THREONATE = replace(
    THREONATE,
    id="sodium_threonate",
    title="Sodium L-threonate",
    formula="NaC4H7O5",
    molar_mass=158.085,
    magnesium_atoms=0,
    counter_ions_per_formula=1,
    label_mg_per_g=None,
)
_RATE = Rate(value=1.0, low=0.5, high=2.0, between_sd=0.4, uncertainty_sd=0.5)
CITRATE = compound(
    "citrate",
    "Magnesium citrate",
    451.113,
    formula="Mg3(C6H5O7)2",
    magnesium_atoms=3,
    dissolved_share=0.55,
    k_s=_RATE,
    k_i=_RATE,
)
OXIDE = replace(
    CITRATE,
    id="oxide",
    title="Magnesium oxide",
    formula="MgO",
    molar_mass=40.304,
    magnesium_atoms=1,
    dissolved_share=0.0,
)
COMPOUNDS = (THREONATE, SODIUM_THREONATE, CITRATE, OXIDE)


def clock_hours(least: int, most: int) -> st.SearchStrategy[tuple[float, ...]]:
    """Rising hours of one day, on quarters."""
    quarters = st.sets(st.integers(0, 95), min_size=least, max_size=most)
    return quarters.map(lambda chosen: tuple(quarter / 4 for quarter in sorted(chosen)))


@st.composite
def products(draw: st.DrawFn) -> Product:
    """A product of a hand-made compound, with or without a label of its own."""
    compound = draw(st.sampled_from(COMPOUNDS))
    share = draw(st.none() | st.floats(0.5, 1.1))
    if share is None or not compound.magnesium_atoms:
        return Product(compound)
    return Product(compound, share * Product(compound).formula_mg_per_g)


@st.composite
def titrations(draw: st.DrawFn, days: int) -> Titration:
    """None, or a rise that ends within the regimen."""
    steps = draw(st.integers(1, min(5, days)))
    over = draw(st.integers(steps, days))
    return titration_over(draw(st.sampled_from([0, over])), steps)


@st.composite
def regimens(draw: st.DrawFn, most_days: int = 20) -> Regimen:
    """A regimen of a few days: swallowed, infused, both, or diet only."""
    days = draw(st.integers(1, most_days))
    product = draw(st.none() | products())
    infusions = st.builds(
        Infusion, start_h=st.integers(0, 47).map(lambda k: k / 4), hours=st.floats(0.1, 12.0), mmol=st.floats(0.0, 40.0)
    )
    return Regimen(
        product=product,
        daily=CompoundMass(draw(st.floats(0.0, 6000.0)) if product else 0.0),
        dose_times_h=draw(clock_hours(1, 6)) if product else (),
        meal_times_h=draw(clock_hours(0, 6)),
        days=days,
        run_in_days=draw(st.integers(1, 5)),
        washout_days=draw(st.integers(0, 5)),
        missed_dose_share=draw(st.sampled_from([0.0, 0.2, 1.0])),
        titration=draw(titrations(days)),
        infusions=tuple(draw(st.lists(infusions, max_size=3))),
    )


@st.composite
def eaters(draw: st.DrawFn, most: int = 4) -> Eaters:
    """A few subjects with their diets."""
    diet = draw(st.lists(st.floats(0.0, 900.0), min_size=1, max_size=most))
    return Eaters(np.array(diet), draw(st.floats(0.5, 12.0)), draw(st.integers(0, 2**32 - 1)))


_CATALOGUE = read_catalogue()
_SALTS = [c for c in _CATALOGUE.compounds.values() if c.id != "diet"]
SALTS = {
    "soluble": [c.id for c in _SALTS if c.dissolved_share == 1.0],
    "partly soluble": [c.id for c in _SALTS if c.dissolved_share < 1.0 and not c.base],
    "base": [c.id for c in _SALTS if c.base],
}
"""Compounds of the shelf by how they dissolve."""
THREONATES = [c.id for c in _SALTS if c.counter_ion == "threonate"]


@st.composite
def scenarios(draw: st.DrawFn, salts: Sequence[str], subjects: int, days: int = 60, vein: bool = False) -> Scenario:
    """Random people on random regimens of a whole shelf, `days` long (30 or more) with run-in and washout.

    salts    compounds to choose from; none is swallowed when empty
    vein     True always infuses; False does so now and then
    """
    run_in, washout = draw(st.integers(1, 7)), draw(st.integers(0, 10))
    fields: dict[str, object] = {
        "days": days - run_in - washout,
        "run_in_days": run_in,
        "washout_days": washout,
        "subjects": subjects,
        "seed": draw(st.integers(0, 2**32 - 1)),
        "hypothesis": draw(st.sampled_from(["null", "threonate"])),
        "egfr": draw(st.none() | st.floats(5.0, 140.0)),
        "weight_kg": draw(st.none() | st.floats(45.0, 130.0)),
        "dietary_mg": draw(st.none() | st.floats(30.0, 900.0)),
        "conditions": draw(st.lists(st.sampled_from(sorted(_CATALOGUE.conditions)), max_size=2, unique=True)),
        "phytate_mmol_per_meal": draw(st.sampled_from([0.0, 0.5, 2.0])),
        "circadian_amplitude": draw(st.sampled_from([0.0, 0.0, 0.05])),
        "compound": draw(st.sampled_from(salts)) if salts else "none",
        **(draw(_swallowing()) if salts else {}),
        **(draw(_infusing()) if vein or draw(st.integers(0, 3)) == 0 else {}),
    }
    return Scenario.model_validate(fields)


@st.composite
def _swallowing(draw: st.DrawFn) -> dict[str, object]:
    named = draw(st.none() | clock_hours(1, 6))
    meals = draw(st.sampled_from(["with", "between"]))
    times = {"dose_times_h": named} if named else {"doses_per_day": draw(st.integers(1, 3 if meals == "with" else 6))}
    dose = draw(st.sampled_from([("compound_mg", 4000.0), ("elemental_mg", 1500.0)]))
    return {
        dose[0]: draw(st.floats(dose[1] / 100.0, dose[1])),
        "meals": meals,
        "titrate_days": draw(st.sampled_from([0, 0, 6, 12])),
        "missed_dose_share": draw(st.sampled_from([0.0, 0.2, 0.8])),
        **times,
    }


def _infusing() -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {
            "iv_mgso4_g": st.floats(0.5, 8.0),
            "iv_minutes": st.floats(5.0, 1440.0),
            "iv_hour": st.integers(0, 92).map(lambda quarter: quarter / 4),
        }
    )
