"""Every source file: the keys of the record, one home per work and per finding, honest levels of reading."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

SHELF = Path(__file__).parents[2] / "src" / "threonate" / "library"
FILES = {path.stem: path for path in sorted((SHELF / "sources").glob("*.toml"))}
SOURCES: dict[str, dict[str, Any]] = {name: tomllib.loads(path.read_text("utf-8")) for name, path in FILES.items()}
FINDINGS = [(name, finding) for name, source in SOURCES.items() for finding in source.get("findings", [])]

SOURCE_KEYS = {"citation", "kind", "doi", "pmid", "verified", "how", "findings"}
FINDING_KEYS = {
    "id", "quantity", "value", "unit", "low", "high", "species", "context", "n", "verification", "note", "seen_at",
}  # fmt: skip
KINDS = {
    "article", "trial_registry", "regulator", "textbook", "review", "label", "website", "model_code", "project",
}  # fmt: skip
LEVELS = (
    "primary-fulltext", "primary-abstract", "secondary", "code", "derived", "assumption", "not-found", "unverified",
)  # fmt: skip

each = pytest.mark.parametrize("name", SOURCES)


def repeated(words: list[str]) -> list[str]:
    """Words that stand more than once."""
    return [word for word, count in Counter(words).items() if count > 1]


def test_there_are_sources():
    assert {"fine_1991", "lu_2002", "efsa_2024", "threonate_project"} <= SOURCES.keys()


@each
def test_file_name(name):
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)


@each
def test_keys(name):
    source = SOURCES[name]

    assert source.keys() - {"interest"} == SOURCE_KEYS
    for finding in source["findings"]:
        assert finding.keys() - {"design"} == FINDING_KEYS
        assert all(isinstance(value, str) for value in finding.values())


@each
def test_allowed_words(name):
    source = SOURCES[name]

    assert source["kind"] in KINDS
    assert source["verified"] in LEVELS
    assert {finding["verification"] for finding in source["findings"]} <= set(LEVELS)


@each
def test_a_source_says_what_it_is_and_how_it_was_read(name):
    source = SOURCES[name]

    assert source["citation"].endswith(".")
    assert source["how"].endswith(".")
    assert source["findings"]
    assert all(finding["quantity"] and finding["id"] for finding in source["findings"])


@each
def test_level_is_the_best_of_the_findings(name):
    """The project's own file is one assumption, whatever its findings are derived from."""
    source = SOURCES[name]
    best = min((finding["verification"] for finding in source["findings"]), key=LEVELS.index)

    assert source["verified"] == ("assumption" if source["kind"] == "project" else best)


@each
def test_identifiers_are_well_formed(name):
    source = SOURCES[name]

    assert re.fullmatch(r"|10\.\d{4,9}/[^\s;]+", source["doi"])
    assert re.fullmatch(r"|[1-9]\d{0,8}", source["pmid"])


@pytest.mark.parametrize("key", ["doi", "pmid"])
def test_identifier_belongs_to_one_source(key):
    assert not repeated([source[key].casefold() for source in SOURCES.values() if source[key]])


def test_identifier_in_a_citation_belongs_to_one_source():
    """DOIs, PMC and registry numbers that stand in a citation point to one file as well."""
    pattern = re.compile(r"10\.\d{4,9}/[^\s;,)]*[^\s;,).]|PMC\d+|NCT\d+|ISRCTN\d+|DRKS\d+|arXiv:[\d.]+\d")
    found = [
        word.casefold()
        for source in SOURCES.values()
        for word in {*pattern.findall(source["citation"]), *([source["doi"]] if source["doi"] else [])}
    ]

    assert not repeated(found)


def test_citation_belongs_to_one_source():
    assert not repeated([source["citation"].casefold() for source in SOURCES.values()])


def test_finding_belongs_to_one_source():
    assert not repeated([finding["id"] for _, finding in FINDINGS])


@each
def test_finding_ids(name):
    assert all(re.fullmatch(r"[A-Z]+[0-9]+", finding["id"]) for finding in SOURCES[name]["findings"])
