"""The command line: one clear message, the right exit code, and results whole or not at all."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import threonate
from threonate.cli import run_words
from threonate.errors import EngineError, ResultsError
from threonate.evidence.records import Catalogue
from threonate.simulation.scenario import Scenario

HELP_SECONDS = 0.3
SOURCE_FOLDER = str(Path(next(iter(threonate.__path__))).parent)


def everything_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def fail_with(error: BaseException) -> Callable[..., Any]:
    def fail(*given: Any, **named: Any) -> Any:
        raise error

    return fail


def test_simulate_writes_a_whole_folder_and_says_what_came_out(asked, tmp_path, capsys) -> None:
    code = run_words(["simulate", "--compound", "MgT", "--elemental-mg", "144", "--days", "28", "--out", "here"])

    [(scenario, _)] = asked
    said = capsys.readouterr().out
    assert code == 0
    assert (scenario.compound, scenario.elemental_mg, scenario.days) == ("l_threonate", 144.0, 28)
    assert everything_in(tmp_path) == ["here/figures/plasma.svg", "here/report.html", "here/summary.json"]
    assert said.index("CAUTION") < said.index("Dose") < said.index("Plasma magnesium")
    assert "Filtration is low [ask a clinician]." in said
    assert "2,000 mg Magnesium L-threonate = 144 mg elemental magnesium = 5.92 mmol (11.8 mEq)" in said
    assert "23 of 24 subjects; 1 could not be simulated to the end" in said
    assert "NULL" in said
    assert "THREONATE" in said
    assert "animal evidence only (D)" in said
    assert said.rstrip().endswith("Research and education, not medical advice.")


def test_json_result_is_the_summary(asked, capsys, summary) -> None:
    assert run_words(["simulate", "--json"]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert printed["observables"] == summary["observables"]
    assert Path(printed["folder"]) == Path("results/l_threonate_2000mg_84d")


def test_bare_command_compares_the_reference(asked, tmp_path) -> None:
    assert run_words(["--subjects", "3", "--quiet"]) == 0

    [(scenario, compounds, _)] = asked
    assert (scenario, compounds) == (Scenario(subjects=3), ("l_threonate", "citrate", "oxide", "glycinate"))
    assert (tmp_path / "results/reference/summary.json").exists()


def test_file_options_and_their_order(asked, tmp_path) -> None:
    Path("mine.toml").write_text('compound = "oxide"\ncompound_mg = 500\nseed = 7\n', encoding="utf-8")

    assert run_words(["simulate", "-s", "mine.toml", "--seed", "8", "--no-uncertainty", "--conditions", "ppi"]) == 0

    [(scenario, _)] = asked
    expected = Scenario(compound="oxide", compound_mg=500, seed=8, uncertainty=False, conditions=("ppi",))
    assert scenario == expected
    assert (tmp_path / "results/mine").is_dir()


def test_compare_compounds_and_files(asked) -> None:
    Path("a.toml").write_text("days = 7\n", encoding="utf-8")
    Path("b.toml").write_text("days = 14\n", encoding="utf-8")

    assert run_words(["compare", "--compounds", "MgT, oxide"]) == 0
    assert run_words(["compare", "a.toml", "b.toml", "--subjects", "2"]) == 0

    assert asked[0][:2] == (Scenario(), ("l_threonate", "oxide"))
    assert asked[1][0] == [Scenario(days=7, subjects=2), Scenario(days=14, subjects=2)]


def test_compounds_stand_side_by_side(asked, capsys, monkeypatch, summary) -> None:
    arms = {name: {"title": f"Salt {name}", "observables": summary["observables"]} for name in ("a", "b")}
    monkeypatch.setattr(
        "threonate.report.summarise", lambda result, catalogue: {**summary, "arms": arms}, raising=False
    )

    assert run_words(["compare", "--compounds", "MgT,oxide"]) == 0

    said = capsys.readouterr().out
    for expected in ("Salt a", "Salt b", "Plasma magnesium, mmol/L", "+0.018 (+0.0080 to +0.038)"):
        assert expected in said


BAD_INPUT = {
    "negative dose": (["simulate", "--compound-mg", "-5"], "compound_mg is -5"),
    "no filtration": (["simulate", "--egfr", "0"], "egfr is 0"),
    "two doses": (["simulate", "--compound-mg", "2000", "--elemental-mg", "144"], "both given"),
    "unknown compound": (["simulate", "--compound", "oxid"], "unknown compound 'oxid'. Nearest: 'oxide'."),
    "unknown condition": (["simulate", "--conditions", "pip"], "unknown condition 'pip'. Nearest: 'ppi'."),
    "ten thousand days": (["simulate", "--days", "10000"], "days is 10000"),
    "not a number": (["simulate", "--dietary-mg", "nan"], "dietary_mg is nan"),
    "word for a number": (["simulate", "--age", "old"], "age is 'old'"),
    "unknown option": (["simulate", "--compund", "oxide"], "--compund"),
    "unknown verb": (["simulte"], "simulte"),
    "no such file": (["simulate", "--scenario", "absent.toml"], "absent.toml cannot be read"),
    "bad file": (["simulate", "--scenario", "bad.toml"], "unknown field 'egrf'. Nearest: 'egfr'."),
    "one file": (["compare", "bad.toml"], "name two or more"),
    "files and compounds": (["compare", "bad.toml", "bad.toml", "--compounds", "oxide"], "not both"),
    "the same twice": (["compare", "--compounds", "MgT,l_threonate"], "two or more different"),
    "unknown in a comparison": (["compare", "--compounds", "MgT,oxid"], "unknown compound 'oxid'"),
    "comparing nothing": (["compare", "--compound", "none", "--compounds", "MgT,oxide"], "no elemental dose"),
    "comparing with nothing": (["compare", "--compounds", "MgT,none"], "holds no dose"),
    "out below a file": (["simulate", "--out", "bad.toml/results"], "cannot be written"),
    "out is a file": (["simulate", "--out", "bad.toml"], "which is a file"),
    "out holds other files": (["simulate", "--out", "."], "holds files of another kind"),
    "options before the verb": (["--quiet", "library", "list"], "Options belong after the verb"),
    "unknown record": (["library", "show", "kidney.Tt"], "Nearest: 'kidney.T'"),
    "unknown kind": (["library", "list", "compound"], "Nearest: 'compounds'"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
@pytest.mark.parametrize("as_json", [False, True])
def test_bad_input_is_one_message_and_code_2(case: str, as_json: bool, asked, tmp_path, capsys) -> None:
    Path("bad.toml").write_text("egrf = 60\n", encoding="utf-8")
    words, expected = BAD_INPUT[case]

    code = run_words([*words, "--json"] if as_json else words)

    told = capsys.readouterr()
    assert code == 2
    assert asked == []
    if as_json:
        error = json.loads(told.out)["error"]
        assert (error["kind"], error["exit_code"]) == ("bad_input", 2)
        assert expected in error["message"]
    else:
        assert expected in told.err
        assert told.out == ""
    assert "Traceback" not in told.err
    assert everything_in(tmp_path) == ["bad.toml"]
    assert not (tmp_path / "results").exists()


FAILURES = {
    "engine": (EngineError("The step became too small."), 1, "run_failed", "The step became too small."),
    "unforeseen": (ZeroDivisionError("oops"), 1, "run_failed", "Unforeseen failure (ZeroDivisionError: oops)"),
    "memory": (MemoryError(), 1, "run_failed", "needs more memory"),
    "ctrl-c": (KeyboardInterrupt(), 130, "interrupted", "Interrupted; no results were written."),
}


@pytest.mark.parametrize("case", FAILURES)
def test_failure_while_running(case: str, asked, tmp_path, capsys, monkeypatch) -> None:
    error, code, kind, expected = FAILURES[case]
    monkeypatch.setattr("threonate.simulation.simulate", fail_with(error), raising=False)

    assert run_words(["simulate"]) == code
    told = capsys.readouterr()
    assert expected in told.err
    assert len(told.err.strip().splitlines()) == 1
    assert run_words(["simulate", "--json"]) == code
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == kind
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ResultsError("The disk is full.")])
def test_failure_while_writing_leaves_earlier_results_alone(error, asked, tmp_path, monkeypatch, summary) -> None:
    assert run_words(["simulate", "--out", "here"]) == 0
    before = everything_in(tmp_path)

    def write_half(result: object, catalogue: Catalogue, folder: Path) -> Path:
        folder.mkdir()
        (folder / "summary.json").write_text("{", encoding="utf-8")
        raise error

    monkeypatch.setattr("threonate.report.write_results", write_half, raising=False)

    assert run_words(["simulate", "--out", "here"]) in (1, 130)
    assert everything_in(tmp_path) == before
    assert json.loads((tmp_path / "here/summary.json").read_text(encoding="utf-8")) == summary


def test_new_results_replace_the_old_and_spare_other_files(asked, tmp_path) -> None:
    assert run_words(["simulate", "--out", "here"]) == 0
    (tmp_path / "here/figures/stale.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "here/notes.txt").write_text("mine", encoding="utf-8")

    assert run_words(["simulate", "--out", "here"]) == 0

    names = ["here/figures/plasma.svg", "here/notes.txt", "here/report.html", "here/summary.json"]
    assert everything_in(tmp_path) == names


def test_nobody_simulated_is_a_failed_run(asked, tmp_path, capsys, monkeypatch, summary) -> None:
    empty = {**summary, "subjects": {"simulated": 24, "completed": 0, "failed": 24}}
    monkeypatch.setattr("threonate.report.summarise", lambda result, catalogue: empty, raising=False)

    assert run_words(["simulate"]) == 1
    assert "None of the 24 subjects" in capsys.readouterr().err
    assert everything_in(tmp_path) == []


def test_version(capsys) -> None:
    assert run_words(["version", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"threonate", "python"}


def python(code: str, folder: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": SOURCE_FOLDER}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", code], cwd=folder, env=environment, **pipes)


def test_ctrl_c_ends_a_real_process_in_one_line(tmp_path) -> None:
    code = """
import time
from types import SimpleNamespace
import threonate.evidence, threonate.report, threonate.simulation
from threonate.cli import main
threonate.evidence.read_catalogue = lambda: SimpleNamespace(
    compounds={}, conditions={}, populations={"healthy_adult": None}
)
def wait(*given, **named):
    print("running", flush=True)
    time.sleep(60)
threonate.simulation.simulate = wait
import sys
sys.argv = ["threonate", "simulate", "--compound", "none"]
main()
"""
    process = python(code, tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    process.send_signal(signal.SIGINT)
    said, told = process.communicate(timeout=30)

    assert process.returncode == 130
    assert (said, told) == ("", "Interrupted; no results were written.\n")
    assert list(tmp_path.iterdir()) == []


def test_help_is_quick_and_loads_nothing_heavy(tmp_path) -> None:
    code = """
import sys
from threonate.cli import run_words
run_words(["--help"])
print([name for name in ("numpy", "polars", "pydantic", "scipy", "rapidfuzz", "matplotlib") if name in sys.modules])
"""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        said, told = python(code, tmp_path).communicate(timeout=30)
        seconds.append(time.perf_counter() - start)
        assert told == ""
        assert said.endswith("[]\n")
    assert min(seconds) < HELP_SECONDS


@pytest.mark.parametrize("words", [["simulate"], ["compare"], ["library", "list"], ["export", "sbml"], ["version"]])
def test_every_verb_has_help_and_json(words: list[str], capsys) -> None:
    assert run_words([*words, "--help"]) == 0
    assert "--json" in capsys.readouterr().out
