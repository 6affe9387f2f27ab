"""What a claim must not name, and what the shelf says about it."""

from __future__ import annotations

import shutil

import pytest

from threonate.errors import CatalogueError
from threonate.evidence import library_folder, read_catalogue

CLAIM = "claims/csf_up_15_percent.toml"


def problems(tmp_path, file: str, old: str, new: str) -> str:
    shelf = tmp_path / "library"
    shutil.copytree(library_folder(), shelf)
    text = (shelf / file).read_text(encoding="utf-8")
    assert old in text
    (shelf / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(shelf)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"BR082"', '"BR0822"', "finding 'BR0822' is not on the shelf. Nearest: "),
        ('"csf fifteen_percent"', '"csff fifteen_percent"', "concept 'csff' is not on the shelf. Nearest: 'csf'"),
        ('["threonate_to_csf"]', '["threonate_to_csv"]', "link 'threonate_to_csv' is not on the shelf"),
        ('endpoint = "Mg_csf_relative"', 'endpoint = "Mg_csf"', "endpoint 'Mg_csf' is not on the shelf"),
        ('number = "C18"', 'number = "C17"', "number C17 already stands"),
        ('kind = "effect"', 'kind = "promise"', "kind: Input should be"),
        ("shown_by", "showed_by", "key 'showed_by' is not known here. Nearest: 'shown_by'"),
    ],
)
def test_broken_claim_is_told_with_file_and_remedy(tmp_path, old, new, said):
    told = problems(tmp_path, CLAIM, old, new)

    assert said in told
    assert "claims/" in told


def test_unknown_concept_in_an_order_is_told(tmp_path):
    told = problems(tmp_path, "claims/bone_structure.toml", '"magnesium bone"]', '"magnesium bones"]')

    assert "concept 'bones' is not on the shelf. Nearest: 'bone'" in told


def test_unknown_design_is_told(tmp_path):
    told = problems(tmp_path, "sources/liu_2016.toml", 'design = "trial"', 'design = "trail"')

    assert "design 'trail' of BR123 is not known. Nearest: 'trial'" in told
