"""`threonate library`: check, list and show what is on the shelf."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from threonate.cli.failure import BAD_INPUT
from threonate.cli.options import JsonFlag, QuietFlag

verbs = typer.Typer(help="What the model knows and where it knows it from.")


@verbs.callback()
def library() -> None:
    """What the model knows and where it knows it from."""


@verbs.command("check")
def check(as_json: JsonFlag = False, quiet: QuietFlag = False) -> None:
    """Read the whole shelf and print everything that is wrong, with file, line, reason and remedy."""
    from threonate.cli.shelf import shelf_counts
    from threonate.errors import CatalogueError
    from threonate.evidence import read_catalogue

    try:
        catalogue = read_catalogue()
    except CatalogueError as error:
        if as_json:
            raise
        typer.echo(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    counts = shelf_counts(catalogue)
    if as_json:
        print(json.dumps({"problems": [], "counts": counts, "library": catalogue.hash}, indent=2))
    elif not quiet:
        print("The shelf is sound: " + ", ".join(f"{number} {kind}" for kind, number in counts.items()) + ".")


@verbs.command("list")
def list_records(
    kind: Annotated[
        str | None,
        typer.Argument(help="compounds, parameters, sources, conditions, limits, links ...; all when left out."),
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """List the records of one kind, or count every kind."""
    from threonate.cli.shelf import list_kind, print_list, shelf_counts
    from threonate.evidence import read_catalogue

    catalogue = read_catalogue()
    rows = list_kind(kind, catalogue) if kind is not None else None
    if as_json:
        print(json.dumps(shelf_counts(catalogue) if rows is None else rows, indent=2))
    elif rows is None:
        print("\n".join(f"{number:6d} {name}" for name, number in shelf_counts(catalogue).items()))
    elif quiet:
        print("\n".join(row["id"] for row in rows))
    else:
        print_list(rows)


@verbs.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of a record, such as kidney.T or l_threonate.")],
    as_json: JsonFlag = False,
) -> None:
    """Show one record with its value, unit, spread, basis and sources."""
    from threonate.cli.shelf import find_records, print_records, record_fields
    from threonate.evidence import read_catalogue

    catalogue = read_catalogue()
    found = find_records(name, catalogue)
    if as_json:
        print(json.dumps([record_fields(kind, record, catalogue) for kind, record in found], indent=2))
    else:
        print_records(found, catalogue)
