"""Damage a copy of the shelf: one change, and what the reader has to say about it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from threonate.errors import CatalogueError
from threonate.evidence import Problem, library_folder, read_catalogue

Harm = Callable[[Path], None]
NOWHERE = ""


@dataclass(frozen=True)
class Damage:
    """One harm, and the problem that must be reported.

    file     the file the problem names
    at       a piece of the line it names; NOWHERE for the first line of a file that is gone or cannot be read
    says     pieces of the reason
    advises  a piece of the remedy
    """

    harm: Harm
    file: str
    at: str
    says: tuple[str, ...]
    advises: str


def copied_shelf(folder: Path) -> Path:
    """A whole copy of the shipped shelf."""
    return Path(shutil.copytree(library_folder(), folder / "library"))


def problems_of(root: Path) -> tuple[Problem, ...]:
    """Everything the reader finds wrong; nothing for a sound shelf."""
    try:
        read_catalogue(root)
    except CatalogueError as error:
        return tuple(problem for problem in error.problems if isinstance(problem, Problem))
    return ()


def swap(file: str, old: str, new: str) -> Harm:
    """Replace one piece of a text, which must stand there."""

    def harm(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        assert old in text, (file, old)
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return harm


def append(file: str, line: str) -> Harm:
    """One more line at the end."""

    def harm(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        (root / file).write_text(f"{text.rstrip()}\n{line}\n", encoding="utf-8")

    return harm


def cut(file: str, start: str) -> Harm:
    """Keep only what stands before a piece of the text."""

    def harm(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        assert start in text, (file, start)
        (root / file).write_text(text.split(start)[0], encoding="utf-8")

    return harm


def duplicate(file: str, copy: str, until: str) -> Harm:
    """The beginning of a file once more, under another name."""

    def harm(root: Path) -> None:
        (root / copy).write_text((root / file).read_text(encoding="utf-8").split(until)[0], encoding="utf-8")

    return harm


def overwrite(file: str, content: bytes) -> Harm:
    """Other bytes in the place of the file."""

    def harm(root: Path) -> None:
        (root / file).write_bytes(content)

    return harm


def remove(file: str) -> Harm:
    """Take a file away."""

    def harm(root: Path) -> None:
        (root / file).unlink()

    return harm


def named(problems: tuple[Problem, ...], damage: Damage) -> list[Problem]:
    """The problems that report a damage by file and reason."""
    return [p for p in problems if p.file == damage.file and all(piece in p.reason for piece in damage.says)]


def line_text(root: Path, problem: Problem) -> str:
    """The line that a problem names; empty when the file is gone or no text."""
    path = root / problem.file
    if not path.exists():
        return ""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[problem.line - 1] if 0 < problem.line <= len(lines) else ""
