"""What a person reads in the terminal after a run; safety first, the brain under both hypotheses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from threonate.cli.terminal import terminal
from threonate.evidence.records import Catalogue
from threonate.report.numbers import interval, plain, readable_change
from threonate.simulation.scenario import Scenario, daily_dose

DISCLAIMER = "Research and education, not medical advice."
COMPARED = ("fraction_absorbed", "Mg_plasma", "Mg_urine_24h", "Mg_faeces_24h")
SEVERITY_STYLE = {"stop": "bold red", "caution": "yellow", "note": "cyan"}
PERCENT = 100.0

Observables = Mapping[str, Mapping[str, Any]]


def print_summary(summary: Mapping[str, Any], scenario: Scenario, catalogue: Catalogue, folder: Path) -> None:
    """Print the outcome of a run: safety findings, dose, observables, brain, compounds, files."""
    console = terminal()
    print_safety(console, summary.get("safety", ()))
    print_dose(console, scenario, catalogue)
    observables: Observables = summary.get("observables", {})
    console.print(observable_table(observables, catalogue, _people(summary)))
    if any("hypotheses" in entry for entry in observables.values()):
        console.print(brain_table(observables, catalogue))
        console.print("Two hypotheses, never averaged: at most one of them is right.\n")
    if "responses" in summary:
        console.print(response_table(summary["responses"], catalogue))
        console.print("Effect: difference from placebo in the same people on the last day.\n")
    if "arms" in summary:
        console.print(compound_table(summary["arms"], observables, catalogue))
    print_accuracy(console, summary.get("provenance", {}))
    console.print(f"Results: [bold]{escape(str(folder))}[/bold]")
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        console.print(f"  {escape(path.relative_to(folder).as_posix())}")
    console.print(DISCLAIMER)


def print_safety(console: Console, findings: object) -> None:
    """One line for each finding, the most serious first as the summary orders them."""
    listed = (
        [finding for finding in findings if isinstance(finding, Mapping)] if isinstance(findings, list | tuple) else []
    )
    if not listed:
        console.print("Safety: no limit on the shelf is touched.\n")
        return
    console.print("[bold]Safety[/bold]")
    for finding in listed:
        severity = str(finding.get("severity", "note"))
        style = SEVERITY_STYLE.get(severity, "cyan")
        text = finding.get("message") or finding.get("title") or ""
        details = "; ".join(str(finding[name]) for name in ("value", "authority") if finding.get(name))
        text = f"{text} ({details})" if details else text
        console.print(f"  [{style}]{severity.upper()}[/{style}] {escape(str(text))}", soft_wrap=True)
    console.print()


def print_accuracy(console: Console, record: Mapping[str, Any]) -> None:
    """What the spot check found, and a warning when a promise was broken."""
    if "accuracy" in record:
        console.print(f"Solver: {escape(str(record['accuracy']))}", soft_wrap=True)
    if "accuracy_warning" in record:
        console.print(f"[bold red]WARNING[/bold red] {escape(str(record['accuracy_warning']))}\n", soft_wrap=True)


def print_dose(console: Console, scenario: Scenario, catalogue: Catalogue) -> None:
    """The daily dose as mass of compound, mass of magnesium, and amount; then the infusion."""
    taken = daily_dose(scenario, catalogue)
    if taken is None:
        console.print("[bold]Dose[/bold]  nothing swallowed; diet only")
    else:
        product, dose = taken
        console.print(
            f"[bold]Dose[/bold]  a day: {plain(dose.compound.mg, 4)} mg {escape(product.compound.title)} = "
            f"{plain(dose.by_label.mg)} mg elemental magnesium = {plain(dose.amount.value)} mmol "
            f"({plain(dose.charge.value)} mEq), {_portions(scenario)}",
            soft_wrap=True,
        )
        used, formula = plain(product.used_mg_per_g), plain(product.formula_mg_per_g)
        console.print(
            f"      elemental content [mg/g]: used here {used}, by formula {formula}", soft_wrap=True, markup=False
        )
    if scenario.iv_mgso4_g is not None:
        grams, minutes = plain(scenario.iv_mgso4_g), plain(scenario.iv_minutes)
        console.print(f"      infusion: {grams} g magnesium sulfate heptahydrate over {minutes} min on the first day")
    console.print()


def observable_table(observables: Observables, catalogue: Catalogue, people: str) -> Table:
    """Baseline, last day and change of everything that the hypotheses agree on."""
    table = Table(title=f"{people}; median (5-95 %)", title_justify="left")
    table.add_column("observable")
    table.add_column("unit", no_wrap=True)
    for heading in ("before", "last day"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("change", justify="right")
    table.add_column("evidence")
    for name, entry in observables.items():
        if "hypotheses" not in entry:
            before, last = (plain(entry.get(key, {}).get("median")) for key in ("baseline", "last_day_mean"))
            smallest = catalogue.endpoints[name].smallest_change if name in catalogue.endpoints else 0.0
            change = readable_change(entry.get("change", {}), smallest)
            word = grade_words(str(entry.get("grade", "")), catalogue)
            table.add_row(title_of(name, catalogue), unit_of(entry), before, last, change, word)
    return table


def brain_table(observables: Observables, catalogue: Catalogue) -> Table:
    """Change of the brain fluids under every hypothesis that was run, each with its own grade."""
    table = Table(title="Brain: change from own baseline, %", title_justify="left")
    for heading in ("observable", "hypothesis", "change, %", "evidence"):
        table.add_column(heading)
    for name, entry in observables.items():
        for hypothesis, numbers in entry.get("hypotheses", {}).items():
            change = interval(numbers.get("change", {}), change=True, scale=PERCENT)
            word = grade_words(str(numbers.get("grade", entry.get("grade", ""))), catalogue)
            table.add_row(title_of(name, catalogue), str(hypothesis).upper(), change, word)
    return table


def response_table(responses: Observables, catalogue: Catalogue) -> Table:
    """Endpoints of the responses under every hypothesis, each with the weakest step on the way."""
    table = Table(title="Beyond magnesium itself; median (5-95 %)", title_justify="left")
    for heading in ("endpoint", "hypothesis", "placebo", "effect", "evidence", "weakest step"):
        table.add_column(heading)
    for entry in responses.values():
        unit = unit_of(entry)
        title = escape(f"{entry['title']}, {unit}" if unit and unit != "share" else str(entry["title"]))
        for hypothesis, numbers in entry["hypotheses"].items():
            word = "; ".join([grade_words(str(numbers["grade"]), catalogue), *numbers["marks"]])
            weakest = str(numbers["weakest_title"])
            effect = interval(numbers["effect"], change=True)
            placebo = interval(numbers["placebo"])
            table.add_row(title, str(hypothesis).upper(), placebo, effect, word, escape(weakest))
    return table


def compound_table(arms: Mapping[str, Mapping[str, Any]], observables: Observables, catalogue: Catalogue) -> Table:
    """The compounds side by side: the share that is absorbed, and what changes."""
    table = Table(title="Side by side: change; for shares the last day", title_justify="left")
    table.add_column("compound")
    shown = [name for name in COMPARED if name in observables]
    for name in shown:
        table.add_column(f"{title_of(name, catalogue)}, {unit_of(observables[name])}", justify="right")
    for arm in arms.values():
        cells = [_compared(name, arm.get("observables", {}).get(name, {})) for name in shown]
        table.add_row(escape(str(arm.get("title", ""))), *cells)
    return table


def title_of(endpoint: str, catalogue: Catalogue) -> str:
    """Title of an endpoint as the shelf gives it."""
    record = catalogue.endpoints.get(endpoint)
    return escape(record.title if record is not None else endpoint)


def unit_of(entry: Mapping[str, Any]) -> str:
    """Unit of an observable; nothing for a pure number."""
    unit = str(entry.get("unit", ""))
    return "share" if unit == "1" else unit


def grade_words(grade: str, catalogue: Catalogue) -> str:
    """A grade in words.

    The letter stays behind the words for those who know the scale.
    """
    word = catalogue.grades.get(grade)
    return f"{word.word} ({grade})" if word is not None else grade


def _compared(name: str, entry: Mapping[str, Any]) -> str:
    if name == "fraction_absorbed":
        return interval(entry.get("last_day_mean", {}))
    return interval(entry.get("change", {}), change=True)


def _portions(scenario: Scenario) -> str:
    many = "in one portion" if scenario.doses_per_day == 1 else f"in {scenario.doses_per_day} portions"
    return f"{many} {scenario.meals} meals"


def _people(summary: Mapping[str, Any]) -> str:
    counts = summary.get("subjects", {})
    if not counts:
        return "Subjects"
    failed = f"; {counts['failed']} could not be simulated to the end" if counts.get("failed") else ""
    return f"{counts.get('completed')} of {counts.get('simulated')} subjects{failed}"
