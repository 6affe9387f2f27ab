"""The options that verbs share; the only place where they are spelt out.

This table repeats the names of the scenario fields so that `--help` need not load them; a test keeps the two alike.
Values travel as text: the scenario itself says what is wrong with them, in one message for all.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

JsonFlag = Annotated[bool, typer.Option("--json", help="Print the result, or the error, as JSON.")]
QuietFlag = Annotated[bool, typer.Option("--quiet", "-q", help="Print only where the results are.")]
OutFolder = Annotated[
    str | None,
    typer.Option("--out", "-o", metavar="FOLDER", help="Where the results go (default: results/NAME)."),
]
ScenarioFile = Annotated[
    str | None,
    typer.Option("--scenario", "-s", metavar="FILE.toml", help="Scenario file; options override its fields."),
]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What was asked for: the scenario fields given as options, a scenario file, and where and how to answer."""

    fields: Mapping[str, object]
    scenario: str | None = None
    out: str | None = None
    as_json: bool = False
    quiet: bool = False


DOSE = "What is taken"
TIME = "How long"
SUBJECT = "Who takes it"
RUN = "How it is simulated"
RESPONSES = "What it may do beyond magnesium itself"


_FLAGS = {"links": "link", "priors": "prior"}
"""Options that may be given several times, and their names."""


@dataclass(frozen=True, slots=True)
class ScenarioOption:
    """One field of the scenario as an option; `metavar` is its unit or its allowed words."""

    name: str
    panel: str
    metavar: str
    help: str
    default: str = ""

    @property
    def flag(self) -> str:
        return "--" + _FLAGS.get(self.name, self.name.replace("_", "-"))


SCENARIO_OPTIONS = (
    ScenarioOption("compound", DOSE, "ID", "Magnesium compound, or none for diet only.", "l_threonate"),
    ScenarioOption("compound_mg", DOSE, "mg/d", "Daily mass of the whole compound.", "2000"),
    ScenarioOption("elemental_mg", DOSE, "mg/d", "Daily mass of its magnesium, instead of --compound-mg."),
    ScenarioOption("label_mg_per_g", DOSE, "mg/g", "Elemental content printed on the product."),
    ScenarioOption("doses_per_day", DOSE, "N", "Portions of the daily amount.", "2"),
    ScenarioOption("dose_times_h", DOSE, "h,h", "Clock hours of the portions, such as 8,20."),
    ScenarioOption("meals", DOSE, "with|between", "Portions with or between meals.", "between"),
    ScenarioOption("missed_dose_share", DOSE, "share", "Share of portions forgotten, at random.", "0"),
    ScenarioOption("iv_mgso4_g", DOSE, "g", "Magnesium sulfate heptahydrate infused on the first day."),
    ScenarioOption("iv_minutes", DOSE, "min", "Length of the infusion.", "20"),
    ScenarioOption("iv_hour", DOSE, "h", "Clock hour at which the infusion starts.", "8"),
    ScenarioOption("days", TIME, "d", "Length of the regimen.", "84"),
    ScenarioOption("titrate_days", TIME, "d", "Days of stepwise rise to the full amount.", "0"),
    ScenarioOption("run_in_days", TIME, "d", "Days on diet alone before; the baseline.", "7"),
    ScenarioOption("washout_days", TIME, "d", "Days on diet alone after.", "0"),
    ScenarioOption("age", SUBJECT, "years", "Age.", "40"),
    ScenarioOption("sex", SUBJECT, "female|male|any", "Sex.", "any"),
    ScenarioOption("weight_kg", SUBJECT, "kg", "Body weight (default: from the population)."),
    ScenarioOption("egfr", SUBJECT, "mL/min/1.73m2", "Filtration rate (default: from the population)."),
    ScenarioOption("dietary_mg", SUBJECT, "mg/d", "Magnesium in the food (default: from the population)."),
    ScenarioOption("serum_mmol_per_l", SUBJECT, "mmol/L", "Measured serum magnesium on the usual diet."),
    ScenarioOption("conditions", SUBJECT, "ID,ID", "States and medicines; see 'threonate library list conditions'."),
    ScenarioOption("phytate_mmol_per_meal", SUBJECT, "mmol", "Phytate in each meal.", "0"),
    ScenarioOption("circadian_amplitude", SUBJECT, "share", "Daily swing of the renal threshold.", "0"),
    ScenarioOption("population", RUN, "ID", "Population that subjects are drawn from.", "healthy_adult"),
    ScenarioOption("subjects", RUN, "N", "Number of subjects; 1 is the typical subject.", "24"),
    ScenarioOption("seed", RUN, "N", "Seed of all random draws.", "1"),
    ScenarioOption("uncertainty", RUN, "", "Draw the uncertainty of the parameters as well.", "yes"),
    ScenarioOption("hypothesis", RUN, "null|threonate|both", "Hypothesis about the brain.", "both"),
    ScenarioOption("transfer_probability", RUN, "share", "Prior that the rat action exists in people.", "1"),
    ScenarioOption("endpoints", RESPONSES, "ID,ID|all", "Responses, or endpoints of them, that are simulated as well."),
    ScenarioOption("links", RESPONSES, "NAME=on|off", "A link that is switched on or off by hand; may be repeated."),
    ScenarioOption("priors", RESPONSES, "SYMBOL=VALUE:SD", "A size that is set by hand; may be repeated."),
)


class PanelCommand(TyperCommand):
    """A verb whose many options are shown in panels; the others do without, so that their help is quick."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **{**named, "rich_markup_mode": "rich"})


def run_options(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options of every run and one option per scenario field; they arrive as one RunOptions."""
    own = [one for one in inspect.signature(verb, eval_str=True).parameters.values() if one.name != "options"]
    names = [option.name for option in SCENARIO_OPTIONS]

    @wraps(verb)
    def with_options(**given: Any) -> None:
        told = {name: given.pop(name) for name in names}
        fields = {name: _one_text(value) for name, value in told.items() if value not in (None, [])}
        shared = {one.name: given.pop(one.name) for one in _SHARED}
        verb(RunOptions(fields=fields, **shared), **given)

    parameters = [*own, *_SHARED, *(_parameter(option) for option in SCENARIO_OPTIONS)]
    with_options.__annotations__ = {one.name: one.annotation for one in parameters}
    with_options.__dict__["__signature__"] = inspect.Signature(
        [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    )
    return with_options


def _one_text(value: object) -> object:
    return ",".join(value) if isinstance(value, list) else value


def _parameter(option: ScenarioOption) -> inspect.Parameter:
    text = option.help if not option.default else f"{option.help[:-1]} (default {option.default})."
    flag = option.flag
    if option.metavar:
        kind: Any = list[str] | None if option.name in _FLAGS else str | None
        shown = typer.Option(flag, metavar=option.metavar, help=text, rich_help_panel=option.panel)
    else:
        kind = bool | None
        shown = typer.Option(f"{flag}/--no-{flag[2:]}", help=text, rich_help_panel=option.panel)
    annotation = Annotated[kind, shown]
    return inspect.Parameter(option.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


_SHARED = tuple(
    inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
    for name, default, annotation in (
        ("scenario", None, ScenarioFile),
        ("out", None, OutFolder),
        ("as_json", False, JsonFlag),
        ("quiet", False, QuietFlag),
    )
)
