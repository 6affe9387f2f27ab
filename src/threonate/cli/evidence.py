"""`threonate evidence`: what stands behind a number, an arrow or an answer."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from threonate.cli.options import JsonFlag

verbs = typer.Typer(help="What stands behind a number, an arrow or an answer.")


@verbs.callback()
def evidence() -> None:
    """What stands behind a number, an arrow or an answer."""


@verbs.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of a source, link, parameter or claim.")],
    as_json: JsonFlag = False,
) -> None:
    """Show a source, link or parameter with everything on the shelf that rests on it."""
    from threonate.appraisal import resting_on
    from threonate.cli.shelf import find_records, print_records, record_fields
    from threonate.cli.terminal import terminal
    from threonate.evidence import read_catalogue

    catalogue = read_catalogue()
    found = find_records(name, catalogue)
    used = resting_on(name, catalogue)
    if as_json:
        records = [record_fields(kind, record, catalogue) for kind, record in found]
        print(json.dumps({"records": records, "rests_on_it": used}, indent=2, ensure_ascii=False))
        return
    print_records(found, catalogue)
    for kind, names in used.items():
        if names:
            terminal().print(f"{kind} that rest on it: {', '.join(names)}", soft_wrap=True, markup=False)


@verbs.command("share")
def share(
    endpoint: Annotated[str, typer.Argument(metavar="ENDPOINT", help="Id of an endpoint, such as Mg_csf_relative.")],
    hypothesis: Annotated[
        str, typer.Option(metavar="null|threonate", help="Hypothesis about the brain.")
    ] = "threonate",
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="SOURCE", help="Disbelieve this source; may be repeated.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """How much of a prediction's size and uncertainty rests on each grade and each study."""
    from threonate.appraisal import evidence_share
    from threonate.evidence import read_catalogue
    from threonate.simulation import simulate

    catalogue = read_catalogue()
    found = evidence_share(endpoint, catalogue, simulate, hypothesis=hypothesis, without=without or ())
    if as_json:
        print(json.dumps(_plain(found), indent=2))
    else:
        _print(found)


def _plain(found: Any) -> dict[str, Any]:
    return {
        "endpoint": found.endpoint,
        "hypothesis": found.hypothesis,
        "unit": found.unit,
        "size": found.size,
        "spread": found.spread,
        "by_link": [_part(part) for part in found.by_link],
        "by_number": [_part(part) for part in found.by_number],
        "by_grade": dict(found.by_grade),
        "by_source": dict(found.by_source),
        "without": list(found.without),
    }


def _part(part: Any) -> dict[str, Any]:
    return {
        "id": part.id,
        "grade": part.grade,
        "sources": list(part.sources),
        "change": part.change,
        "share": part.share,
    }


def _print(found: Any) -> None:
    from threonate.cli.shelf import print_list

    size = f"{found.size:+.3g} {found.unit}, SD {found.spread:.2g} from the uncertainty of its numbers"
    print(f"{found.endpoint} under {found.hypothesis.upper()}: {size}")
    print_list([{"size by link": p.id, "grade": p.grade, "share": f"{p.share:.0%}"} for p in found.by_link])
    print_list([{"uncertainty by grade": name, "share": f"{share:.0%}"} for name, share in found.by_grade.items()])
    few = [(name, share) for name, share in found.by_source.items() if share >= 0.005]
    print_list([{"uncertainty by source": name, "share": f"{share:.0%}"} for name, share in few])
    if found.without:
        print(f"Disbelieved: {', '.join(found.without)}.")
