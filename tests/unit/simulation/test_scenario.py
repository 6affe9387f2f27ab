"""A scenario says what is wrong with it, all at once and in words."""

import math
import shlex
import tomllib
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.compounds import compound
from threonate.cli.options import SCENARIO_OPTIONS
from threonate.errors import ScenarioError
from threonate.simulation.scenario import (
    Scenario,
    check_names,
    daily_dose,
    read_scenario,
    reproduce_command,
    resolve_compound,
    scenario_toml,
)


@pytest.fixture
def catalogue() -> SimpleNamespace:
    compounds = (
        compound("l_threonate", "Magnesium L-threonate", 294.5, label_mg_per_g=72.0, synonyms=("MgT",)),
        compound("oxide", "Magnesium oxide", 40.304),
        compound("diet", "Food", 24.305),
    )
    return SimpleNamespace(
        compounds={one.id: one for one in compounds},
        conditions={"ppi": None, "thiazide": None},
        populations={"healthy_adult": None},
    )


WRONG = {
    "negative dose": ({"compound_mg": -5}, "compound_mg is -5; allowed: 0 to 100000 mg/d."),
    "no filtration": ({"egfr": 0}, "egfr is 0; allowed: 1 to 250 mL/min/1.73 m2."),
    "two doses": ({"compound_mg": 2000, "elemental_mg": 144}, "compound_mg 2000 and elemental_mg 144 are both given"),
    "too long": ({"days": 10_000}, "days is 10000; allowed: a whole number, 1 to 3650 d."),
    "not a number": ({"compound_mg": math.nan}, "compound_mg is nan"),
    "text that is not a number": ({"weight_kg": "nan"}, "weight_kg is nan"),
    "infinite": ({"dietary_mg": math.inf}, "dietary_mg is inf"),
    "unknown field": ({"egrf": 60}, "unknown field 'egrf'. Nearest: 'egfr'."),
    "unknown word": ({"meals": "betwen"}, "meals is 'betwen'; allowed: with, between. Nearest: 'between'."),
    "nobody": ({"subjects": 0}, "subjects is 0"),
    "a million and one": ({"subjects": 1_000_001}, "allowed: a whole number, 1 to 1000000"),
    "half a subject": ({"subjects": 2.5}, "subjects is 2.5"),
    "too old": ({"age": 121}, "age is 121; allowed: 0 to 120 years."),
    "too light": ({"weight_kg": 1.9}, "weight_kg is 1.9; allowed: 2 to 400 kg."),
    "too many portions": ({"doses_per_day": 7}, "doses_per_day is 7"),
    "no infusion": ({"iv_mgso4_g": 0}, "iv_mgso4_g is 0; allowed: above 0 and at most 40 g."),
    "endless infusion": ({"iv_minutes": 2881}, "iv_minutes is 2881"),
    "no baseline": ({"run_in_days": 0}, "run_in_days is 0"),
    "dose of nothing": ({"compound": "none", "elemental_mg": 100}, "elemental_mg 100 given without a compound"),
    "compound beside infusion": ({"compound": "oxide", "iv_mgso4_g": 4}, "compound 'oxide' has no dose"),
    "hours beyond the day": ({"dose_times_h": [8, 25]}, "dose_times_h is [8, 25]"),
    "hours that fall": ({"dose_times_h": "20,8"}, "dose_times_h is '20,8'"),
    "hours that are none": ({"dose_times_h": "morning"}, "dose_times_h is 'morning'"),
    "hours and portions": ({"dose_times_h": [8, 20], "doses_per_day": 3}, "names 2 hours but doses_per_day is 3"),
    "long titration": ({"titrate_days": 90}, "titrate_days is 90; allowed: 0 to days (84)."),
    "condition twice": ({"conditions": "ppi,ppi"}, "conditions names ppi twice"),
    "yes for a number": ({"days": True}, "days is true"),
    "elemental slip": ({"elemental_mg": 20_001}, "elemental_mg is 20001; allowed: 0 to 20000 mg/d."),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_scenario_is_one_clear_message(case: str) -> None:
    fields, expected = WRONG[case]

    with pytest.raises(ScenarioError) as caught:
        read_scenario(fields)

    message = str(caught.value)
    assert message.startswith("1 problem in the scenario:\n")
    assert expected in message
    assert "pydantic" not in message
    assert "Traceback" not in message


def test_every_problem_is_listed() -> None:
    with pytest.raises(ScenarioError, match="3 problems") as caught:
        read_scenario({"compound_mg": -1, "egfr": 0, "dayz": 3})

    assert all(word in str(caught.value) for word in ("compound_mg", "egfr", "'dayz'"))


def test_no_exception_hides_behind_the_message() -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario({"egfr": 0})

    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_reference_is_two_grams_of_l_threonate() -> None:
    scenario = Scenario()

    assert (scenario.compound, scenario.compound_mg, scenario.elemental_mg) == ("l_threonate", 2000.0, None)
    assert (scenario.doses_per_day, scenario.days, scenario.meals) == (2, 84, "between")


def test_what_follows_from_what_is_left_out() -> None:
    assert Scenario(compound="none").compound_mg is None
    assert Scenario(iv_mgso4_g=4).compound == "none"
    assert Scenario(iv_mgso4_g=4, compound_mg=2000).compound == "l_threonate"
    assert Scenario(elemental_mg=0).compound_mg is None
    assert Scenario(dose_times_h=(8.0, 13.0, 20.0)).doses_per_day == 3


def test_a_scenario_never_changes() -> None:
    with pytest.raises(ValidationError):
        Scenario().days = 3  # type: ignore[misc]


def test_changes_win_over_the_file(tmp_path) -> None:
    path = tmp_path / "asked.toml"
    path.write_text('compound = "oxide"\ncompound_mg = 500\ndose_times_h = [8, 20]\n', encoding="utf-8")

    changed = read_scenario(path, {"elemental_mg": "300", "doses_per_day": "3"})

    assert (changed.compound, changed.compound_mg, changed.elemental_mg) == ("oxide", None, 300.0)
    assert (changed.doses_per_day, changed.dose_times_h) == (3, None)
    assert read_scenario(path, {"compound": "none"}).compound_mg is None


def test_a_file_that_cannot_be_read_says_so(tmp_path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("days 84", encoding="utf-8")

    with pytest.raises(ScenarioError, match="is not a TOML file"):
        read_scenario(broken)
    with pytest.raises(ScenarioError, match="cannot be read: No such file"):
        read_scenario(tmp_path / "absent.toml")


hours = st.lists(st.integers(0, 95), min_size=1, max_size=6, unique=True).map(
    lambda quarters: tuple(sorted(quarter / 4 for quarter in quarters))
)
optional_fields = st.fixed_dictionaries(
    {},
    optional={
        "compound": st.sampled_from(["oxide", "citrate"]),
        "dose_times_h": hours,
        "meals": st.sampled_from(["with", "between"]),
        "days": st.integers(1, 3650),
        "missed_dose_share": st.floats(0, 1),
        "weight_kg": st.floats(2, 400),
        "egfr": st.floats(1, 250),
        "conditions": st.sampled_from([(), ("ppi",), ("ppi", "thiazide")]),
        "uncertainty": st.booleans(),
        "hypothesis": st.sampled_from(["null", "threonate", "both"]),
        "seed": st.integers(0, 2**32 - 1),
        "population": st.sampled_from(["healthy_adult", 'odd "name" \\']),
    },
)
doses = st.one_of(
    st.builds(lambda mass: {"compound_mg": mass}, st.floats(0, 100_000)),
    st.builds(lambda mass: {"elemental_mg": mass}, st.floats(0, 20_000)),
    st.builds(lambda grams: {"elemental_mg": 100, "iv_mgso4_g": grams}, st.floats(0.1, 40)),
)
scenarios = st.builds(lambda fields, dose: Scenario(**fields, **dose), optional_fields, doses)


@settings(max_examples=60, deadline=None)
@given(scenarios)
def test_file_and_command_ask_the_same_question(scenario: Scenario) -> None:
    assert read_scenario(tomllib.loads(scenario_toml(scenario))) == scenario
    assert read_scenario(options_of(reproduce_command(scenario))) == scenario
    assert read_scenario(scenario.model_dump(mode="json")) == scenario


def options_of(command: str) -> dict[str, str]:
    words = shlex.split(command)[2:]
    fields: dict[str, str] = {}
    while words:
        name = words.pop(0).removeprefix("--").replace("-", "_")
        if name.startswith("no_"):
            fields[name.removeprefix("no_")] = "false"
        else:
            fields[name] = words.pop(0)
    return fields


def test_names_are_found_however_they_are_written(catalogue) -> None:
    for name in ("l_threonate", "L-Threonate", "magnesium L-threonate", "mgt"):
        assert resolve_compound(name, catalogue) == "l_threonate"
    assert resolve_compound("none", catalogue) == "none"
    assert check_names(Scenario(compound="MgT"), catalogue) == Scenario()


def test_unknown_names_are_refused_with_the_nearest(catalogue) -> None:
    asked = Scenario(compound="oxid", conditions=("pip",), population="healthy_adlt")

    with pytest.raises(ScenarioError, match="3 problems") as caught:
        check_names(asked, catalogue)

    for nearest in ("'oxide'", "'ppi'", "'healthy_adult'"):
        assert f"Nearest: {nearest}" in str(caught.value)
    with pytest.raises(ScenarioError, match="is food"):
        resolve_compound("diet", catalogue)


def test_a_compound_mass_can_not_hide_too_much_magnesium(catalogue) -> None:
    with pytest.raises(ScenarioError, match="mg elemental; allowed: up to 20000 mg elemental a day"):
        check_names(Scenario(compound="oxide", compound_mg=90_000), catalogue)


def test_two_grams_of_threonate_are_never_two_grams_of_magnesium(catalogue) -> None:
    taken = daily_dose(Scenario(compound_mg=2000), catalogue)

    assert taken is not None
    product, dose = taken
    assert dose.compound.mg == 2000
    assert dose.by_label.mg == pytest.approx(144)
    assert dose.amount.value == pytest.approx(144 / 24.305)
    assert dose.charge.value == pytest.approx(2 * dose.amount.value)
    assert product.formula_mg_per_g == pytest.approx(82.53, abs=0.01)


def test_label_of_the_scenario_wins(catalogue) -> None:
    taken = daily_dose(Scenario(elemental_mg=150, label_mg_per_g=75), catalogue)

    assert taken is not None
    assert taken[1].compound.mg == pytest.approx(2000)
    assert daily_dose(Scenario(compound="none"), catalogue) is None


def test_options_of_the_command_line_are_the_fields() -> None:
    options = {option.name: option for option in SCENARIO_OPTIONS}

    assert set(options) == set(Scenario.model_fields)
    for name, field in Scenario.model_fields.items():
        shown = options[name].default
        reference = 2000.0 if name == "compound_mg" else field.default
        if shown == "yes":
            assert reference is True
        elif shown:
            assert str(reference) == shown or float(shown) == reference
        else:
            assert reference in (None, (), {})


def test_units_of_options_and_fields_agree() -> None:
    for option in SCENARIO_OPTIONS:
        extra = Scenario.model_fields[option.name].json_schema_extra
        unit = extra["unit"]
        if unit and option.metavar != "N":
            assert option.metavar.replace(" ", "") == unit.replace(" ", "")
        if "choices" in extra:
            offered = option.metavar.split("|")
            assert set(offered) <= set(extra["choices"])
