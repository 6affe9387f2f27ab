"""What the shelf says on the command line, and the model for other programs."""

import json
from collections.abc import Callable
from typing import Any

from threonate.cli import run_words
from threonate.errors import CatalogueError
from threonate.evidence.records import Problem


def fail_with(error: BaseException) -> Callable[..., Any]:
    def fail(*given: Any, **named: Any) -> Any:
        raise error

    return fail


def test_library_check_prints_every_problem(asked, capsys, monkeypatch) -> None:
    problems = [
        Problem("organs/kidney/kidney.ant", 7, "symbol 'CL' has no row.", "Add the row."),
        Problem("sources/a.toml", 1, "kind is missing.", "Add it."),
    ]
    monkeypatch.setattr("threonate.evidence.read_catalogue", fail_with(CatalogueError(problems)))

    assert run_words(["library", "check"]) == 2
    assert "organs/kidney/kidney.ant, line 7: symbol 'CL' has no row. Add the row." in capsys.readouterr().err
    assert run_words(["library", "check", "--json"]) == 2
    listed = json.loads(capsys.readouterr().out)["error"]["problems"]
    assert listed[1] == {"file": "sources/a.toml", "line": 1, "reason": "kind is missing.", "remedy": "Add it."}


def test_other_verbs_name_only_the_first_problems(asked, capsys, monkeypatch) -> None:
    problems = [Problem("sources/a.toml", line, "kind is missing.", "Add it.") for line in range(1, 100)]
    monkeypatch.setattr("threonate.evidence.read_catalogue", fail_with(CatalogueError(problems)))

    assert run_words(["simulate"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("99 problem(s) in the library:\n")
    assert len(told.splitlines()) == 12
    assert told.endswith("See all of them with 'threonate library check'.\n")


def test_library_check_list_and_show(asked, capsys) -> None:
    assert run_words(["library", "check"]) == 0
    assert "2 compounds" in capsys.readouterr().out
    assert run_words(["library", "list", "parameters", "--json"]) == 0
    assert [row["id"] for row in json.loads(capsys.readouterr().out)] == ["kidney.T", "kidney.T@rat"]
    assert run_words(["library", "show", "kidney.T"]) == 0
    page = capsys.readouterr().out
    assert "LAB1 (secondary): content 72 mg/g; label_2020" in page
    for expected in ("0.5967", "mmol_per_L", "fitted", "rat", "secondary: A label, 2020", "read on a photograph"):
        assert expected in page
    assert run_words(["library", "show", "oral_to_csf"]) == 0
    assert "label_2020 secondary: A label, 2020" in capsys.readouterr().out
    assert run_words(["library", "show", "MgT", "--json"]) == 0
    [record] = json.loads(capsys.readouterr().out)
    assert (record["record"], record["id"]) == ("compounds", "l_threonate")
    assert record["sources_read"]["label_2020"]["verified"] == "secondary"


def test_export_sbml(asked, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr("threonate.physiology.assemble_body", lambda catalogue, solids: f"<sbml {solids}/>")

    assert run_words(["export", "sbml"]) == 0
    assert capsys.readouterr().out == "<sbml 1/>\n"
    assert run_words(["export", "sbml", "--out", "body.xml", "--solids", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == "body.xml"
    assert (tmp_path / "body.xml").read_text(encoding="utf-8") == "<sbml 2/>"
    assert run_words(["export", "sbml", "--out", "absent/body.xml"]) == 2
    assert "cannot be written" in capsys.readouterr().err
