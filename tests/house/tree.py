"""The repository as a tree of files: what the house rules are checked against."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "threonate"
SHELF = PACKAGE / "library"
NOT_OURS = {".git", ".venv", "build", "dist", "results", "_build", "node_modules"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def house_files() -> tuple[Path, ...]:
    """Files that are tracked or about to be; without git, everything that is not built or installed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        return tuple(sorted(_walk(ROOT)))
    return tuple(sorted(ROOT / name for name in set(listed) if name and (ROOT / name).is_file()))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in NOT_OURS and not path.name.endswith(("_cache", "__pycache__", ".hypothesis")):
                yield from _walk(path)
        elif path.suffix != ".pyc":
            yield path


def python_files(folder: Path = ROOT) -> list[Path]:
    """Python files of the house under `folder`."""
    return [path for path in house_files() if path.suffix == ".py" and path.is_relative_to(folder)]


def text_files() -> dict[Path, str]:
    """Files of the house that are text, with their text."""
    found = {}
    for path in house_files():
        try:
            found[path] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@cache
def parse(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> list[Function]:
    """Every function and method of one file."""
    return [node for node in ast.walk(parse(path)) if isinstance(node, Function)]


def body_lines(function: Function) -> int:
    """Lines of a function body, its docstring not counted."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body or function.end_lineno is None:
        return 0
    return function.end_lineno - body[0].lineno + 1


def where(path: Path, line: int | None = None) -> str:
    """A path as a reader of the test report finds it."""
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"
