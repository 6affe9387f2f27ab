"""Questions to the stored tables of a study, in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import polars as pl

from threonate.errors import ResultsError
from threonate.store.study_folder import Receipt, StudyFolder, find_receipts, find_study, read_specification, table_path


def query_study(root: Path, sql: str) -> pl.DataFrame:
    """Ask one SELECT of a study, complete or not.

    daily      subject, arm, compound, hypothesis, day, endpoint, value and the covariates; solved subjects only
    days       the same with one column per endpoint, and `ok` and `sentence` for subjects that failed
    subjects   subject and covariates, one row each
    courses    time courses, where the study kept them
    Raises     ResultsError for a question that cannot be answered, or that would change something
    """
    folder = find_study(root)
    receipts = list(find_receipts(folder).values())
    if not receipts:
        raise ResultsError(f"{root} holds no results yet. Run the study first.")
    with duckdb.connect() as connection:
        try:
            _make_views(connection, folder, receipts)
            _refuse_changes(connection, sql)
            return _frame(connection.sql(sql))
        except duckdb.Error as error:
            raise ResultsError(f"The query was refused: {str(error).strip()}") from None


def _make_views(connection: duckdb.DuckDBPyConnection, folder: StudyFolder, receipts: Sequence[Receipt]) -> None:
    files = {kind: _files(folder, kind, receipts) for kind in ("daily", "course")}
    connection.execute(f"create view days as select * from read_parquet({_listed(files['daily'])})")
    endpoints, covariates = (_names(folder, kind) for kind in ("endpoints", "covariates"))
    connection.execute(f"create view subjects as select distinct {_columns(['subject', *covariates])} from days")
    connection.execute(
        "create view daily as unpivot (select * exclude (ok, sentence) from days where ok) "
        f"on {_columns(endpoints)} into name endpoint value value"
    )
    if files["course"]:
        connection.execute(f"create view courses as select * from read_parquet({_listed(files['course'])})")
    allowed = _listed([*files["daily"], *files["course"]])
    connection.execute(f"set allowed_paths = {allowed}")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def _refuse_changes(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ResultsError("A query is one SELECT; a study is never changed by it. Correct the query.")


def _frame(answer: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    frame = pl.from_arrow(answer.to_arrow_table())
    return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()


def _files(folder: StudyFolder, kind: str, receipts: Iterable[Receipt]) -> list[str]:
    return [
        str((folder.root / table_path(kind, receipt.tables[kind])).resolve())
        for receipt in receipts
        if kind in receipt.tables
    ]


def _listed(files: Iterable[str]) -> str:
    return "[" + ", ".join("'" + file.replace("'", "''") + "'" for file in files) + "]"


def _names(folder: StudyFolder, kind: str) -> list[str]:
    """Columns of one kind, which the specification lists; the table itself does not say what they are."""
    listed = read_specification(folder.root).get(kind)
    return list(listed) if isinstance(listed, list | dict) else []


def _columns(names: Iterable[str]) -> str:
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)
