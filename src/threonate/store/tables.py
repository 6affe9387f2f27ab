"""Tables as Parquet, with the same bytes for the same content."""

from __future__ import annotations

import io

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

TABLE_FORMAT = f"parquet 2.6, zstd 3, arrow {pa.__version__}"
"""How tables are written. Another writer may choose other bytes, so it is a part of what names a study."""
_ROWS_PER_GROUP = 131_072


def encode_table(frame: pl.DataFrame) -> bytes:
    """The table as one Parquet file. It holds no date, no path and no order of threads.

    >>> encode_table(pl.DataFrame({"a": [1]})) == encode_table(pl.DataFrame({"a": [1]}))
    True
    """
    table = _plain(frame.to_arrow(compat_level=pl.CompatLevel.oldest()))
    numbers = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    sink = io.BytesIO()
    pq.write_table(
        table,
        sink,
        row_group_size=_ROWS_PER_GROUP,
        version="2.6",
        compression="zstd",
        compression_level=3,
        use_dictionary=[name for name in table.column_names if name not in numbers],
        use_byte_stream_split=numbers,
        store_schema=False,
    )
    return sink.getvalue()


def _plain(table: pa.Table) -> pa.Table:
    """One chunk per column and ordinary strings, however the frame was put together."""
    fields = [
        pa.field(field.name, pa.string() if pa.types.is_large_string(field.type) else field.type)
        for field in table.schema
    ]
    return table.cast(pa.schema(fields)).combine_chunks()
