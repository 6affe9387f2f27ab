"""`threonate compare`: compounds at the same elemental dose, or scenario files, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from threonate.cli.options import RunOptions, run_options
from threonate.cli.reference import REFERENCE_COMPOUNDS

if TYPE_CHECKING:
    from threonate.cli.run import Question, Tell
    from threonate.evidence.records import Catalogue
    from threonate.simulation.result import SimulationResult
    from threonate.simulation.scenario import Scenario

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE.toml FILE.toml ...]", help="Two or more scenario files to put side by side."),
]
Compounds = Annotated[
    str | None,
    typer.Option(
        metavar="ID,ID", help=f"Compounds at the same elemental dose (default: {','.join(REFERENCE_COMPOUNDS)})."
    ),
]


@run_options
def compare(options: RunOptions, files: Files = None, compounds: Compounds = None) -> None:
    """Compare compounds at the same elemental dose, or several scenario files; options apply to all of them."""
    from threonate.cli.run import run_and_write
    from threonate.errors import ScenarioError

    if files:
        if compounds is not None or options.scenario is not None:
            raise ScenarioError("Give scenario files, or --compounds with --scenario, not both.")
        name, ask = _ask_files(files, options.fields)
    else:
        name, ask = _ask_compounds(_split(compounds), options)
    run_and_write(ask, name, options)


def _ask_files(files: list[str], fields: Mapping[str, object]) -> tuple[str, Question]:
    from threonate.errors import ScenarioError
    from threonate.simulation.scenario import check_names, read_scenario

    if len(files) == 1:
        raise ScenarioError(f"Only {files[0]} is given; name two or more scenario files, or use --scenario.")
    scenarios = [read_scenario(Path(file), fields) for file in files]

    def ask(catalogue: Catalogue, tell: Tell) -> SimulationResult:
        from threonate import simulation

        checked = [check_names(one, catalogue) for one in scenarios]
        return simulation.compare_scenarios(checked, catalogue, progress=tell)

    return "compare_" + "_".join(Path(file).stem for file in files), ask


def _ask_compounds(compounds: tuple[str, ...], options: RunOptions) -> tuple[str, Question]:
    from threonate.simulation.scenario import read_scenario

    asked = read_scenario({} if options.scenario is None else Path(options.scenario), options.fields)

    def ask(catalogue: Catalogue, tell: Tell) -> SimulationResult:
        from threonate import simulation

        named, ids = _check_compounds(asked, compounds, catalogue)
        return simulation.compare(named, ids, catalogue, progress=tell)

    return "compare_" + "_".join(compounds), ask


def _check_compounds(
    asked: Scenario, compounds: tuple[str, ...], catalogue: Catalogue
) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario and the compounds with their ids; refuses a comparison of one thing with itself."""
    from threonate.errors import ScenarioError
    from threonate.simulation.scenario import NO_COMPOUND, check_names, resolve_compound

    named = check_names(asked, catalogue)
    ids = tuple(resolve_compound(name, catalogue) for name in compounds)
    if len(set(ids)) != len(ids) or len(ids) == 1:
        said = ", ".join(compounds)
        raise ScenarioError(
            f"compounds is {said}; allowed: two or more different ones. Name another or drop the repeat."
        )
    if NO_COMPOUND in ids:
        raise ScenarioError("compounds names 'none', which holds no dose. Drop it: the run-in days are the diet alone.")
    if named.compound == NO_COMPOUND:
        raise ScenarioError("compound is 'none', so there is no elemental dose to share. Give --compound and a dose.")
    return named, ids


def _split(compounds: str | None) -> tuple[str, ...]:
    from threonate.errors import ScenarioError

    if compounds is None:
        return REFERENCE_COMPOUNDS
    names = tuple(name.strip() for name in compounds.split(",") if name.strip())
    if not names:
        raise ScenarioError("--compounds names none; give ids with commas, such as l_threonate,citrate.")
    return names
