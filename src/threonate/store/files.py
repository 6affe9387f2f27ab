"""Files that are whole or not there at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import uuid
from pathlib import Path

from threonate.errors import ResultsError

UNFINISHED = "unfinished"
"""Folder inside a study for files that are being written; what a killed writer leaves there is never read."""
_NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


def sha256_of(payload: bytes) -> str:
    """SHA-256 in hexadecimal.

    >>> sha256_of(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(payload).hexdigest()


def canonical_json(content: object) -> bytes:
    r"""One text for equal contents: sorted keys, two blanks, a newline at the end.

    Raises    ValueError for numbers that are not finite

    >>> canonical_json({"b": 1, "a": [0.5]})
    b'{\n  "a": [\n    0.5\n  ],\n  "b": 1\n}\n'
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=2)
    return f"{text}\n".encode()


def read_json(path: Path) -> object:
    """The content of a JSON file.

    Raises    ResultsError when it cannot be read
    """
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise ResultsError(f"{path} cannot be read: {error.strerror}. Name a study folder.") from None
    except ValueError:
        raise ResultsError(f"{path} is damaged; it is no JSON. Remove it and run the study again.") from None


def write_whole(root: Path, name: str, payload: bytes) -> None:
    """Write `root/name` so that a reader sees the old content or all of the new one, even if the machine stops.

    Raises    ResultsError when there is no room or no right to write; nothing half-written stays behind
    """
    target = root / name
    unfinished = root / UNFINISHED / uuid.uuid4().hex
    try:
        for folder in (unfinished.parent, target.parent):
            folder.mkdir(parents=True, exist_ok=True)
        write_bytes(unfinished, payload)
        os.replace(unfinished, target)
        _settle(target.parent)
    except OSError as error:
        raise ResultsError(_refusal(root, name, error)) from None
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()


def write_bytes(path: Path, payload: bytes) -> None:
    """Write a file through to the disk."""
    with path.open("xb") as file:
        file.write(payload)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Have the new name of a file on the disk too, where the system lets a folder be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refusal(root: Path, name: str, error: OSError) -> str:
    kept = "What was finished is kept."
    if error.errno in _NO_ROOM:
        return f"The disk is full: {name} could not be written in {root}. {kept} Make room and resume."
    return f"{name} could not be written in {root}: {error.strerror or error}. {kept} Correct that and resume."
