"""Claims, audit and evidence on the command line."""

from __future__ import annotations

import io
import json
import sys
from types import SimpleNamespace

import pytest

from threonate.cli import run_words

ARTICLE = "Magnesium L-threonate raises brain magnesium. <script>alert(1)</script> It cures gout."


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(capsys) -> str:
    return capsys.readouterr().out


def test_claims_list_counts_what_changes(capsys):
    assert run_words(["claims", "list", "--without", "slutsky_2010"]) == 0
    assert "4 answer(s) change without slutsky_2010." in printed(capsys)


def test_claims_list_of_one_answer_as_json(capsys):
    assert run_words(["claims", "list", "--answer", "in vitro only", "--json"]) == 0
    rows = json.loads(printed(capsys))

    assert {row["number"] for row in rows} == {"C22", "C42", "C43", "C86"}


def test_unknown_answer_is_bad_input(capsys):
    assert run_words(["claims", "list", "--answer", "suported"]) == 2
    assert "Nearest: 'supported'" in capsys.readouterr().err


def test_claims_show_names_findings_and_how_far_they_were_read(capsys):
    assert run_words(["claims", "show", "C18"]) == 0
    said = printed(capsys)

    assert "BR082 (secondary)" in said
    assert "slutsky_2010" in said


def test_claims_appraise_without_the_model(capsys):
    assert run_words(["claims", "appraise", "C18", "--no-simulate", "--json"]) == 0
    verdict = json.loads(printed(capsys))

    assert verdict["verdict"] == "animals only"
    assert verdict["size"] is None


def test_unknown_claim_is_bad_input(capsys):
    assert run_words(["claims", "appraise", "C999"]) == 2
    assert "There is no claim 'C999'" in capsys.readouterr().err


def test_audit_writes_a_page_and_a_summary(here, capsys):
    (here / "page.html").write_text(f"<p>{ARTICLE}</p>", encoding="utf-8")

    assert run_words(["audit", "page.html", "--no-simulate"]) == 0
    said = printed(capsys)
    assert "animals only" in said
    assert "page.audit.html" in said
    assert "alert(1)" not in (here / "page.audit.html").read_text(encoding="utf-8")


def test_audit_of_standard_input_as_json_writes_no_file(here, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(ARTICLE.encode())))

    assert run_words(["audit", "-", "--json", "--no-simulate"]) == 0
    found = json.loads(printed(capsys))
    assert next(one["verdict"] for one in found["sentences"]) == "animals only"
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "holds no text"), (b"\0\1\2" * 99, "is not text"), (b"a " * 3_000_000, "too large")]
)
def test_audit_of_bad_input_is_refused(here, capsys, content, said):
    (here / "a.txt").write_bytes(content)

    assert run_words(["audit", "a.txt"]) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in here.iterdir()] == ["a.txt"]


def test_audit_where_the_page_cannot_be_written(here, capsys):
    (here / "a.txt").write_text(ARTICLE, encoding="utf-8")

    assert run_words(["audit", "a.txt", "--no-simulate", "--out", "none/a.html"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_evidence_show_lists_what_rests_on_a_source(capsys):
    assert run_words(["evidence", "show", "slutsky_2010", "--json"]) == 0
    found = json.loads(printed(capsys))

    assert "threonate_to_csf" in found["rests_on_it"]["links"]
    assert "csf.A_rat" in found["rests_on_it"]["parameters"]
    assert "csf_up_15_percent" in found["rests_on_it"]["claims"]


@pytest.mark.parametrize("name", ["threonate_to_csf", "csf.A_rat"])
def test_evidence_show_of_a_link_and_a_parameter(capsys, name):
    assert run_words(["evidence", "show", name]) == 0
    assert "rest on it" in printed(capsys)


@pytest.fixture
def short_runs(monkeypatch):
    """The model over two weeks and few people; every run once."""
    from threonate import simulation

    done, whole = {}, simulation.simulate

    def short(scenario, catalogue):
        few = {"days": 14, "subjects": min(scenario.subjects, 6), "spot_check": False}
        asked = scenario.model_copy(update=few)
        key = asked.model_dump_json()
        if key not in done:
            done[key] = whole(asked, catalogue)
        return done[key]

    monkeypatch.setattr(simulation, "simulate", short)


def test_audit_without_the_rat_study_says_so_on_page_and_terminal(here, capsys, short_runs):
    """The brain claims drop to what remains, and both hypotheses predict the same."""
    text = "Magnesium L-threonate raised CSF magnesium by 15% in rats. Magnesium L-threonate raises brain magnesium."
    (here / "a.txt").write_text(text, encoding="utf-8")

    assert run_words(["audit", "a.txt"]) == 0
    before = " ".join(printed(capsys).split())
    assert run_words(["audit", "a.txt", "--without", "slutsky_2010"]) == 0
    after = " ".join(printed(capsys).split())
    page = (here / "a.audit.html").read_text(encoding="utf-8")

    assert "THREONATE +" in before
    assert "NULL and THREONATE alike" in after
    assert "Disbelieved: slutsky_2010. Answers that changed: C18 animals only -> unverifiable." in after
    assert "Disbelieved for this page: <b>slutsky_2010</b>" in page
    assert "animals only &rarr; unverifiable" in page
    assert "Disbelieved" not in before


def test_audit_of_fifty_megabytes_is_refused(here, capsys):
    with (here / "large.txt").open("wb") as opened:
        opened.truncate(50_000_000)

    assert run_words(["audit", "large.txt"]) == 2
    assert "too large" in capsys.readouterr().err


def test_audit_of_broken_encoding_and_unknown_language_is_safe(here, capsys):
    text = "Le magnésium est bon pour les nerfs et le sommeil.\n\nMagnesium L-threonate raises brain magnesium.\n"
    (here / "a.txt").write_bytes(text.encode("latin-1"))

    assert run_words(["audit", "a.txt", "--no-simulate", "--json"]) == 0
    found = json.loads(printed(capsys))
    assert "not UTF-8" in found["notes"][0]
    assert [one["verdict"] for one in found["sentences"]] == ["not in the ledger", "animals only"]
    assert "not checked" in " ".join(found["sentences"][0]["notes"])


def test_evidence_share_adds_up(capsys, short_runs):
    assert run_words(["evidence", "share", "Mg_plasma", "--hypothesis", "null", "--json"]) == 0
    found = json.loads(printed(capsys))

    assert sum(found["by_grade"].values()) == pytest.approx(1.0)
