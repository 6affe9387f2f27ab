"""What could not be read, so that nothing is called missing only because of that."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from threonate.evidence.finding_ids import findings_in
from threonate.evidence.records import Problem

_ROW = re.compile(r"row '(\w+)'")


@dataclass(frozen=True, slots=True)
class Unread:
    """Files, rows of tables and findings that a problem has kept out of the catalogue.

    files      paths relative to the library folder
    rows       (file, symbol)
    findings   ids that stand in an unread source
    """

    files: frozenset[str]
    rows: frozenset[tuple[str, str]]
    findings: frozenset[str]

    def row(self, file: str, symbol: str) -> bool:
        """Whether a row is missing because it, or its table, could not be read."""
        return file in self.files or (file, symbol) in self.rows


def unread_of(problems: Iterable[Problem], root: Path) -> Unread:
    """What these problems of reading have kept out."""
    listed = list(problems)
    rows = {(problem.file, found[1]) for problem in listed if (found := _ROW.match(problem.reason))}
    files = {problem.file for problem in listed if not _ROW.match(problem.reason)}
    sources = [root / file for file in files if file.startswith("sources/") and (root / file).exists()]
    findings = {word for path in sources for word in findings_in(path.read_text("utf-8", errors="replace"))}
    return Unread(frozenset(files), frozenset(rows), frozenset(findings))


def parameter_file(organ: str, root: Path) -> str:
    """The table of an organ or response, or of the ports."""
    return "ports.csv" if organ == "port" else f"{shelf_of(organ, root)}/{organ}/parameters.csv"


def text_file(organ: str, root: Path) -> str:
    """The text of an organ or response."""
    return f"{shelf_of(organ, root)}/{organ}/{organ}.ant"


def shelf_of(organ: str, root: Path) -> Literal["organs", "responses"]:
    """The folder of the library that a module lies in."""
    return "responses" if (root / "responses" / organ).is_dir() else "organs"
