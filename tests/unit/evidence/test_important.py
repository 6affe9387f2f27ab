"""The smallest change of an endpoint that matters: what its record may hold, and what is said about it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from threonate.cli import run_words
from threonate.errors import CatalogueError
from threonate.evidence import Endpoint, library_folder, read_catalogue
from threonate.evidence.important import NONE_KNOWN, important_told, read_as, size_told
from threonate.evidence.records import READ, SmallestImportant

CATALOGUE = read_catalogue()
ENDPOINTS: Mapping[str, Endpoint] = {
    name: one for response in CATALOGUE.responses.values() for name, one in response.endpoints.items()
}
KNOWN = {name: one for name, one in ENDPOINTS.items() if one.smallest_important is not None}
ISI = "responses/sleep/endpoints/ISI.toml"
HAIR = "responses/hair/endpoints/hair_growth_rate.toml"
TABLE = """
[smallest_important]
value = 1.0
unit = "um/d"
direction = "improvement"
source = "isi_difference_2009"
locator = "SID01"
note = "x"
"""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Path:
    return Path(shutil.copytree(library_folder(), tmp_path_factory.mktemp("important") / "library"))


def told(shelf: Path, file: str, old: str, new: str) -> list[str]:
    """What the shelf says after one change, which is taken back."""
    before = (shelf / file).read_text(encoding="utf-8")
    assert old in before
    (shelf / file).write_text(before.replace(old, new, 1), encoding="utf-8")
    try:
        with pytest.raises(CatalogueError) as caught:
            read_catalogue(shelf)
    finally:
        (shelf / file).write_text(before, encoding="utf-8")
    return [str(problem) for problem in caught.value.problems]


def test_endpoints_for_which_one_is_known():
    assert set(KNOWN) == {
        "ISI", "PSQI", "sleep_latency", "sleep_time", "sleep_efficiency", "wake_after_sleep_onset",
        "PHQ_9", "BDI_II", "GAD_7", "pain_rating", "alzheimer_mmse", "alzheimer_adas_cog",
    }  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_it_is_read_from_a_work_that_was_opened(name):
    one = KNOWN[name].smallest_important
    finding = next(f for f in CATALOGUE.sources[one.source].findings if f.id == one.locator)

    assert finding.verification in ("primary-fulltext", "primary-abstract", "secondary")
    assert finding.seen_at.startswith("http")
    assert read_as(one, CATALOGUE) == READ[finding.verification]
    assert one.note


@pytest.mark.parametrize("name", [name for name, one in ENDPOINTS.items() if one.benefit != "none"])
def test_every_endpoint_with_a_better_side_says_it_or_says_that_none_is_known(name):
    said = important_told(ENDPOINTS[name], CATALOGUE)

    assert said.startswith("Smallest important difference: ") if name in KNOWN else said == NONE_KNOWN


def test_nothing_is_said_where_no_side_is_better():
    assert important_told(ENDPOINTS["synapse_density"], CATALOGUE) == ""


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (None, None, "2 points"),
        (1.0, None, "2 points (down to 1 is named)"),
        (None, 3.0, "2 points (up to 3 is named)"),
        (1.0, 3.0, "2 points (1 to 3 are named)"),
    ],
)
def test_size_is_told_with_what_others_name(low, high, said):
    assert size_told(SmallestImportant(2.0, "points", "improvement", "x", "X1", "", low, high)) == said


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("value = 6.0", "value = -6.0", "value", "-6 is not a size. Give a number above 0"),
        ("value = 6.0", "value = 0.0", "value", "0 is not a size"),
        ("value = 6.0", "value = nan", "value", "nan is not a size"),
        ("value = 6.0", "value = inf", "value", "inf is not a size"),
        ("value = 6.0", "value = 5.0", "value", "SID01 gives 6 points, not 5. Correct one of the two"),
        ("value = 6.0", 'value = "six"', "value", "smallest_important.value: Input should be a valid number"),
        ("value = 6.0\n", "", "[smallest_important]", "key 'value' is missing"),
        (
            'unit = "points"\ndirection', 'unit = "min"\ndirection', "unit",
            "unit is min, but the endpoint is read in points. Give the value in points.",
        ),
        ('"improvement"', '"upwards"', "direction", "smallest_important.direction: Input should be 'improvement'"),
        ("low = 2.8", "low = 7.0", "low", "7, 6, 8.4 are not a positive low, value and high"),
        ("high = 8.4", "high = 5.0", "low", "2.8, 6, 5 are not"),
        (
            '"isi_difference_2009"', '"isi_difference_2008"', "source",
            "source 'isi_difference_2008' is not in sources/. Nearest: 'isi_difference_2009'",
        ),
        (
            '"SID01"', '"SID02"', "locator",
            "finding 'SID02' is not in sources/isi_difference_2009.toml. Nearest: 'SID01'",
        ),
        ('locator = "SID01"', 'locater = "SID01"', "locater", "key 'locater' is not known here. Nearest: 'locator'"),
    ],
)  # fmt: skip
def test_a_wrong_record_is_told_with_its_line(shelf, old, new, line, said):
    problems = [problem for problem in told(shelf, ISI, old, new) if said in problem]

    assert len(problems) == 1
    number = int(problems[0].split(", line ")[1].split(":")[0])
    text = (shelf / ISI).read_text(encoding="utf-8").replace(old, new, 1)
    assert problems[0].startswith(f"{ISI}, line ")
    assert text.splitlines()[number - 1].startswith(line)


@pytest.mark.parametrize("state", ["unverified", "not-found"])
def test_what_could_not_be_verified_is_not_a_size(shelf, state):
    file = "sources/isi_difference_2009.toml"
    problems = told(shelf, file, 'verification = "primary-abstract"', f'verification = "{state}"')

    assert any("smallest_important: it rests on SID01, which could not be verified." in one for one in problems)


def test_an_endpoint_without_a_better_side_has_none(shelf):
    last = (shelf / HAIR).read_text(encoding="utf-8").splitlines()[-1]

    assert any("'hair_growth_rate' has no better side" in one for one in told(shelf, HAIR, last, last + TABLE))


def test_a_source_that_cannot_be_read_is_not_called_missing(shelf):
    problems = told(shelf, "sources/isi_difference_2009.toml", 'kind = "article"', "kind = article")

    assert all(one.startswith("sources/isi_difference_2009.toml") for one in problems)


def printed(capsys) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_command_line_shows_it_and_where_it_is_from(capsys):
    assert run_words(["claims", "show", "reduces_insomnia"]) == 0
    assert "Smallest important difference: 6 points (2.8 to 8.4 are named)" in printed(capsys)

    assert run_words(["library", "show", "ISI"]) == 0
    assert "isi_difference_2009 primary-abstract" in printed(capsys)


@pytest.mark.parametrize("words", [["claims", "show", "C01"], ["library", "show", "hair_count"]])
def test_command_line_says_where_none_is_known(capsys, words):
    assert run_words(words) == 0
    assert "smallest important difference is known" in printed(capsys)
