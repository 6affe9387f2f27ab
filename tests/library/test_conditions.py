"""Every condition on the shelf."""

from __future__ import annotations

import pytest

from threonate.evidence import read_catalogue

CATALOGUE = read_catalogue()
CONDITIONS = list(CATALOGUE.conditions.values())
EXPECTED = {
    ("ppi", "port.acid"): ("set", 0.1),
    ("no_gastric_acid", "port.acid"): ("set", 0.0),
    ("ppi_with_low_uptake", "port.acid"): ("set", 0.1),
    ("ppi_with_low_uptake", "gut.Vm"): ("multiply", 0.85),
    ("loop_or_thiazide_diuretic", "kidney.dT"): ("add", -0.03),
    ("sglt2_inhibitor", "kidney.dT"): ("add", 0.05),
    ("haemodialysis", "kidney.k_dial"): ("set", 0.16),
    ("haemodialysis", "kidney.C_dialysate"): ("set", 0.5),
    ("peritoneal_dialysis", "kidney.k_dial"): ("set", 0.48),
    ("peritoneal_dialysis", "kidney.C_dialysate"): ("set", 0.5),
    ("pregnancy", "kidney.fu"): ("set", 0.60),
    ("preeclampsia", "population.gfr_extra_log_sd"): ("set", 0.36),
    ("obligatory_gut_loss", "gut.o"): ("set", 0.3 / 24),
    ("phytate_rich_meals", "gut.phytate"): ("set", 0.75),
}


def test_effects_are_the_published_ones():
    made = {(c.id, effect.symbol): effect for c in CONDITIONS for effect in c.effects}

    assert set(made) == set(EXPECTED)
    for key, (operation, value) in EXPECTED.items():
        assert made[key].operation == operation
        assert made[key].value == pytest.approx(value)


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.id)
def test_condition_is_whole(condition):
    assert condition.title
    assert condition.note
    assert condition.sources
    assert set(condition.sources) <= set(CATALOGUE.sources)
    assert condition.grade in CATALOGUE.grades


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.id)
def test_value_lies_in_its_range(condition):
    for effect in condition.effects:
        assert effect.low is None or effect.low <= effect.value
        assert effect.high is None or effect.value <= effect.high


@pytest.mark.parametrize("name", ["pregnancy", "preeclampsia", "obligatory_gut_loss"])
def test_states_that_keep_the_usual_level(name):
    assert CATALOGUE.conditions[name].resolve == "threshold"


def test_unverified_size_is_called_so():
    assert "Unverified" in CATALOGUE.conditions["loop_or_thiazide_diuretic"].note


def test_contradicted_or_unlocated_grades_change_nothing():
    assert all(not c.effects for c in CONDITIONS if c.grade in {"X", "U", "N"})
