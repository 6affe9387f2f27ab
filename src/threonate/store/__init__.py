"""Write and query result tables; knows no physiology."""

from threonate.store.files import canonical_json, sha256_of
from threonate.store.study_folder import (
    Manifest,
    Receipt,
    StoredTable,
    StudyFolder,
    find_receipts,
    find_study,
    finish_study,
    open_study,
    read_manifest,
    read_specification,
    store_partition,
    unfinish_study,
)
from threonate.store.tables import TABLE_FORMAT

__all__ = [
    "TABLE_FORMAT",
    "Manifest",
    "Receipt",
    "StoredTable",
    "StudyFolder",
    "canonical_json",
    "find_receipts",
    "find_study",
    "finish_study",
    "open_study",
    "read_manifest",
    "read_specification",
    "sha256_of",
    "store_partition",
    "unfinish_study",
]
