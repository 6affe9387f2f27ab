"""`threonate export`: the model itself, for other programs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

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
        _write(target, text)
    if as_json:
        content = {"file": str(target)} if target is not None else {"sbml": text}
        print(json.dumps({"library": catalogue.hash, **content}, indent=2))
    elif target is None:
        print(text)
    elif not quiet:
        print(f"{target}: SBML of the body, library {catalogue.hash[:12]}")


def _write(target: Path, text: str) -> None:
    """Write the file whole or not at all."""
    from threonate.errors import ScenarioError

    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, target)
    except OSError as error:
        unfinished.unlink(missing_ok=True) if unfinished.parent.is_dir() else None
        raise ScenarioError(
            f"out is {target}, which cannot be written: {error.strerror}. Choose another --out."
        ) from None
