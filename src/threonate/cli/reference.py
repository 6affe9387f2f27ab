"""Bare `threonate`: the reference regimen and what other salts of the same elemental dose would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threonate.cli.options import RunOptions
    from threonate.cli.run import Tell
    from threonate.evidence.records import Catalogue
    from threonate.simulation.result import SimulationResult

REFERENCE_SUBJECTS = 40
REFERENCE_COMPOUNDS = ("l_threonate", "citrate", "oxide", "glycinate")


def run_reference(options: RunOptions) -> None:
    """Simulate the default scenario side by side with the other compounds."""
    from threonate.cli.run import run_and_write
    from threonate.simulation.scenario import read_scenario

    scenario = read_scenario({"subjects": REFERENCE_SUBJECTS}, options.fields)

    def ask(catalogue: Catalogue, tell: Tell) -> SimulationResult:
        from threonate import simulation

        return simulation.compare(scenario, REFERENCE_COMPOUNDS, catalogue, progress=tell)

    run_and_write(ask, "reference", options)
