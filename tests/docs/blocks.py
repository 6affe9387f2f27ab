"""Fenced blocks of a Markdown page, and how each kind is run.

A comment directly above a block says what is special about it:

    <!-- not run: it clones the repository -->    the reason why a block is only read
    <!-- exit: 2 -->                              a command that must fail with this code
    <!-- file: knee.toml -->                      the block is written to this file, for the blocks below it
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^ {0,3}```+\s*\{?([\w-]*)")
COMMENT = re.compile(r"^\s*<!--\s*(not run|exit|file):\s*(.+?)\s*-->\s*$")
RUN_KINDS = ("python", "console", "sh", "bash", "shell")
SUBJECTS_AT_MOST = 4


@dataclass(frozen=True)
class Block:
    """One fenced block, with the line of its opening fence and what the comment above it says."""

    kind: str
    text: str
    line: int
    said: dict[str, str] = field(default_factory=dict)

    @property
    def runs(self) -> bool:
        return self.kind in RUN_KINDS and "not run" not in self.said


def read_blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    said: dict[str, str] = {}
    kind: str | None = None
    start, inside = 0, []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        fence = FENCE.match(line)
        if kind is not None:
            if fence and not fence[1]:
                yield Block(kind, "\n".join(inside) + "\n", start, said)
                kind, said = None, {}
            else:
                inside.append(line)
        elif fence:
            kind, start, inside = fence[1].lower(), number, []
        elif comment := COMMENT.match(line):
            said[comment[1]] = comment[2]
        elif line.strip():
            said = {}
    if kind is not None:
        raise ValueError(f"{page.name}, line {start}: this block is never closed. Add a closing fence.")


def commands(block: Block) -> list[list[str]]:
    """The commands of a shell block as words; in a `console` block only lines after `$ ` are commands."""
    joined = block.text.replace("\\\n", " ").splitlines()
    if block.kind == "console" and any(line.startswith("$ ") for line in joined):
        joined = [line[2:] for line in joined if line.startswith("$ ")]
    return [words for line in joined if (words := shlex.split(line, comments=True))]


def arguments(words: list[str]) -> list[str] | None:
    """What follows `threonate` or `./dev run`, with few subjects; None when it is another command."""
    if words[0] == "threonate":
        return with_few_subjects(words[1:])
    if words[:2] == ["./dev", "run"] or words == ["./dev"]:
        return with_few_subjects(words[2:])
    return None


def with_few_subjects(given: list[str]) -> list[str]:
    """The same question asked of at most four subjects, so that pages are checked in seconds."""
    simulates = not given or given[0].startswith("-") or given[0] in ("simulate", "compare")
    if not simulates or {"--help", "-h"} & set(given):
        return given
    if "--subjects" in given:
        place = given.index("--subjects") + 1
        number = given[place]
        few = str(min(int(number), SUBJECTS_AT_MOST)) if number.isdigit() else number
        return [*given[:place], few, *given[place + 1 :]]
    return [*given, "--subjects", str(SUBJECTS_AT_MOST)]
