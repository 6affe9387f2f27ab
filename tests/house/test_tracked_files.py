"""What may not stand in any file of the repository, and what every file of a kind must have."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.house.tree import PACKAGE, ROOT, SHELF, text_files, where

LOCKS = sorted(ROOT.glob("*.lock"))
# put together here, so that this file does not contain what it forbids
MACHINE = re.compile("|".join(["/" + "work/", "/" + "root/", "/" + "home/", r"\.\./" + "shared"]))


def test_no_file_names_a_machine():
    wrong = [
        f"{where(path, number)} {line.strip()[:80]}"
        for path, text in text_files().items()
        for number, line in enumerate(text.splitlines(), start=1)
        if MACHINE.search(line)
    ]

    assert not wrong


def test_there_are_two_locks():
    assert [path.name for path in LOCKS] == ["requirements-all.lock", "requirements.lock"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_names_no_host(lock):
    assert "://" not in lock.read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_pins_every_requirement_with_a_hash(lock):
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())

    assert not [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]


def pins(lock_name: str) -> dict[str, str]:
    """Package and version of each line of a lock."""
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", (ROOT / lock_name).read_text(encoding="utf-8"), re.MULTILINE))


def test_large_lock_agrees_with_the_small_one():
    small, large = pins("requirements.lock"), pins("requirements-all.lock")

    assert {name: large.get(name) for name in small} == small


def test_every_runtime_requirement_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = {
        re.split(r"[<>=\[;! ]", line)[0].lower()
        for line in [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    }

    assert named <= set(pins("requirements.lock"))


def test_version_stands_in_one_place():
    number = re.search(r'VERSION = "([0-9.]+)"', (PACKAGE / "version.py").read_text(encoding="utf-8"))
    assert number is not None
    quoted = re.compile(rf"""["']{re.escape(number[1])}["']""")
    places = [path for path, text in text_files().items() if quoted.search(text)]

    assert [where(path) for path in places if not path.is_relative_to(ROOT / "tests")] == [
        where(PACKAGE / "version.py")
    ]


def test_code_and_shelf_each_have_a_licence():
    assert "MIT" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "CC BY 4.0" in (SHELF / "LICENSE").read_text(encoding="utf-8")
