"""`threonate export`: the model itself, for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from threonate.cli.file import put_text
from threonate.cli.options import JsonFlag, QuietFlag

verbs = typer.Typer(help="Write the model for other programs.")


@verbs.callback()
def export() -> None:
    """Write the model for other programs."""


@verbs.command("sbml")
def sbml(
    out: Annotated[
        str | None, typer.Option("--out", "-o", metavar="FILE.xml", help="File to write (default: standard output).")
    ] = None,
    solids: Annotated[
        int, typer.Option(metavar="N", min=1, max=10, help="Number of slowly dissolving salts that can be taken.")
    ] = 1,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Write the body as SBML."""
    from threonate import physiology
    from threonate.evidence import read_catalogue

    catalogue = read_catalogue()
    target = Path(out) if out is not None else None
    text = physiology.assemble_body(catalogue, solids=solids)
    if target is not None:
        put_text(target, text)
    if as_json:
        content = {"file": str(target)} if target is not None else {"sbml": text}
        print(json.dumps({"library": catalogue.hash, **content}, indent=2))
    elif target is None:
        print(text)
    elif not quiet:
        print(f"{target}: SBML of the body, library {catalogue.hash[:12]}")
