"""What two real articles, false sentences and paraphrases get from the audit.

The articles are not part of the repository: THREONATE_ARTICLES names their folder.
"""

from __future__ import annotations

import csv
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from threonate.audit import NO_CLAIM, NOT_IN_LEDGER, audit_file, audit_text
from threonate.evidence import read_catalogue

CATALOGUE = read_catalogue()
TABLES = Path(__file__).parent / "articles"
LABELS = sorted(TABLES.glob("0*.csv"))
BESIDE = Path(__file__).parents[3] / "shared" / "articles"
FOLDER = Path(os.environ.get("THREONATE_ARTICLES") or BESIDE)
LEAST_RIGHT = 0.95
FALSE = [line for line in (TABLES / "false_sentences.txt").read_text(encoding="utf-8").splitlines() if line]
UNSEEN = {
    name: list(csv.DictReader((TABLES / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
    for name in ("heldout", "heldout_second", "heldout_third", "heldout_fourth", "heldout_fifth", "heldout_sixth")
}
TOPIC = "Magnesium L-threonate is sold as a supplement. "
CONFIRMED = ("supported", "background")
PARAPHRASES = list(csv.DictReader((TABLES / "paraphrases.csv").read_text(encoding="utf-8").splitlines()))


@dataclass
class Score:
    factual: int = 0
    right: int = 0
    missed: int = 0
    wrong: int = 0


def digest(sentence: str) -> str:
    return hashlib.sha256(" ".join(sentence.casefold().split()).encode()).hexdigest()[:16]


def article(table: Path) -> Path:
    path = FOLDER / f"{table.stem}.txt"
    if not path.is_file():
        pytest.skip(f"the article {table.stem} is not at hand; set THREONATE_ARTICLES to its folder")
    return path


def score(table: Path) -> Score:
    """Right: all claims of a factual sentence found and nothing else; a sentence that was split away is missed."""
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    found = {digest(finding.text): finding for finding in audit_file(article(table), CATALOGUE).findings}
    result = Score()
    for row in (row for row in rows if row["factual"] == "yes"):
        finding = found.get(row["sha256_16"])
        got = {CATALOGUE.claims[name].number for name in finding.claims} if finding else set()
        needed, also = set(row["claims"].split()), set(row["also"].split())
        result.factual += 1
        result.missed += bool(needed - got)
        result.wrong += bool(got - needed - also)
        result.right += got >= needed and got <= needed | also
    return result


@pytest.mark.parametrize("table", LABELS, ids=lambda table: table.stem[:3])
def test_factual_sentences_get_the_right_entries(table, record_property):
    result = score(table)
    for name, value in vars(result).items():
        record_property(name, value)

    assert result.factual >= 35
    assert result.right >= LEAST_RIGHT * result.factual, result


@pytest.mark.parametrize("table", LABELS, ids=lambda table: table.stem[:3])
def test_sentences_without_an_assertion_are_never_called_supported(table):
    factual = {
        row["sha256_16"]
        for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())
        if row["factual"] == "yes"
    }
    findings = audit_file(article(table), CATALOGUE).findings

    assert not [f.text for f in findings if f.verdict == "supported" and digest(f.text) not in factual]


def test_reference_of_another_journal_is_found():
    [finding] = audit_text("[Experimental Dermatology](https://www.mdpi.com/21034532/)", CATALOGUE).findings

    assert any("21034532" in note and "does not belong to Experimental Dermatology" in note for note in finding.notes)


def test_there_are_fifty_false_sentences():
    assert len(set(FALSE)) >= 50


@pytest.mark.parametrize("sentence", FALSE)
def test_false_sentence_is_never_called_supported(sentence):
    for finding in audit_text(sentence, CATALOGUE).findings:
        assert finding.verdict not in CONFIRMED, finding
        if finding.verdict in (NOT_IN_LEDGER, NO_CLAIM):
            assert not finding.claims


@pytest.mark.parametrize("sentence", FALSE)
def test_false_sentence_is_not_supported_amid_the_topic(sentence):
    """The same after a sentence that sets the topic, which may stand for an unnamed subject."""
    assert not is_confirmed(TOPIC + sentence)


@pytest.mark.parametrize("row", PARAPHRASES, ids=lambda row: row["claims"])
def test_paraphrase_is_recognised(row):
    [finding] = audit_text(row["sentence"], CATALOGUE).findings

    assert row["claims"] in {CATALOGUE.claims[name].number for name in finding.claims}


def right_of(row: dict[str, str], before: str = "") -> bool:
    """All needed claims found (`|` stands between claims of which one will do), and nothing outside them."""
    findings = audit_text(before + row["sentence"], CATALOGUE).findings[1 if before else 0 :]
    got = {CATALOGUE.claims[name].number for finding in findings for name in finding.claims}
    needed = [set(one.split("|")) for one in row["claims"].split() if one != "-"]
    return all(one & got for one in needed) and got <= set(row["also"].split()).union(*needed)


@pytest.mark.parametrize(
    ("name", "least", "of"),
    [
        ("heldout", 31, 32),
        ("heldout_second", 24, 24),
        ("heldout_third", 19, 20),
        ("heldout_fourth", 33, 40),
        ("heldout_fifth", 16, 30),
    ],
)
def test_sentences_of_another_style_that_the_words_were_widened_on(name, least, of):
    rows = [row for row in UNSEEN[name] if row["false"] == "no"]

    assert len(rows) == of
    assert sum(right_of(row) for row in rows) >= least


@pytest.mark.parametrize(("before", "least"), [("", 9), (TOPIC, 16)])
def test_sentences_of_another_style_at_first_sight(before, least):
    """The words were not touched after this set was run, so the figure is the one to expect of an unknown text."""
    rows = [row for row in UNSEEN["heldout_sixth"] if row["false"] == "no"]

    assert len(rows) == 30
    assert sum(right_of(row, before) for row in rows) >= least


def confirmed() -> list[str]:
    """Sentences of all sets that are called supported or background, alone."""
    rows = [row for rows in (PARAPHRASES, *UNSEEN.values()) for row in rows]
    return [row["sentence"] for row in rows if is_confirmed(row["sentence"])]


def is_confirmed(text: str) -> bool:
    return any(finding.verdict in CONFIRMED for finding in audit_text(text, CATALOGUE).findings)


SPOILED = {
    "a promise": lambda text: f"{text[:-1]} and makes you taller.",
    "a cure": lambda text: f"{text[:-1]} and cures gout.",
    "an invention": lambda text: f"{text[:-1]}, says the dragon.",
    "a fact of its own": lambda text: f"Since the Romans built roads, {text[0].lower()}{text[1:]}",
    "a denial": lambda text: f"It is not true that {text[0].lower()}{text[1:]}",
    "another mineral": lambda text: text.replace("agnesium", "agnesium and zinc"),
}


@pytest.mark.parametrize("way", SPOILED)
def test_a_true_sentence_with_something_else_in_it_is_not_confirmed(way):
    """Every word of a sentence that is confirmed is accounted for; one that nothing accounts for is enough."""
    found = confirmed()
    spoiled = [text for sentence in found if (text := SPOILED[way](sentence)) != sentence]

    assert len(found) >= 30
    assert len(spoiled) >= 20
    assert not [text for text in spoiled if is_confirmed(text)]


@pytest.mark.parametrize(
    "row", [r for rows in UNSEEN.values() for r in rows if r["false"] == "yes"], ids=lambda row: row["sentence"][:40]
)
@pytest.mark.parametrize("before", ["", TOPIC])
def test_unseen_false_sentence_is_never_called_supported(before, row):
    findings = audit_text(before + row["sentence"], CATALOGUE).findings

    assert not [one for one in findings if one.verdict in CONFIRMED]
