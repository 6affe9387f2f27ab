"""What is shown is run: every block of the README, the recipes and the guides."""

from __future__ import annotations

import linecache
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import Block, arguments, commands, read_blocks

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    page
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
    if page.is_file() and "_build" not in page.parts
]
LONGEST_S = 300


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_blocks_run(page, tmp_path, monkeypatch):
    """The blocks of one page, in order, in one empty folder and one Python namespace."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    names = {"__name__": "__main__"}
    for block in read_blocks(page):
        where = f"{page.relative_to(ROOT).as_posix()}, line {block.line}"
        if "file" in block.said:
            Path(block.said["file"]).write_text(block.text, encoding="utf-8")
        elif block.runs and block.kind == "python":
            run_python(block, where, names)
        elif block.runs:
            run_commands(block, where)


def run_python(block: Block, where: str, names: dict[str, object]) -> None:
    """Execute a block as if its lines stood where they stand in the page."""
    linecache.cache[where] = (len(block.text), None, block.text.splitlines(keepends=True), where)
    exec(compile(block.text, where, "exec"), names)


def run_commands(block: Block, where: str) -> None:
    """Run each `threonate` command of a block; it must end with the exit code that the page promises."""
    wanted = int(block.said.get("exit", "0"))
    for words in commands(block):
        given = arguments(words)
        if given is None:
            pytest.fail(f"{where}: '{' '.join(words)}' is no threonate command. Put <!-- not run: reason --> above it.")
        paths = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
        done = subprocess.run(
            [sys.executable, "-m", "threonate", *given],
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_S,
            env={**os.environ, "PYTHONPATH": paths},
        )
        assert done.returncode == wanted, f"{where}: {' '.join(words)}\n{done.stdout}{done.stderr}"


def test_pages_are_found():
    """An empty list of pages would make the test above pass for nothing."""
    assert ROOT / "docs" / "index.md" in PAGES


def test_blocks_are_read_with_what_is_said_above_them(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- not run: needs git -->\n\n```sh\ngit clone\n```\n\n<!-- file: a.toml -->\n```toml\ndays = 7\n```\n"
        "```console\n$ threonate simulate \\\n    --subjects 24\nwritten\n```\n",
        encoding="utf-8",
    )
    clone, scenario, console = read_blocks(page)

    assert (clone.runs, scenario.runs, console.runs) == (False, False, True)
    assert scenario.said == {"file": "a.toml"}
    assert [arguments(words) for words in commands(console)] == [["simulate", "--subjects", "4"]]
