"""`threonate study`: run, status, query."""

import json
from pathlib import Path

import pytest

from threonate.cli import run_words
from threonate.simulation import dispatch

TINY = ["--days", "1", "--run-in-days", "1", "--subjects", "3", "--hypothesis", "null", "--partition-size", "2"]


@pytest.fixture(autouse=True)
def apart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def stored(capsys):
    assert run_words(["study", "run", *TINY, "--compounds", "l_threonate,citrate", "--out", "here", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_run_tells_what_was_stored(stored) -> None:
    assert (stored["folder"], stored["subjects"], stored["partitions"]) == ("here", 3, 2)
    assert stored["solves"] == {"ok": 6}
    assert {finding["severity"] for finding in stored["safety"]} <= {"stop", "caution", "note"}
    assert json.loads(Path("here/manifest.json").read_bytes())["content"] == stored["content"]


def test_same_question_same_folder(capsys) -> None:
    for _ in range(2):
        assert run_words(["study", "run", *TINY, "--quiet"]) == 0
    first, second = capsys.readouterr().out.splitlines()

    assert first == second
    assert Path(first).name.startswith("study-")
    assert json.loads((Path(first) / "manifest.json").read_bytes())["specification"][:12] == Path(first).name[6:]


def test_run_in_words(capsys) -> None:
    assert run_words(["study", "run", *TINY, "--out", "here"]) == 0

    said = capsys.readouterr().out
    assert said.index("Safety") < said.index("content")
    assert "3 ok" in said
    assert said.rstrip().endswith("Research and education, not medical advice.")


def test_scenario_files_are_arms(capsys) -> None:
    Path("a.toml").write_text('compound = "citrate"\nelemental_mg = 144\n', encoding="utf-8")
    Path("b.toml").write_text('compound = "oxide"\nelemental_mg = 144\n', encoding="utf-8")

    assert run_words(["study", "run", "a.toml", "b.toml", *TINY, "--out", "here", "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["solves"] == {"ok": 6}


def test_status_and_resume(stored, capsys) -> None:
    assert run_words(["study", "status", "here", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["complete"] is True
    next(iter(Path("here/partitions").iterdir())).unlink()
    given = ["study", "run", *TINY, "--compounds", "l_threonate,citrate", "--out", "here"]

    assert run_words(["study", "status", "here"]) == 0
    assert "complete       False" in capsys.readouterr().out
    assert run_words(given) == 1
    assert "--resume" in capsys.readouterr().err
    assert run_words([*given, "--resume", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == stored


def test_query_as_json_csv_and_table(stored, capsys) -> None:
    sql = "select arm, day, count(*) as n from daily where endpoint = 'Mg_plasma' group by all order by all"
    wanted = [{"arm": arm, "day": day, "n": 3} for arm in ("citrate", "l_threonate") for day in (-1, 0)]

    assert run_words(["study", "query", "here", sql, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == wanted
    assert run_words(["study", "query", "here", sql, "--quiet"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == ["arm,day,n", "citrate,-1,3"]
    assert run_words(["study", "query", "here", sql]) == 0
    assert "l_threonate" in capsys.readouterr().out


def test_long_answers_are_cut_on_the_screen(stored, capsys) -> None:
    assert run_words(["study", "query", "here", "select * from range(100)"]) == 0
    assert "60 of 100 rows" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["run", *TINY, "--executor", "thread"], 2, "executor is 'thread'"),
        (["run", *TINY, "--scheduler", "tcp://a:1"], 2, "with dask only"),
        (["run", *TINY, "--partition-size", "0"], 2, "partition_size is 0"),
        (["run", "a.toml", "--scenario", "b.toml"], 2, "not both"),
        (["run", "--compound", "citrat"], 2, "Nearest: 'citrate'"),
        (["status", "nowhere"], 1, "no study folder"),
        (["query", "nowhere", "select 1"], 1, "no study folder"),
    ],
)
def test_slips_are_told(words, code, said, capsys) -> None:
    assert run_words(["study", *words]) == code
    assert said in capsys.readouterr().err
    assert not list(Path.cwd().iterdir())


def test_ctrl_c_says_what_is_kept(capsys, monkeypatch) -> None:
    def interrupt(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dispatch, "run_study", interrupt)

    assert run_words(["study", "run", *TINY, "--out", "here"]) == 130
    assert "kept in here. Go on with --resume." in capsys.readouterr().err
