"""trajectories.parquet: every recorded time of every subject, with units and provenance inside the file."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from threonate.report.cohort import View, sound

KEYS = ("arm", "hypothesis", "subject", "time_h")
UNIT_OF = {"time_h": "h", "Mg_urine_cumulative": "mmol"}


def write_trajectories(view: View, path: Path) -> None:
    """Write all courses as one wide table.

    Columns are arm, hypothesis, subject, time_h and one per observable; failed subjects are left out.
    The key-value metadata of the file hold `units`, `provenance` and `version`.
    """
    table = pl.concat([_arm_rows(view, at) for at in range(len(view.result.arms))], how="diagonal").to_arrow()
    units = {name: UNIT_OF.get(name, view.unit(name)) for name in table.column_names}
    fields = [
        pa.field(field.name, _plain_type(field.type), metadata={"unit": units[field.name]}) for field in table.schema
    ]
    provenance = dict(sorted(view.result.provenance.items()))
    about = {
        "units": json.dumps(units, sort_keys=True),
        "provenance": json.dumps(provenance, sort_keys=True),
        "version": provenance.get("version", ""),
        "title": "threonate trajectories; time_h 0 is midnight before the first regimen day",
        "note": "Research and education, not medical advice.",
    }
    pq.write_table(table.cast(pa.schema(fields, metadata=about)), path, compression="zstd")


def _arm_rows(view: View, at: int) -> pl.DataFrame:
    arm = view.result.arms[at]
    observables = [name for name in arm.course.columns if name not in KEYS]
    return (
        sound(arm.course, arm)
        .with_columns(pl.lit(arm.id).alias("arm"), pl.lit(arm.hypothesis).alias("hypothesis"))
        .sort("subject", "time_h")
        .select(*KEYS, *observables)
    )


def _plain_type(kind: pa.DataType) -> pa.DataType:
    """Text as ordinary strings, which every reader of Parquet knows."""
    return kind if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind) else pa.string()
