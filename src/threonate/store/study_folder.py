"""A study on disk: what was asked, its partitions, a receipt for each, and a manifest that is written last.

specification.json             what decides every number; its SHA-256 names the study
partitions/<sha256>.parquet    results of some subjects, named by their bytes
courses/<sha256>.parquet       their time courses, where they were asked for
receipts/<first-last>.json     which files hold these subjects
manifest.json                  all receipts in order: the study is complete
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import polars as pl

from threonate.errors import ResultsError
from threonate.store.differences import first_difference
from threonate.store.files import UNFINISHED, canonical_json, read_json, sha256_of, write_whole
from threonate.store.tables import encode_table

SPECIFICATION = "specification.json"
MANIFEST = "manifest.json"
RECEIPTS = "receipts"
FOLDERS: Mapping[str, str] = {"daily": "partitions", "course": "courses"}
"""Where each kind of table lies."""


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """A folder and the specification that it holds, by its hash."""

    root: Path
    specification: str


@dataclass(frozen=True, slots=True)
class StoredTable:
    """One file: hash of its bytes, rows, bytes."""

    sha256: str
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was stored for the subjects `first` to `last`.

    tables     "daily" and perhaps "course"
    statuses   sentence -> number of solves that ended so; "ok" for those that succeeded
    accuracy   what is known of the errors of the numbers; empty when they were not checked
    """

    first: int
    last: int
    tables: Mapping[str, StoredTable]
    statuses: Mapping[str, int]
    accuracy: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.first:09d}-{self.last:09d}.json"

    def __reduce__(self) -> tuple[object, ...]:
        return Receipt, (self.first, self.last, dict(self.tables), dict(self.statuses), dict(self.accuracy))


@dataclass(frozen=True, slots=True)
class Manifest:
    """A complete study.

    specification   SHA-256 of the specification
    content         SHA-256 over what all partitions hold, whoever computed them and in whichever order
    receipts        one per partition, in the order of the subjects
    """

    specification: str
    content: str
    receipts: tuple[Receipt, ...]

    @property
    def subjects(self) -> int:
        return self.receipts[-1].last + 1


def open_study(root: Path, specification: Mapping[str, object]) -> StudyFolder:
    """The folder of this study, made when it is not there.

    Raises    ResultsError when the folder holds another study, or files of another kind
    """
    payload = canonical_json(specification)
    folder = StudyFolder(root, sha256_of(payload))
    if (root / SPECIFICATION).exists():
        _same_specification(root, specification)
    elif root.is_dir() and any(path.name != UNFINISHED for path in root.iterdir()):
        raise ResultsError(f"{root} holds files of another kind. Choose a new or empty folder.")
    else:
        write_whole(root, SPECIFICATION, payload)
    return folder


def find_study(root: Path) -> StudyFolder:
    """A study that is already there.

    Raises    ResultsError when there is none
    """
    try:
        return StudyFolder(root, sha256_of((root / SPECIFICATION).read_bytes()))
    except OSError:
        raise ResultsError(f"{root} is no study folder; it has no {SPECIFICATION}. Name one that has.") from None


def read_specification(root: Path) -> Mapping[str, object]:
    """What was asked.

    Raises    ResultsError when the folder holds no study
    """
    content = read_json(root / SPECIFICATION)
    if not isinstance(content, dict):
        raise ResultsError(f"{root / SPECIFICATION} is damaged. Choose another folder.")
    return content


def _same_specification(root: Path, asked: Mapping[str, object]) -> None:
    difference = first_difference(read_specification(root), asked)
    if difference:
        raise ResultsError(
            f"{root} holds another study: {difference}. Ask the same question as before, or choose another folder."
        )


def store_partition(
    folder: StudyFolder,
    subjects: range,
    tables: Mapping[str, pl.DataFrame],
    statuses: Mapping[str, int],
    accuracy: Mapping[str, object] | None = None,
) -> Receipt:
    """Write the tables of some subjects and, when they are safe, their receipt.

    Raises    ResultsError when there is no room; what was stored before stays valid
    """
    stored = {}
    for kind, frame in tables.items():
        payload = encode_table(frame)
        stored[kind] = StoredTable(sha256_of(payload), frame.height, len(payload))
        write_whole(folder.root, table_path(kind, stored[kind]), payload)
    receipt = Receipt(subjects.start, subjects.stop - 1, stored, dict(sorted(statuses.items())), accuracy or {})
    write_whole(folder.root, f"{RECEIPTS}/{receipt.name}", canonical_json(asdict(receipt)))
    return receipt


def table_path(kind: str, table: StoredTable) -> str:
    """Where a table lies inside its study."""
    return f"{FOLDERS[kind]}/{table.sha256}.parquet"


def find_receipts(folder: StudyFolder, *, check_bytes: bool = False) -> dict[int, Receipt]:
    """Receipts whose files are all there, by first subject; a damaged one counts as missing.

    check_bytes   read every file and compare its hash, not only its size
    """
    found = {}
    for path in sorted((folder.root / RECEIPTS).glob("*.json")):
        with contextlib.suppress(ResultsError, KeyError, TypeError, AttributeError):
            receipt = _receipt(read_json(path))
            if all(_is_whole(folder, kind, table, check_bytes) for kind, table in receipt.tables.items()):
                found[receipt.first] = receipt
    return found


def _is_whole(folder: StudyFolder, kind: str, table: StoredTable, check_bytes: bool) -> bool:
    path = folder.root / table_path(kind, table)
    try:
        if path.stat().st_size != table.bytes:
            return False
        return not check_bytes or sha256_of(path.read_bytes()) == table.sha256
    except OSError:
        return False


def _receipt(content: object) -> Receipt:
    if not isinstance(content, dict):
        raise TypeError("a receipt is a table")
    tables = {kind: StoredTable(**table) for kind, table in content["tables"].items()}
    return Receipt(content["first"], content["last"], tables, content["statuses"], content["accuracy"])


def finish_study(folder: StudyFolder, receipts: Iterable[Receipt]) -> Manifest:
    """Write the manifest; from now on the study is complete."""
    manifest = manifest_of(folder, receipts)
    content = {
        "specification": manifest.specification,
        "content": manifest.content,
        "subjects": manifest.subjects,
        "receipts": [asdict(receipt) for receipt in manifest.receipts],
    }
    write_whole(folder.root, MANIFEST, canonical_json(content))
    shutil.rmtree(folder.root / UNFINISHED, ignore_errors=True)
    return manifest


def manifest_of(folder: StudyFolder, receipts: Iterable[Receipt]) -> Manifest:
    """The manifest that these receipts make."""
    ordered = tuple(sorted(receipts, key=lambda receipt: receipt.first))
    held = [[r.first, r.last, {kind: table.sha256 for kind, table in r.tables.items()}] for r in ordered]
    return Manifest(folder.specification, sha256_of(canonical_json([folder.specification, held])), ordered)


def unfinish_study(folder: StudyFolder) -> None:
    """Take the manifest away because something it names is missing."""
    (folder.root / MANIFEST).unlink(missing_ok=True)


def read_manifest(folder: StudyFolder) -> Manifest | None:
    """The manifest of a complete study, else None.

    Raises    ResultsError when it is damaged or of another study
    """
    path = folder.root / MANIFEST
    if not path.exists():
        return None
    content = read_json(path)
    try:
        receipts = [_receipt(receipt) for receipt in content["receipts"]]  # type: ignore[index]
        manifest = manifest_of(folder, receipts)
        whole = (content["specification"], content["content"]) == (folder.specification, manifest.content)  # type: ignore[index]
    except (KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise ResultsError(f"{path} is damaged or of another study. Remove it and resume the study.")
    return manifest
