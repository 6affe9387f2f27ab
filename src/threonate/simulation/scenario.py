"""The question put to a run: who takes what, for how long, and under which hypothesis.

The same words are the keys of a scenario file and, with dashes, the options of the command line.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from threonate.errors import CatalogueError, ScenarioError, nearest
from threonate.evidence.records import Catalogue, Compound
from threonate.evidence.responses import for_endpoints
from threonate.keyed import Keyed
from threonate.regimen import CompoundMass, DoseStatement, ElementalMass, Product, describe_dose
from threonate.simulation.scenario_fields import (
    ELEMENTAL_MG_LIMIT,
    OPTION_NAMES,
    PriorChoice,
    Problem,
    explain,
    extra_of,
    listed,
    number,
    one_message,
    prior_fields,
    read_file,
    said,
    switches,
    toml_value,
    word,
)

NO_COMPOUND = "none"
REFERENCE_COMPOUND = "l_threonate"
REFERENCE_COMPOUND_MG = 2000.0

Meals = Literal["with", "between"]
Sex = Literal["female", "male", "any"]
HypothesisChoice = Literal["null", "threonate", "repletion", "both"]
ToleranceChoice = Literal["fast", "default", "reference"]


def _choice(default: str, choices: tuple[str, ...], text: str) -> Any:
    made = word(default, ", ".join(choices), text)
    made.json_schema_extra["choices"] = list(choices)
    return made


class Scenario(BaseModel):
    """One question to the model; checked when made, never changed.

    A covariate left out is drawn from the population, or set to its median for a single subject.
    The bounds are guards against slips, not physiology.

    >>> Scenario(elemental_mg=150).compound
    'l_threonate'
    >>> Scenario(iv_mgso4_g=4).compound          # only the infusion, nothing swallowed
    'none'
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    compound: str = word(
        REFERENCE_COMPOUND,
        "the id or a synonym of a compound, or none",
        "Magnesium compound that is swallowed; 'none' is diet only",
        min_length=1,
    )
    compound_mg: float | None = number(None, "mg/d", 0, 100_000, "Daily mass of the whole compound")
    elemental_mg: float | None = number(
        None, "mg/d", 0, ELEMENTAL_MG_LIMIT, "Daily mass of the magnesium in the compound; instead of compound_mg"
    )
    label_mg_per_g: float | None = number(
        None, "mg/g", 0, 1000, "Elemental content printed on the product, instead of the value on the shelf", True
    )
    doses_per_day: int = number(2, "per day", 1, 6, "Portions that the daily amount is divided into")
    dose_times_h: tuple[float, ...] | None = word(
        None,
        "rising hours of the day from 0 to below 24, such as 8, 20; at most 6",
        "Clock hours of the portions; left out, the usual hours for that number of portions [h]",
        min_length=1,
        max_length=6,
    )
    meals: Meals = _choice("between", ("with", "between"), "Portions are taken with or between meals")
    titrate_days: int = number(0, "d", 0, 3650, "Days of stepwise rise to the full amount")
    days: int = number(84, "d", 1, 3650, "Length of the regimen")
    run_in_days: int = number(7, "d", 1, 365, "Days on diet alone before the first portion; they are the baseline")
    washout_days: int = number(0, "d", 0, 3650, "Days on diet alone after the last portion")
    missed_dose_share: float = number(0.0, "share", 0, 1, "Share of portions that are forgotten, at random")
    iv_mgso4_g: float | None = number(
        None, "g", 0, 40, "Magnesium sulfate heptahydrate infused once on the first day", True
    )
    iv_minutes: float = number(20.0, "min", 1, 2880, "Length of the infusion")
    iv_hour: float = number(8.0, "h", 0, 23.99, "Clock hour at which the infusion starts")
    age: float = number(40.0, "years", 0, 120, "Age")
    sex: Sex = _choice("any", ("female", "male", "any"), "Sex; 'any' draws by the share in the population")
    weight_kg: float | None = number(None, "kg", 2, 400, "Body weight")
    egfr: float | None = number(None, "mL/min/1.73 m2", 1, 250, "Estimated glomerular filtration rate")
    dietary_mg: float | None = number(None, "mg/d", 10, 2000, "Elemental magnesium in the daily food")
    serum_mmol_per_l: float | None = number(None, "mmol/L", 0.1, 5, "Measured total serum magnesium on the usual diet")
    conditions: tuple[str, ...] = word((), "ids of conditions on the shelf", "States and medicines of the subject")
    phytate_mmol_per_meal: float = number(0.0, "mmol", 0, 20, "Phytate in each meal")
    circadian_amplitude: float = number(0.0, "share", 0, 1, "Daily swing of the renal threshold")
    population: str = word(
        "healthy_adult", "the id of a population on the shelf", "Population that subjects are drawn from", min_length=1
    )
    subjects: int = number(24, "", 1, 1_000_000, "Number of subjects; one is the typical subject")
    seed: int = number(1, "", 0, 4_294_967_295, "Seed of all random draws")
    uncertainty: bool = word(True, "true or false", "Draw the uncertainty of the parameters as well")
    hypothesis: HypothesisChoice = _choice(
        "both",
        ("null", "threonate", "repletion", "both"),
        "Hypothesis about the brain; 'both' shows null and threonate side by side, 'repletion' is for the rat",
    )
    transfer_probability: float = number(
        1.0, "share", 0, 1, "Prior probability that the rat action of threonate exists in people"
    )
    tolerance: ToleranceChoice = _choice("default", ("fast", "default", "reference"), "Accuracy of the solver")
    spot_check: bool = word(
        True, "true or false", "Solve one subject of a hundred again, much tighter, and report the error"
    )

    endpoints: tuple[str, ...] = word(
        (), "ids of responses or of their endpoints, or all", "Responses that are simulated as well"
    )
    links: dict[str, bool] = word({}, "link = true or false", "Single links that are switched on or off")
    priors: dict[str, PriorChoice] = word(
        {}, "symbol = {value, sd}", "Size of a link, set by hand: value and SD of its typical value"
    )

    @model_validator(mode="before")
    @classmethod
    def _settle_dose(cls, given: Any) -> Any:
        """Fill in what follows from what was left out."""
        if not isinstance(given, Mapping):
            return given
        fields = dict(given)
        infused = fields.get("iv_mgso4_g") is not None
        if infused and "compound" not in fields and not _doses(fields):
            fields["compound"] = NO_COMPOUND
        if not infused and not _doses(fields) and fields.get("compound") != NO_COMPOUND:
            fields["compound_mg"] = REFERENCE_COMPOUND_MG
        times = fields.get("dose_times_h")
        if times and "doses_per_day" not in fields:
            fields["doses_per_day"] = len(listed(times)) if isinstance(times, str | list | tuple) else 1
        return fields

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_yes_for_a_number(cls, given: Any, info: Any) -> Any:
        if isinstance(given, bool) and info.field_name not in ("uncertainty", "spot_check"):
            raise ValueError("a yes or no where a number or word belongs")
        return given

    @field_validator("links", mode="before")
    @classmethod
    def _split_switches(cls, given: Any) -> Any:
        return switches(given) if isinstance(given, str) else given

    @field_validator("priors", mode="before")
    @classmethod
    def _split_priors(cls, given: Any) -> Any:
        return prior_fields(given) if isinstance(given, str) else given

    @field_validator("dose_times_h", "conditions", "endpoints", mode="before")
    @classmethod
    def _split_list(cls, given: Any) -> Any:
        return listed(given) if isinstance(given, str) else given

    @field_validator("dose_times_h")
    @classmethod
    def _rising_hours(cls, times: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if times and (min(times) < 0 or max(times) >= 24 or list(times) != sorted(set(times))):
            raise ValueError("not rising hours of one day")
        return times

    def __hash__(self) -> int:
        return hash(self.model_dump_json())

    @model_validator(mode="after")
    def _agree(self) -> Scenario:
        conflicts = _conflicts(self)
        if conflicts:
            raise ValueError("\n".join(conflicts))
        return self


def read_scenario(source: Mapping[str, object] | str | Path, changes: Mapping[str, object] | None = None) -> Scenario:
    """A scenario from its fields or from a TOML file; `changes` win over what `source` says.

    Raises ScenarioError with one message that lists every problem.

    >>> read_scenario({"compound": "citrate", "elemental_mg": 300}).days
    84
    >>> read_scenario({"days": 84}, {"days": 7}).days
    7
    """
    title = "scenario"
    if isinstance(source, str | Path):
        title = f"scenario {source}"
        source = read_file(Path(source))
    fields = _override(source, changes or {})
    try:
        return Scenario.model_validate(fields)
    except ValidationError as error:
        problems = explain(error, Scenario.model_fields)
    raise ScenarioError(one_message(title, problems))


def check_names(scenario: Scenario, catalogue: Catalogue) -> Scenario:
    """The scenario with its compound as an id of the shelf.

    Raises ScenarioError that names every compound, condition and population that is not on the shelf,
    and refuses a compound mass that holds more elemental magnesium than a slip of the unit would explain.
    """
    problems: list[Problem] = []
    compound = scenario.compound
    try:
        compound = resolve_compound(scenario.compound, catalogue)
    except ScenarioError as error:
        problems.append(str(error))
    for condition in scenario.conditions:
        if condition not in catalogue.conditions:
            problems.append(f"unknown condition '{condition}'. {nearest(condition, catalogue.conditions)}")
    if scenario.population not in catalogue.populations:
        problems.append(
            f"unknown population '{scenario.population}'. {nearest(scenario.population, catalogue.populations)}"
        )
    problems += _response_problems(scenario, catalogue)
    if problems:
        raise ScenarioError(one_message("scenario", problems))
    named = scenario.model_copy(update={"compound": compound})
    taken = daily_dose(named, catalogue)
    if taken is not None and taken[1].by_label.mg > ELEMENTAL_MG_LIMIT:
        product, dose = taken
        raise ScenarioError(
            f"compound_mg is {dose.compound.mg:g} mg of {product.compound.title}, which is {dose.by_label.mg:.0f} mg "
            f"elemental; allowed: up to {ELEMENTAL_MG_LIMIT:g} mg elemental a day. "
            "Check the unit: compound_mg is in milligrams."
        )
    return named


def _response_problems(scenario: Scenario, catalogue: Catalogue) -> list[Problem]:
    """Responses, links and symbols that are not on the shelf, or not in the body that is asked for."""
    if not (scenario.endpoints or scenario.links or scenario.priors):
        return []
    try:
        chosen = for_endpoints(catalogue, scenario.endpoints)
    except CatalogueError as error:
        return [str(problem) for problem in error.problems]
    problems: list[Problem] = []
    switched = {name: link for name, link in chosen.links.items() if link.switch}
    for name in scenario.links:
        if name not in switched:
            problems.append(_link_problem(name, chosen, switched))
    for symbol in scenario.priors:
        if (symbol, "human") not in chosen.parameters:
            known = [row.id for (_, species), row in chosen.parameters.items() if species == "human"]
            problems.append(f"prior of '{symbol}', which is no symbol of this body. {nearest(symbol, known)}")
    return problems


def _link_problem(name: str, chosen: Catalogue, switched: Iterable[str]) -> Problem:
    if name in chosen.links:
        return f"link '{name}' is on the shelf and is not simulated: no text of the body carries it. Leave it out."
    owner = next((one for one in chosen.responses.values() if name in one.links), None)
    if owner is not None:
        return (
            f"link '{name}' belongs to the response '{owner.id}', which is not asked for. Add --endpoints {owner.id}."
        )
    return f"link '{name}' is unknown. {nearest(name, switched)}"


def resolve_compound(name: str, catalogue: Catalogue) -> str:
    """Id of the compound that goes by `name`: its id, title or a synonym, however it is capitalised.

    Raises ScenarioError with the nearest name.
    """
    if _plain(name) == NO_COMPOUND:
        return NO_COMPOUND
    if _plain(name) == "diet":
        raise ScenarioError("compound 'diet' is food, which every run contains. Use 'none' for diet only.")
    names = _compound_names(Keyed(id(catalogue.compounds), catalogue.compounds))
    if _plain(name) in names:
        return names[_plain(name)]
    offered = [compound for compound in catalogue.compounds if compound != "diet"]
    raise ScenarioError(f"unknown compound '{name}'. {nearest(name, [*offered, NO_COMPOUND])}")


@lru_cache(maxsize=8)
def _compound_names(compounds: Keyed[Mapping[str, Compound]]) -> Mapping[str, str]:
    """Every plain name of every compound, and its id."""
    names: dict[str, str] = {}
    for compound in compounds.thing.values():
        for other in (*compound.synonyms, compound.title):
            names.setdefault(_plain(other), compound.id)
    names.update({compound: compound for compound in compounds.thing})
    return names


def daily_dose(scenario: Scenario, catalogue: Catalogue) -> tuple[Product, DoseStatement] | None:
    """What is taken on one full day, said in every way people say it; None when nothing is swallowed.

    Raises ScenarioError for a compound that is not on the shelf.
    """
    name = resolve_compound(scenario.compound, catalogue)
    if name == NO_COMPOUND:
        return None
    product = Product(catalogue.compounds[name], scenario.label_mg_per_g)
    return product, describe_dose(product, daily_mass(scenario, product))


def daily_mass(scenario: Scenario, product: Product | None) -> CompoundMass:
    """Full daily mass of the compound."""
    if product is None:
        return CompoundMass(0.0)
    if scenario.elemental_mg is not None:
        return product.compound_mass(ElementalMass(scenario.elemental_mg))
    return CompoundMass(scenario.compound_mg or 0.0)


def scenario_toml(scenario: Scenario) -> str:
    """A scenario file that asks the same question; fields left open stand as comments.

    >>> import tomllib
    >>> read_scenario(tomllib.loads(scenario_toml(Scenario(days=28)))) == Scenario(days=28)
    True
    """
    lines = ["# A scenario for threonate; options of the command line override these fields."]
    for name, field in Scenario.model_fields.items():
        unit = extra_of(field).get("unit")
        comment = f"  # {field.description}{f' [{unit}]' if unit else ''}"
        value = getattr(scenario, name)
        lines.append(f"# {name} ={comment}" if value is None else f"{name} = {toml_value(value)}{comment}")
    return "\n".join(lines) + "\n"


def reproduce_command(scenario: Scenario) -> str:
    """The command that repeats this scenario.

    >>> reproduce_command(Scenario(days=28, egfr=60))
    'threonate simulate --compound l_threonate --compound-mg 2000 --days 28 --egfr 60 --subjects 24 --seed 1'
    """
    always = {"compound", "compound_mg", "days", "subjects", "seed"}
    words = ["threonate", "simulate"]
    for name, field in Scenario.model_fields.items():
        value = getattr(scenario, name)
        if value is None or (value == field.default and name not in always):
            continue
        option = OPTION_NAMES.get(name, name.replace("_", "-"))
        words.extend(
            [f"--{'' if value else 'no-'}{option}"] if isinstance(value, bool) else [f"--{option}", said(value)]
        )
    return shlex.join(words)


def _doses(fields: Mapping[str, object]) -> list[str]:
    return [name for name in ("compound_mg", "elemental_mg") if fields.get(name) is not None]


def _conflicts(scenario: Scenario) -> list[Problem]:
    """What each field allows but all together do not."""
    doses = _doses({"compound_mg": scenario.compound_mg, "elemental_mg": scenario.elemental_mg})
    given = " and ".join(f"{name} {getattr(scenario, name):g}" for name in doses)
    problems: list[Problem] = []
    if len(doses) == 2:
        problems.append(f"{given} are both given; allowed: one of them. Remove the one you do not mean.")
    if scenario.compound == NO_COMPOUND and doses:
        problems.append(f"{given} given without a compound; allowed: no dose with compound 'none'. Name the compound.")
    if scenario.compound != NO_COMPOUND and not doses:
        problems.append(
            f"compound '{scenario.compound}' has no dose; allowed: compound_mg or elemental_mg. "
            "Give one, or leave compound out for the infusion alone."
        )
    if scenario.dose_times_h is not None and len(scenario.dose_times_h) != scenario.doses_per_day:
        problems.append(
            f"dose_times_h names {len(scenario.dose_times_h)} hours but doses_per_day is {scenario.doses_per_day}; "
            "allowed: one hour for each dose. Leave doses_per_day out or name as many hours."
        )
    if scenario.titrate_days > scenario.days:
        problems.append(
            f"titrate_days is {scenario.titrate_days}; allowed: 0 to days ({scenario.days}). "
            "Shorten it or lengthen days."
        )
    twice = sorted({name for name in scenario.conditions if scenario.conditions.count(name) > 1})
    if twice:
        problems.append(f"conditions names {', '.join(twice)} twice; allowed: each once. Remove the repeat.")
    return problems


def _override(fields: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """Fields with changes on top; a changed dose replaces the other way of giving it."""
    merged = dict(fields)
    for pair in (("compound_mg", "elemental_mg"), ("doses_per_day", "dose_times_h")):
        if any(name in changes for name in pair):
            for name in pair:
                merged.pop(name, None)
    if changes.get("compound") == NO_COMPOUND:
        for name in ("compound_mg", "elemental_mg"):
            merged.pop(name, None)
    return {**merged, **changes}


def _plain(name: str) -> str:
    """A name without capitals, dashes, blanks and the word magnesium."""
    plain = re.sub(r"[\s\-]+", "_", name.strip().casefold())
    return plain.removeprefix("magnesium_")
