"""Small enough to hold: files, functions, arguments, classes and the root."""

from __future__ import annotations

import ast

import threonate
from tests.house.tree import PACKAGE, ROOT, body_lines, functions, parse, python_files, where

FILE_LINES, FILE_LINES_AT_MOST = 400, 600
BODY_LINES, BODY_LINES_AT_MOST = 40, 80
ARGUMENTS_AT_MOST = 6
CLASS_DEPTH_AT_MOST = 2
PUBLIC_NAMES_AT_MOST = 25
README_LINES_AT_MOST = 120
MOST = 0.95


def assert_small(sizes: dict[str, int], usual: int, at_most: int) -> None:
    """95 % stay under the usual size and none exceeds the largest."""
    large = {name: size for name, size in sizes.items() if size >= usual}
    assert not {name: size for name, size in large.items() if size > at_most}
    assert len(large) <= (1 - MOST) * len(sizes), large


def test_files_are_small():
    sizes = {where(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}

    assert_small(sizes, FILE_LINES, FILE_LINES_AT_MOST)


def test_function_bodies_are_small():
    sizes = {
        f"{where(path, function.lineno)} {function.name}": body_lines(function)
        for path in python_files()
        for function in functions(path)
    }

    assert_small(sizes, BODY_LINES, BODY_LINES_AT_MOST)


def test_arguments_are_few():
    def count(node: ast.arguments) -> int:
        named = [one.arg for one in (*node.posonlyargs, *node.args, *node.kwonlyargs)]
        return len([name for name in named if name not in ("self", "cls")])

    many = {
        f"{where(path, function.lineno)} {function.name}": count(function.args)
        for path in python_files(PACKAGE)
        for function in functions(path)
        if count(function.args) > ARGUMENTS_AT_MOST
    }

    assert not many


def test_classes_are_abstract_or_final():
    parents = {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
        for path in python_files(PACKAGE)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ClassDef)
    }

    def depth(name: str) -> int:
        return 1 + max((depth(parent) for parent in parents[name] if parent in parents), default=0)

    assert not {name: depth(name) for name in parents if depth(name) > CLASS_DEPTH_AT_MOST}


def test_root_offers_few_names_and_all_of_them_exist():
    assert len(set(threonate.__all__)) == len(threonate.__all__) <= PUBLIC_NAMES_AT_MOST
    assert not [name for name in threonate.__all__ if not hasattr(threonate, name)]


def test_public_names_have_docstrings():
    assert not [name for name in threonate.__all__ if callable(it := getattr(threonate, name)) and not it.__doc__]


def test_readme_fits_a_screen_or_three():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= README_LINES_AT_MOST
