"""The study folder: one question, valid receipts, a manifest at the end."""

from __future__ import annotations

import json

import polars as pl
import pyarrow.parquet as pq
import pytest

from threonate.errors import ResultsError
from threonate.store import (
    canonical_json,
    find_receipts,
    find_study,
    finish_study,
    open_study,
    read_manifest,
    sha256_of,
    store_partition,
)
from threonate.store.query import query_study
from threonate.store.tables import encode_table

QUESTION = {"seed": 1, "subjects": 6, "endpoints": {"level": "mmol/L", "share": "1"}, "covariates": ["weight_kg"]}


def table(subjects: range) -> pl.DataFrame:
    """Two days of everybody; the last subject of all failed."""
    rows = [
        {
            "subject": subject,
            "arm": "citrate",
            "compound": "citrate",
            "hypothesis": "null",
            "day": day,
            "ok": subject != 5,
            "sentence": "" if subject != 5 else "Too stiff.",
            "weight_kg": 60.0 + subject,
            "level": None if subject == 5 else subject + day / 10,
            "share": None if day == 0 else 0.3,
        }
        for subject in subjects
        for day in (0, 1)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


@pytest.fixture
def folder(tmp_path):
    made = open_study(tmp_path / "study", QUESTION)
    for start in (2, 0, 4):
        store_partition(made, range(start, start + 2), {"daily": table(range(start, start + 2))}, {"ok": 2})
    return made


def test_specification_names_the_study(folder):
    payload = (folder.root / "specification.json").read_bytes()

    assert payload == canonical_json(QUESTION)
    assert folder.specification == sha256_of(payload) == find_study(folder.root).specification


def test_partitions_are_named_by_their_bytes(folder):
    names = {path.stem: sha256_of(path.read_bytes()) for path in (folder.root / "partitions").iterdir()}

    assert len(names) == 3
    assert all(name == content for name, content in names.items())


def test_content_does_not_depend_on_the_order_of_work(folder, tmp_path):
    other = open_study(tmp_path / "other", QUESTION)
    for start in (0, 2, 4):
        store_partition(other, range(start, start + 2), {"daily": table(range(start, start + 2))}, {"ok": 2})
    manifests = [finish_study(one, find_receipts(one).values()) for one in (folder, other)]

    assert manifests[0] == manifests[1] == read_manifest(folder)
    assert (folder.root / "manifest.json").read_bytes() == (other.root / "manifest.json").read_bytes()
    assert [receipt.first for receipt in manifests[0].receipts] == [0, 2, 4]
    assert not (folder.root / "unfinished").exists()


def test_another_question_is_refused_with_the_first_difference(folder):
    with pytest.raises(ResultsError, match="holds another study: seed is 1 there and 2 here"):
        open_study(folder.root, {**QUESTION, "seed": 2})


def test_foreign_folder_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("", encoding="utf-8")

    with pytest.raises(ResultsError, match="files of another kind"):
        open_study(tmp_path, QUESTION)
    with pytest.raises(ResultsError, match="is no study folder"):
        find_study(tmp_path)


def damage_size(folder, partition, receipt):
    partition.write_bytes(partition.read_bytes()[:-1])


def damage_name(folder, partition, receipt):
    partition.unlink()


def damage_receipt(folder, partition, receipt):
    receipt.write_text('{"first": 0', encoding="utf-8")


def damage_fields(folder, partition, receipt):
    receipt.write_text('{"first": 0, "tables": []}', encoding="utf-8")


@pytest.mark.parametrize("damage", [damage_size, damage_name, damage_receipt, damage_fields])
def test_what_is_damaged_counts_as_missing(folder, damage):
    receipt = find_receipts(folder)[0]
    partition = folder.root / "partitions" / f"{receipt.tables['daily'].sha256}.parquet"
    damage(folder, partition, folder.root / "receipts" / receipt.name)

    assert set(find_receipts(folder)) == {2, 4}


def test_a_flipped_bit_is_found_when_bytes_are_checked(folder):
    receipt = find_receipts(folder)[2]
    partition = folder.root / "partitions" / f"{receipt.tables['daily'].sha256}.parquet"
    payload = bytearray(partition.read_bytes())
    payload[10] ^= 1
    partition.write_bytes(bytes(payload))

    assert set(find_receipts(folder)) == {0, 2, 4}
    assert set(find_receipts(folder, check_bytes=True)) == {0, 4}


def test_manifest_of_another_study_is_refused(folder):
    finish_study(folder, find_receipts(folder).values())
    path = folder.root / "manifest.json"
    content = json.loads(path.read_bytes())
    path.write_text(json.dumps({**content, "content": "0" * 64}), encoding="utf-8")

    with pytest.raises(ResultsError, match="damaged or of another study"):
        read_manifest(folder)


def test_same_table_same_bytes_however_it_was_put_together():
    whole = table(range(6))
    pieces = pl.concat([table(range(start, start + 1)) for start in range(6)], rechunk=False)

    assert encode_table(whole) == encode_table(pieces)


def test_table_is_what_was_written(folder):
    [path] = [p for p in (folder.root / "partitions").iterdir() if 4 in pq.read_table(p)["subject"].to_pylist()]
    read = pl.read_parquet(path)

    assert read.equals(table(range(4, 6)))
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"


def test_daily_is_long_and_leaves_failures_out(folder):
    asked = query_study(folder.root, "select * from daily order by subject, endpoint, day")

    assert asked.columns == [
        "subject", "arm", "compound", "hypothesis", "day", "weight_kg", "endpoint", "value",
    ]  # fmt: skip
    assert asked.filter(pl.col("endpoint") == "level").height == 10
    assert asked["subject"].max() == 4


def test_days_and_subjects_hold_everybody(folder):
    assert query_study(folder.root, "select count(*) from days where not ok").item() == 2
    assert query_study(folder.root, "from subjects order by subject").rows()[-1] == (5, 65.0)


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to 'stolen.csv'",
        "select 1; select 2",
        "create table a as select 1",
        "select * from read_csv('/etc/hostname')",
        "select * from glob('/*')",
        "select levle from daily",
        "attach 'other.db'",
        "",
    ],
)
def test_a_query_only_reads_this_study(folder, sql, monkeypatch):
    monkeypatch.chdir(folder.root)
    before = sorted(folder.root.rglob("*"))

    with pytest.raises(ResultsError, match="query"):
        query_study(folder.root, sql)

    assert sorted(folder.root.rglob("*")) == before


def test_a_study_without_results_says_so(tmp_path):
    open_study(tmp_path, QUESTION)

    with pytest.raises(ResultsError, match="holds no results yet"):
        query_study(tmp_path, "select 1")
