"""Whatever is broken on the shelf is reported with file, line, reason and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.library.damage import Damage, append, copied_shelf, line_text, named, problems_of, swap
from tests.library.damages import BOHN, DAMAGES, GUT
from threonate.errors import CatalogueError
from threonate.evidence import read_catalogue


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return copied_shelf(tmp_path)


def test_a_whole_copy_has_no_problem(shelf: Path) -> None:
    assert problems_of(shelf) == ()


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_reported_with_file_line_reason_and_remedy(shelf: Path, damage: Damage) -> None:
    damage.harm(shelf)

    problems = problems_of(shelf)
    found = named(problems, damage)
    assert found, problems
    assert damage.at in line_text(shelf, found[0])
    assert damage.advises in found[0].remedy
    assert all(p.file and p.line > 0 and p.reason.strip() and p.remedy.strip() for p in problems)
    assert str(found[0]).startswith(f"{damage.file}, line {found[0].line}: ")


APART = ("unit of a level", "negative spread", "finding twice in a file", "unknown key in a table", "unknown link",
         "weak link on by default", "port misspelt in a reaction", "broken TOML", "comma outside quotes")  # fmt: skip


def test_several_damages_are_all_reported_at_once(shelf: Path) -> None:
    for name in APART:
        DAMAGES[name].harm(shelf)

    problems = problems_of(shelf)
    assert [name for name in APART if not named(problems, DAMAGES[name])] == []
    assert [(p.file, p.line) for p in problems] == sorted((p.file, p.line) for p in problems)


def test_the_message_lists_every_problem(shelf: Path) -> None:
    for name in APART:
        DAMAGES[name].harm(shelf)

    with pytest.raises(CatalogueError) as caught:
        read_catalogue(shelf)
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    assert str(caught.value).startswith(f"{len(caught.value.problems)} problem(s)")


@pytest.mark.parametrize(
    "name", ["broken TOML", "header of a table", "no table", "no model line", "comma outside quotes"]
)
def test_what_follows_from_an_unread_file_is_not_reported_again(shelf: Path, name: str) -> None:
    DAMAGES[name].harm(shelf)

    assert len(problems_of(shelf)) == 1


def test_a_broken_source_hides_no_other_problem(shelf: Path) -> None:
    """Two tables share a symbol; what is wrong in one must not excuse the other."""
    append(BOHN, "x = = 3")(shelf)
    DAMAGES["negative spread"].harm(shelf)
    swap("organs/l_threonate/parameters.csv", "derived,wang_2011,BR107", "derived,nobody_2004,BR107")(shelf)

    files = {problem.file for problem in problems_of(shelf)}
    assert files == {BOHN, GUT, "organs/l_threonate/parameters.csv"}
