"""Every compound file against chemistry: what the formula says, the file must say."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from molmass import Formula

SHELF = Path(__file__).parents[2] / "src" / "threonate" / "library"
FILES = {path.stem: path for path in sorted((SHELF / "compounds").glob("*.toml"))}
COMPOUNDS: dict[str, dict[str, Any]] = {name: tomllib.loads(path.read_text("utf-8")) for name, path in FILES.items()}
SOURCES = {path.stem for path in (SHELF / "sources").glob("*.toml")}

REQUIRED = {
    "title", "synonyms", "formula", "molar_mass", "magnesium_atoms", "counter_ion", "counter_ions_per_formula",
    "dissolved_share", "base", "basis", "sources", "note",
}  # fmt: skip
LABEL = {"label_mg_per_g", "label_low", "label_high"}
RATES = {"k_s", "k_i"}
RATE_KEYS = {"value", "low", "high", "between_sd", "uncertainty_sd"}
BASES = {"oxide", "hydroxide", "carbonate"}

# Abridged standard atomic weights of IUPAC, the ones of the shelf's molar masses. molmass supplies the atom counts;
# its own weights of chlorine and sulphur carry more digits than the abridged ones, hence two comparisons.
WEIGHTS = {"H": 1.008, "C": 12.011, "N": 14.007, "O": 15.999, "Mg": 24.305, "S": 32.06, "Cl": 35.45}

each = pytest.mark.parametrize("name", COMPOUNDS)


def atoms(name: str) -> dict[str, int]:
    """Atoms in one formula unit, as molmass reads the formula."""
    return {symbol: item.count for symbol, item in Formula(COMPOUNDS[name]["formula"]).composition().items()}


def elemental_mg(name: str, compound_mg: float) -> float:
    """Magnesium in a mass of compound: by the label where there is one, else by the formula."""
    record = COMPOUNDS[name]
    by_formula = 1000.0 * record["magnesium_atoms"] * WEIGHTS["Mg"] / record["molar_mass"]
    return compound_mg * float(record.get("label_mg_per_g", by_formula)) / 1000.0


def test_there_are_compounds():
    assert {"l_threonate", "oxide", "citrate", "glycinate", "diet"} <= COMPOUNDS.keys()


@each
def test_keys(name):
    keys = COMPOUNDS[name].keys()

    assert keys >= REQUIRED
    assert keys <= REQUIRED | LABEL | RATES
    assert not keys & LABEL or keys >= LABEL


@each
def test_molar_mass_follows_from_the_formula(name):
    record = COMPOUNDS[name]

    assert sum(WEIGHTS[symbol] * count for symbol, count in atoms(name).items()) == pytest.approx(
        record["molar_mass"], abs=0.003
    )
    assert Formula(record["formula"]).mass == pytest.approx(record["molar_mass"], rel=1e-4)


@each
def test_magnesium_share_follows_from_the_formula(name):
    record = COMPOUNDS[name]
    fraction = Formula(record["formula"]).composition()["Mg"].fraction

    assert atoms(name)["Mg"] == record["magnesium_atoms"]
    assert record["magnesium_atoms"] * WEIGHTS["Mg"] / record["molar_mass"] == pytest.approx(fraction, rel=1e-4)


@each
def test_label_is_ordered_and_below_pure_compound(name):
    record = COMPOUNDS[name]
    if "label_mg_per_g" not in record:
        return

    by_formula = 1000.0 * record["magnesium_atoms"] * WEIGHTS["Mg"] / record["molar_mass"]

    assert record["label_low"] <= record["label_mg_per_g"] <= record["label_high"]
    assert record["label_high"] <= 1.01 * by_formula  # printed values are rounded


@each
def test_base_salts_are_flagged(name):
    """A base binds hydrogen ions: oxide, hydroxide and carbonate, and none of the others."""
    anion = {symbol: count for symbol, count in atoms(name).items() if symbol != "Mg"}

    assert COMPOUNDS[name]["base"] == (name in BASES)
    assert COMPOUNDS[name]["base"] == (anion in ({"O": 1}, {"O": 2, "H": 2}, {"C": 1, "O": 3}))


@each
def test_rates_stand_where_something_is_left_to_dissolve(name):
    record = COMPOUNDS[name]

    assert 0.0 <= record["dissolved_share"] <= 1.0
    assert (record["dissolved_share"] < 1.0) == (record.keys() >= RATES)
    for key in RATES & record.keys():
        rate = record[key]
        assert rate.keys() == RATE_KEYS
        assert 0.0 < rate["low"] < rate["value"] < rate["high"]
        assert rate["between_sd"] > 0.0
        assert rate["uncertainty_sd"] > 0.0


@each
def test_counter_ion_is_complete(name):
    record = COMPOUNDS[name]

    assert bool(record["counter_ion"]) == (record["counter_ions_per_formula"] > 0)
    assert (record["counter_ion"] == "threonate") == ("threonate" in name)


@each
def test_sources_exist(name):
    assert COMPOUNDS[name]["sources"]
    assert set(COMPOUNDS[name]["sources"]) <= SOURCES


def test_a_synonym_names_one_compound():
    words = [word for record in COMPOUNDS.values() for word in record["synonyms"]]

    assert len(words) == len(set(words))
    assert not set(words) & COMPOUNDS.keys()
    assert all(word == word.casefold() for word in words)


def test_compound_mass_never_reads_as_magnesium():
    """2,000 mg of L-threonate is 144 mg magnesium by the label, 165 by the formula, and never 2,000."""
    record = COMPOUNDS["l_threonate"]
    by_formula = 2000.0 * WEIGHTS["Mg"] / record["molar_mass"]

    assert elemental_mg("l_threonate", 2000.0) == pytest.approx(144.0)
    assert by_formula == pytest.approx(165.1, abs=0.05)
    for name in COMPOUNDS.keys() - {"diet"}:
        assert elemental_mg(name, 2000.0) < 0.61 * 2000.0
