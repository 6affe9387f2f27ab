from __future__ import annotations

import json
import os

import pyarrow.parquet as pq
import pytest

from threonate.errors import ResultsError
from threonate.report import results_folder, write_results
from unit.report.catalogue import make_catalogue
from unit.report.synthetic import make_result


@pytest.fixture
def written(tmp_path):
    return write_results(make_result(subjects=4), make_catalogue(), tmp_path / "results")


def test_folder_holds_the_four_kinds_of_file(written):
    assert sorted(path.name for path in written.iterdir()) == [
        "figures",
        "report.html",
        "summary.json",
        "trajectories.parquet",
    ]
    assert len(list((written / "figures").glob("*.svg"))) == 5


def test_summary_keeps_its_keys_and_order(written):
    summary = json.loads((written / "summary.json").read_text(encoding="utf-8"))

    assert list(summary)[:4] == ["provenance", "scenario", "safety", "subjects"]
    assert summary["scenario"]["compound"] == "l_threonate"


def test_parquet_says_its_units_and_where_it_came_from(written):
    table = pq.read_table(written / "trajectories.parquet")
    about = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}

    assert table.column_names[:4] == ["arm", "hypothesis", "subject", "time_h"]
    assert json.loads(about["units"])["Mg_plasma"] == "mmol/L"
    assert json.loads(about["provenance"])["seed"] == "1"
    assert set(table["subject"].to_pylist()) == {0, 1, 2}
    assert pq.ParquetFile(written / "trajectories.parquet").metadata.row_group(0).column(0).compression == "ZSTD"


def test_same_result_gives_same_files(written, tmp_path):
    again = write_results(make_result(subjects=4), make_catalogue(), tmp_path / "again")

    for path in sorted(written.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (again / path.relative_to(written)).read_bytes()


def test_earlier_results_are_replaced_whole(written):
    (written / "figures" / "old.svg").write_text("<svg/>")

    write_results(make_result(subjects=4), make_catalogue(), written)

    assert not (written / "figures" / "old.svg").exists()


@pytest.mark.parametrize("name", ["notes.txt", "figures/thesis.docx"])
def test_foreign_files_are_never_touched(written, name):
    (written / name).write_text("mine")

    with pytest.raises(ResultsError, match=r"notes\.txt|thesis\.docx"):
        write_results(make_result(subjects=4), make_catalogue(), written)

    assert (written / name).read_text() == "mine"


def test_a_summary_of_another_program_is_foreign(tmp_path):
    (tmp_path / "summary.json").write_text('{"total": 3}')

    with pytest.raises(ResultsError, match="not a result of this program"):
        write_results(make_result(subjects=2), make_catalogue(), tmp_path)


def test_an_empty_folder_is_used_and_a_file_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    assert (write_results(make_result(subjects=2), make_catalogue(), tmp_path / "empty") / "report.html").exists()

    (tmp_path / "file").write_text("mine")
    with pytest.raises(ResultsError, match="is a file"):
        write_results(make_result(subjects=2), make_catalogue(), tmp_path / "file")


@pytest.mark.parametrize("earlier", [False, True])
def test_an_interrupt_leaves_nothing_half_written(tmp_path, monkeypatch, earlier):
    place = tmp_path / "results"
    if earlier:
        write_results(make_result(subjects=2), make_catalogue(), place)
    before = sorted(tmp_path.rglob("*"))

    def interrupt(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(results_folder, "build_page", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_results(make_result(subjects=2), make_catalogue(), place)

    assert sorted(tmp_path.rglob("*")) == before


def test_a_failed_swap_brings_the_earlier_results_back(tmp_path, monkeypatch):
    place = write_results(make_result(subjects=2), make_catalogue(), tmp_path / "results")
    before = (place / "summary.json").read_bytes()
    rename, calls = os.rename, []

    def fail_second(source: object, target: object) -> None:
        calls.append(source)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        rename(source, target)

    monkeypatch.setattr(os, "rename", fail_second)
    with pytest.raises(ResultsError, match="No space left"):
        write_results(make_result(subjects=3), make_catalogue(), place)

    assert (place / "summary.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ResultsError, match=r"cannot be (written|read)"):
        write_results(make_result(subjects=2), make_catalogue(), tmp_path / "file" / "results")
