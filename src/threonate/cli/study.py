"""`threonate study`: many subjects in a folder that can be resumed, looked at and asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from threonate.cli.options import JsonFlag, PanelCommand, QuietFlag, RunOptions, run_options
from threonate.cli.work_options import WorkOptions, work_options

if TYPE_CHECKING:
    from threonate.evidence.records import Catalogue
    from threonate.simulation.study import Study
    from threonate.store import Manifest, Receipt

verbs = typer.Typer(help="Many subjects: a folder that can be resumed, looked at and asked.")

ROWS_SHOWN = 60
Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE.toml ...]", help="Scenario files about the same people, one arm each."),
]
Compounds = Annotated[
    str | None, typer.Option(metavar="ID,ID", help="Compounds at the same elemental dose, one arm each.")
]
Folder = Annotated[str, typer.Argument(metavar="FOLDER", help="A study folder.")]
Question = Annotated[str, typer.Argument(metavar="SQL", help="One SELECT; from daily, days, subjects or courses.")]


@verbs.callback()
def study() -> None:
    """Many subjects: a folder that can be resumed, looked at and asked."""


@verbs.command("run", cls=PanelCommand)
@run_options
@work_options
def run(options: RunOptions, work: WorkOptions, files: Files = None, compounds: Compounds = None) -> None:
    """Simulate many subjects and store their daily values, partition by partition."""
    from threonate.cli.progress import show_progress
    from threonate.errors import Interruption
    from threonate.evidence import read_catalogue
    from threonate.simulation.dispatch import Workforce, run_study
    from threonate.simulation.study_findings import study_findings

    catalogue = read_catalogue()
    asked = _study(options, work, files or [], compounds, catalogue)
    root = Path(options.out) if options.out else _usual_folder(asked, catalogue)
    workforce = Workforce(work.executor or "threads", work.workers, work.scheduler)
    try:
        with show_progress(silent=options.as_json or options.quiet) as tell:
            done = run_study(asked, catalogue, root, workforce=workforce, resume=work.resume, progress=tell)
    except KeyboardInterrupt:
        raise Interruption(f"Interrupted; what was finished is kept in {root}. Go on with --resume.") from None
    findings = [
        {"severity": f.severity, "title": f.title, "message": f.message, "value": f.value, "authority": f.authority}
        for f in study_findings(asked, catalogue, root)
    ]
    _tell_run(root, done, findings, options)


def _study(
    options: RunOptions, work: WorkOptions, files: Sequence[str], compounds: str | None, catalogue: Catalogue
) -> Study:
    from threonate.errors import ScenarioError
    from threonate.simulation.run import same_dose
    from threonate.simulation.scenario import read_scenario
    from threonate.simulation.study import PARTITION_SIZE, Study

    if files and (compounds is not None or options.scenario is not None):
        raise ScenarioError("Give scenario files, or --compounds or --scenario, not both.")
    if files:
        scenarios = [read_scenario(Path(file), options.fields) for file in files]
    else:
        scenarios = [read_scenario({} if options.scenario is None else Path(options.scenario), options.fields)]
    if compounds is not None:
        names = [name.strip() for name in compounds.split(",") if name.strip()]
        scenarios = same_dose(scenarios[0], names, catalogue)
    size = PARTITION_SIZE if work.partition_size is None else work.partition_size
    return Study(tuple(scenarios), size, work.keep or "daily")  # type: ignore[arg-type]


def _usual_folder(asked: Study, catalogue: Catalogue) -> Path:
    """The same question goes to the same folder: its name is the hash of the specification."""
    from threonate.simulation.study import specification_of
    from threonate.store import canonical_json, sha256_of

    return Path("results") / f"study-{sha256_of(canonical_json(specification_of(asked, catalogue)))[:12]}"


def _tell_run(root: Path, done: Manifest, findings: list[dict[str, str]], options: RunOptions) -> None:
    if options.quiet:
        print(root)
        return
    told = {
        "folder": str(root),
        "specification": done.specification,
        "content": done.content,
        "subjects": done.subjects,
        "partitions": len(done.receipts),
        "solves": _statuses(done.receipts),
        **_accuracy(done.receipts),
        "safety": findings,
    }
    if options.as_json:
        print(json.dumps(told, indent=2))
        return
    from threonate.cli.summary import DISCLAIMER, print_safety
    from threonate.cli.terminal import terminal

    console = terminal()
    print_safety(console, findings)
    _print_lines({name: value for name, value in told.items() if name != "safety"})
    console.print(DISCLAIMER)


@verbs.command("status")
def status(folder: Folder, as_json: JsonFlag = False) -> None:
    """Say how far a study has come."""
    from threonate.store import find_receipts, find_study, read_manifest, read_specification

    found = find_study(Path(folder))
    asked = read_specification(found.root)
    receipts = list(find_receipts(found).values())
    manifest = read_manifest(found)
    subjects = sum(receipt.last - receipt.first + 1 for receipt in receipts)
    told = {
        "folder": folder,
        "specification": found.specification,
        "complete": manifest is not None and subjects == asked.get("subjects"),
        "content": manifest.content if manifest is not None else None,
        "subjects": f"{subjects} of {asked.get('subjects')}",
        "solves": _statuses(receipts),
        **_accuracy(receipts),
    }
    if as_json:
        print(json.dumps({**told, "subjects": {"stored": subjects, "asked": asked.get("subjects")}}, indent=2))
    else:
        _print_lines(told)


@verbs.command("query")
def query(folder: Folder, sql: Question, as_json: JsonFlag = False, quiet: QuietFlag = False) -> None:
    """Ask a study one SELECT.

    Tables: daily (subject, arm, compound, hypothesis, day, endpoint, value and covariates), days (one column per
    endpoint), subjects, courses.
    """
    from threonate.store.query import query_study

    answer = query_study(Path(folder), sql)
    if as_json:
        print(json.dumps(answer.to_dicts(), indent=2, default=str))
    elif quiet:
        print(answer.write_csv(), end="")
    else:
        _print_table(answer)


def _print_table(answer: Any) -> None:
    from rich.table import Table

    from threonate.cli.terminal import terminal

    table = Table(*answer.columns)
    for row in answer.head(ROWS_SHOWN).iter_rows():
        table.add_row(*(_said(value) for value in row))
    console = terminal()
    console.print(table)
    if answer.height > ROWS_SHOWN:
        console.print(f"{ROWS_SHOWN} of {answer.height} rows; --quiet prints all of them as CSV.")


def _said(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else "" if value is None else str(value)


def _statuses(receipts: Sequence[Receipt]) -> dict[str, int]:
    """How many solves ended in which way."""
    total: dict[str, int] = {}
    for receipt in receipts:
        for sentence, count in receipt.statuses.items():
            total[sentence] = total.get(sentence, 0) + count
    return total


def _accuracy(receipts: Sequence[Receipt]) -> dict[str, str]:
    """What the spot check found; a warning when a promise was broken."""
    from threonate.simulation.accuracy import study_error

    found = study_error(receipts)
    if found is None:
        return {}
    return {"accuracy": found.sentence, **({"WARNING": found.warning} if found.warning else {})}


def _print_lines(told: Mapping[str, object]) -> None:
    for name, value in told.items():
        shown = ", ".join(f"{count} {what}" for what, count in value.items()) if isinstance(value, dict) else value
        print(f"{name:14} {shown}")
