"""`threonate simulate`: one scenario from capsule to plasma, urine and brain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from threonate.cli.options import RunOptions, run_options

if TYPE_CHECKING:
    from threonate.cli.run import Tell
    from threonate.evidence.records import Catalogue
    from threonate.simulation.result import SimulationResult


@run_options
def simulate(options: RunOptions) -> None:
    """Simulate one scenario and write its results folder."""
    from threonate.cli.run import run_and_write, scenario_name
    from threonate.simulation.scenario import check_names, read_scenario

    asked = read_scenario({} if options.scenario is None else Path(options.scenario), options.fields)
    name = scenario_name(asked) if options.scenario is None else Path(options.scenario).stem

    def ask(catalogue: Catalogue, tell: Tell) -> SimulationResult:
        from threonate import simulation

        return simulation.simulate(check_names(asked, catalogue), catalogue, progress=tell)

    run_and_write(ask, name, options)
