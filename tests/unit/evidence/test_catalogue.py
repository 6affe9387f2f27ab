"""The catalogue as a whole: whole, unchangeable, and named by its contents."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from threonate.evidence import library_folder, read_catalogue
from threonate.evidence.catalogue import shelf_hash

CATALOGUE = read_catalogue()
FOLDERS = ("compounds", "conditions", "populations", "hypotheses", "links", "endpoints", "limits", "sources")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return Path(shutil.copytree(library_folder(), tmp_path / "library"))


@pytest.mark.parametrize("kind", FOLDERS)
def test_every_file_is_a_record_under_its_name(kind: str) -> None:
    names = {path.stem for path in (library_folder() / kind).glob("*.toml")}
    records = getattr(CATALOGUE, kind)

    assert set(records) == names
    assert all(record.id == name for name, record in records.items())


def test_every_folder_of_an_organ_is_a_module() -> None:
    assert set(CATALOGUE.modules) == {path.name for path in (library_folder() / "organs").iterdir() if path.is_dir()}


def test_every_row_is_a_parameter_with_its_line() -> None:
    for (name, _), parameter in CATALOGUE.parameters.items():
        folder = "" if parameter.organ == "port" else f"organs/{parameter.organ}"
        table = library_folder() / folder / ("ports.csv" if not folder else "parameters.csv")
        line = table.read_text(encoding="utf-8").splitlines()[parameter.line - 1]

        assert name == f"{parameter.organ}.{parameter.symbol}"
        assert line.startswith(f"{parameter.symbol},")


def test_nothing_in_it_can_be_changed() -> None:
    mappings = [field.name for field in dataclasses.fields(CATALOGUE) if field.name not in {"ports", "hash"}]
    for name in mappings:
        with pytest.raises(TypeError):
            getattr(CATALOGUE, name)["new"] = None
    with pytest.raises(dataclasses.FrozenInstanceError):
        CATALOGUE.compounds["oxide"].molar_mass = 1.0  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        CATALOGUE.hash = ""  # type: ignore[misc]


def test_equal_shelves_have_equal_names(shelf: Path) -> None:
    assert read_catalogue(shelf).hash == CATALOGUE.hash == shelf_hash(library_folder())


@pytest.mark.parametrize(
    "file", ["compounds/oxide.toml", "organs/gut/gut.ant", "organs/gut/parameters.csv", "ports.csv", "grades.toml"]
)
def test_any_change_is_another_name(shelf: Path, file: str) -> None:
    path = shelf / file
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    assert shelf_hash(shelf) != CATALOGUE.hash


def test_a_renamed_file_is_another_name(shelf: Path) -> None:
    (shelf / "compounds" / "oxide.toml").rename(shelf / "compounds" / "magnesia.toml")

    assert shelf_hash(shelf) != CATALOGUE.hash


def test_notes_beside_the_shelf_do_not_count(shelf: Path) -> None:
    (shelf / "README.md").write_text("Something else.", encoding="utf-8")

    assert shelf_hash(shelf) == CATALOGUE.hash


def test_a_new_compound_is_one_file(shelf: Path) -> None:
    text = (shelf / "compounds" / "chloride.toml").read_text(encoding="utf-8")
    (shelf / "compounds" / "formate.toml").write_text(text.replace('"MgCl2"', '"Mg(CHO2)2"'), encoding="utf-8")

    assert read_catalogue(shelf).compounds["formate"].formula == "Mg(CHO2)2"


def test_every_grade_that_is_used_has_words() -> None:
    used = {link.grade for link in CATALOGUE.links.values()} | {e.grade for e in CATALOGUE.endpoints.values()}

    assert used <= set(CATALOGUE.grades)
    assert all(grade.word and grade.sentence for grade in CATALOGUE.grades.values())
