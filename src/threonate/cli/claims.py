"""`threonate claims`: what people say about magnesium, and our answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from threonate.cli.options import JsonFlag, QuietFlag

if TYPE_CHECKING:
    from threonate.appraisal import Verdict
    from threonate.evidence import Catalogue
    from threonate.evidence.claim_records import Claim

verbs = typer.Typer(help="What people say about magnesium, and what the evidence answers.")
Without = Annotated[
    list[str] | None, typer.Option("--without", metavar="SOURCE", help="Disbelieve this source; may be repeated.")
]
Simulated = Annotated[bool, typer.Option("--simulate/--no-simulate", help="Ask the model for sizes as well.")]
Name = Annotated[str, typer.Argument(metavar="CLAIM", help="Id or number, such as raises_brain_magnesium or C16.")]


@verbs.callback()
def claims() -> None:
    """What people say about magnesium, and what the evidence answers."""


@verbs.command("list")
def list_claims(
    answer: Annotated[
        str | None, typer.Option(metavar="ANSWER", help="Only this answer, such as contradicted.")
    ] = None,
    without: Without = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """List the claims with our answers; with --without, what changes."""
    from threonate.appraisal import ANSWERS, appraise_all, flips
    from threonate.errors import ScenarioError, nearest
    from threonate.evidence import read_catalogue

    if answer is not None and answer not in ANSWERS:
        raise ScenarioError(f"unknown answer '{answer}'. {nearest(answer, ANSWERS)} All: {', '.join(ANSWERS)}.")
    catalogue = read_catalogue()
    verdicts = [v for v in appraise_all(catalogue, without=without or ()).values() if answer in (None, v.answer)]
    changed = flips(catalogue, without or ())
    rows = [_row(verdict, changed.get(verdict.claim)) for verdict in verdicts]
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    elif quiet:
        print("\n".join(row["id"] for row in rows))
    else:
        from threonate.cli.shelf import print_list

        print_list(rows)
        if without:
            print(f"{len(changed)} answer(s) change without {', '.join(without)}.")


@verbs.command("show")
def show(name: Name, as_json: JsonFlag = False) -> None:
    """Show the record of a claim: who makes it, and the findings on both sides."""
    from threonate.appraisal import find_claim
    from threonate.cli.shelf import print_records, record_fields
    from threonate.evidence import read_catalogue

    catalogue = read_catalogue()
    claim = find_claim(name, catalogue)
    if as_json:
        print(json.dumps(record_fields("claims", claim, catalogue), indent=2, ensure_ascii=False))
    else:
        print_records([("claims", claim)], catalogue)
        _print_evidence(claim.findings)
        _print_important(claim, catalogue)


@verbs.command("appraise")
def appraise(name: Name, without: Without = None, simulate: Simulated = True, as_json: JsonFlag = False) -> None:
    """Our answer to a claim, its reasons, the size the model predicts, and what would change it."""
    from threonate.appraisal import appraise as answer
    from threonate.audit import verdict_json
    from threonate.evidence import read_catalogue
    from threonate.simulation import simulate as run

    verdict = answer(name, read_catalogue(), simulate=run if simulate else None, without=without or ())
    if as_json:
        print(json.dumps({"id": verdict.claim, **verdict_json(verdict)}, indent=2, ensure_ascii=False))
    else:
        print_verdict(verdict)


def print_verdict(verdict: Verdict) -> None:
    """A verdict as a few lines."""
    from rich.markup import escape

    from threonate.cli.terminal import terminal

    console = terminal()
    console.print(f"[bold]{verdict.number}[/bold] {escape(verdict.statement)}", soft_wrap=True)
    console.print(f"[bold]{escape(verdict.sentence)}[/bold] Grade {verdict.grade}.", soft_wrap=True)
    for reason in verdict.reasons:
        console.print(f"  - {escape(reason)}", soft_wrap=True)
    for title, names in (("For", verdict.sources_for), ("Against, or narrowing", verdict.sources_against)):
        if names:
            console.print(f"{title}: {escape(', '.join(names))}", soft_wrap=True)
    console.print(f"What would change it: {escape(' '.join(verdict.would_change))}", soft_wrap=True)
    if verdict.without:
        console.print(f"Disbelieved: {escape(', '.join(verdict.without))}", soft_wrap=True)


def _row(verdict: Verdict, change: tuple[str, str] | None) -> dict[str, str]:
    row = {"number": verdict.number, "id": verdict.claim, "answer": verdict.answer, "grade": verdict.grade}
    row["statement"] = verdict.statement
    if verdict.without:
        row["before"] = change[0] if change else ""
    return row


def _print_important(claim: Claim, catalogue: Catalogue) -> None:
    """What would matter of the output that a claim is bound to."""
    from threonate.cli.terminal import terminal
    from threonate.evidence import for_endpoints
    from threonate.evidence.important import important_told

    name = claim.bound.endpoint if claim.bound is not None else ""
    if name:
        whole = for_endpoints(catalogue, [] if name in catalogue.endpoints else [name])
        said = important_told(whole.endpoints[name], catalogue)
        if said:
            terminal().print(f"{whole.endpoints[name].title}: {said}", soft_wrap=True, markup=False)


def _print_evidence(findings: tuple[str, ...]) -> None:
    from threonate.cli.shelf import find_finding
    from threonate.cli.terminal import terminal
    from threonate.evidence import read_catalogue

    catalogue = read_catalogue()
    for name in findings:
        terminal().print(f"  {find_finding(name, catalogue)}", soft_wrap=True, markup=False)
