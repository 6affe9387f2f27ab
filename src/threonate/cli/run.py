"""One run as the command line carries it out: ask, write, tell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threonate.cli.folder import results_folder
from threonate.cli.progress import show_progress

if TYPE_CHECKING:
    from threonate.cli.options import RunOptions
    from threonate.evidence.records import Catalogue
    from threonate.simulation.result import SimulationResult
    from threonate.simulation.scenario import Scenario

Tell = Callable[[int, int], None]
Question = Callable[["Catalogue", Tell], "SimulationResult"]
LONGEST_NAME = 80


def run_and_write(ask: Question, name: str, options: RunOptions) -> None:
    """Put a question to the model, write the results folder whole or not at all, and say what came out.

    name    of the folder under results/ when no other is asked for
    """
    from threonate import report
    from threonate.evidence import read_catalogue

    folder = Path(options.out) if options.out else Path("results") / folder_name(name)
    catalogue = read_catalogue()
    with results_folder(folder) as unfinished:
        with show_progress(silent=options.as_json or options.quiet) as tell:
            result = ask(catalogue, tell)
        summary = report.summarise(result, catalogue)
        _refuse_empty(summary, result)
        report.write_results(result, catalogue, unfinished)
    if options.as_json:
        print(json.dumps({**summary, "folder": str(folder)}, indent=2))
    elif options.quiet:
        print(folder)
    else:
        from threonate.cli.summary import print_summary

        print_summary(summary, result.scenario, catalogue, folder)


def folder_name(name: str) -> str:
    """A name that every file system takes.

    >>> folder_name("compare_my file_b")
    'compare_my_file_b'
    """
    return re.sub(r"[^\w.+-]+", "_", name)[:LONGEST_NAME]


def scenario_name(scenario: Scenario) -> str:
    """A folder name for a scenario that has no file.

    >>> from threonate.simulation.scenario import Scenario
    >>> scenario_name(Scenario(days=28)), scenario_name(Scenario(iv_mgso4_g=4))
    ('l_threonate_2000mg_28d', 'none_iv_4g_84d')
    """
    parts = [scenario.compound]
    if scenario.compound_mg is not None:
        parts.append(f"{scenario.compound_mg:g}mg")
    if scenario.elemental_mg is not None:
        parts.append(f"{scenario.elemental_mg:g}mg_elemental")
    if scenario.iv_mgso4_g is not None:
        parts.append(f"iv_{scenario.iv_mgso4_g:g}g")
    return "_".join([*parts, f"{scenario.days}d"])


def _refuse_empty(summary: dict[str, Any], result: SimulationResult) -> None:
    """A run in which nobody was simulated to the end has no results."""
    from threonate.errors import EngineError

    counts = summary.get("subjects", {})
    if counts.get("completed", 1) == 0:
        sentences = [
            row["sentence"] for arm in result.arms for row in arm.status.iter_rows(named=True) if not row["ok"]
        ]
        reason = f" First reason: {sentences[0]}" if sentences else ""
        raise EngineError(f"None of the {counts.get('simulated')} subjects could be simulated to the end.{reason}")
