"""`threonate audit`: a product text, sentence by sentence, against the ledger."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from threonate.cli.file import put_text
from threonate.cli.options import JsonFlag, QuietFlag

if TYPE_CHECKING:
    from threonate.audit import Article, Audit

LONGEST = 110


def audit(
    article: Annotated[str, typer.Argument(metavar="FILE", help="Text or HTML file; - reads standard input.")],
    out: Annotated[
        str | None, typer.Option("--out", "-o", metavar="FILE.html", help="Page to write (default: NAME.audit.html).")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="SOURCE", help="Disbelieve this source; may be repeated.")
    ] = None,
    simulate: Annotated[bool, typer.Option("--simulate/--no-simulate", help="Ask the model for sizes as well.")] = True,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Mark every sentence of a text with what the ledger knows of it; writes one page, and prints a summary."""
    from threonate.audit import audit_article
    from threonate.evidence import read_catalogue
    from threonate.simulation import simulate as run

    read = _read(article)
    catalogue = read_catalogue()
    found = audit_article(read, catalogue, simulate=run if simulate else None, without=without or ())
    page = None
    if out is not None or not as_json:
        from threonate.audit import build_page

        page = Path(out) if out is not None else Path(f"{Path(read.name).stem}.audit.html")
        put_text(page, build_page(found, catalogue))
    if as_json:
        print(json.dumps({**found.as_json(), **({"page": str(page)} if page else {})}, indent=2, ensure_ascii=False))
    elif quiet:
        print(page)
    else:
        _print(found, page)


def _read(article: str) -> Article:
    from threonate.audit import article_of, read_article
    from threonate.audit.reading import LARGEST_BYTES

    if article == "-":
        return article_of(sys.stdin.buffer.read(LARGEST_BYTES + 1), "text")
    return read_article(Path(article))


def _print(found: Audit, page: Path | None) -> None:
    from rich.markup import escape
    from rich.table import Table

    from threonate.audit import NO_CLAIM
    from threonate.cli.terminal import terminal

    console = terminal()
    count = len(found.findings)
    told = "1 sentence" if count == 1 else f"{count} sentences"
    table = Table(title=f"{found.article.name}: {told}", title_justify="left")
    for heading in ("verdict", "grade", "claims", "sentence"):
        table.add_column(heading, overflow="fold")
    for finding in found.findings:
        if finding.verdict != NO_CLAIM:
            text = finding.text if len(finding.text) <= LONGEST else f"{finding.text[: LONGEST - 3]}..."
            numbers = " ".join(found.verdicts[name].number for name in finding.claims)
            table.add_row(finding.verdict, finding.grade, numbers, escape(text))
    console.print(table)
    console.print("; ".join(f"{number} {name}" for name, number in found.counts().items()), soft_wrap=True)
    for line in (*_sizes(found), *found.article.notes, *_disbelieved(found)):
        console.print(escape(line), soft_wrap=True)
    console.print(f"The page: {escape(str(page))}", soft_wrap=True)
    console.print(escape(found.as_json()["disclaimer"]), soft_wrap=True)


def _sizes(found: Audit) -> list[str]:
    """What the model says of the outputs that the text makes claims about, each once."""
    said: dict[str, list[str]] = {}
    for verdict in found.verdicts.values():
        if verdict.size is not None:
            said.setdefault(verdict.size.finding, []).append(verdict.number)
    return [f"Size ({', '.join(numbers)}): {finding}" for finding, numbers in said.items()]


def _disbelieved(found: Audit) -> list[str]:
    """The sources left out, and the answers that are others without them."""
    if not found.without:
        return []
    changed = [f"{found.verdicts[name].number} {a} -> {b}" for name, (a, b) in found.changed.items()]
    told = f"Answers that changed: {'; '.join(changed)}." if changed else "No answer changed."
    return [f"Disbelieved: {', '.join(found.without)}. {told}"]
