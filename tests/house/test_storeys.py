"""Imports only go down, no room holds another's work, and the shelf holds no code."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

from tests.house.tree import PACKAGE, ROOT, SHELF, house_files, parse, python_files, where

CLUSTER_LIBRARIES = {"dask", "distributed", "ray", "mpi4py", "joblib"}
HEAVY_LIBRARIES = {
    "antimony", "libsbml", "matplotlib", "numpy", "pint", "polars", "pyarrow", "pydantic", "roadrunner", "scipy",
}  # fmt: skip
BIOLOGY = re.compile(r"magnesium|l_threonate|kidney|plasma|urine|\bMg_|[^a-z]gut[^a-z]", re.IGNORECASE)


def imported(tree: ast.Module) -> list[tuple[int, str]]:
    """Line and full name of everything a file imports."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def run_python(command: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter that finds this source tree, installed or not."""
    paths = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": paths}
    return subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_storeys_only_import_downwards():
    """The contract in pyproject.toml, kept."""
    done = run_python("import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())")

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_is_in_the_contract():
    """`exhaustive = true` is what makes the contract a contract."""
    assert "exhaustive = true" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_there_are_no_import_cycles():
    graph = grimp.build_graph("threonate", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_no_module_imports_the_root():
    """Rooms may be named through the root (`from threonate import engine`); its public names may not."""
    rooms = {path.stem for path in PACKAGE.iterdir()}
    wrong = [
        where(path, line)
        for path in python_files(PACKAGE)
        for line, name in imported(parse(path))
        if name == "threonate" or (name.startswith("threonate.") and name.split(".")[1] not in rooms)
    ]

    assert not wrong


def test_imports_are_absolute():
    relative = [
        where(path, node.lineno)
        for path in python_files(PACKAGE)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert not relative


def test_shelf_holds_no_python():
    assert not [where(path) for path in house_files() if path.is_relative_to(SHELF) and path.suffix == ".py"]


def test_only_evidence_opens_the_shelf():
    """Other rooms are handed records; none of them asks where the shelf is."""
    openers = ("threonate.evidence.library_folder", "threonate.evidence.files", "threonate.evidence.catalogue.library")
    wrong = [
        where(path, line)
        for path in python_files(PACKAGE)
        for line, name in imported(parse(path))
        if name.startswith(openers) and not path.is_relative_to(PACKAGE / "evidence")
    ]

    assert not wrong


def words_of(tree: ast.Module) -> list[str]:
    """Names and texts in code; docstrings and imports are not counted."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            found.append(node.value)
        for name in ("id", "attr", "arg", "name"):
            if not isinstance(node, ast.alias) and isinstance(value := getattr(node, name, None), str):
                found.append(value)
    return found


def test_engine_names_no_biology():
    wrong = [
        f"{where(path)} {word}"
        for path in python_files(PACKAGE / "engine")
        for word in words_of(parse(path))
        if BIOLOGY.search(word)
    ]

    assert not wrong


def test_only_dispatch_reaches_a_cluster():
    wrong = [
        where(path, line)
        for path in python_files(PACKAGE)
        for line, name in imported(parse(path))
        if name.split(".")[0] in CLUSTER_LIBRARIES and path != PACKAGE / "simulation" / "dispatch.py"
    ]

    assert not wrong


@pytest.mark.parametrize("module", ["threonate", "threonate.cli"])
def test_command_line_starts_without_heavy_libraries(module):
    """Help answers at once because nothing heavy is imported for it."""
    done = run_python(f"import sys, {module}; print(*(name for name in sys.modules if '.' not in name))")

    assert done.returncode == 0, done.stderr
    assert not HEAVY_LIBRARIES & set(done.stdout.split())
