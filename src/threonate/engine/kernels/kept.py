"""Bytes kept on disk from one process to the next, by a key that names everything that decides them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path

_ENGINE = Path(__file__).parents[1]
_ROOMS = ("lower", "codegen", "kernels")
_FILES = ("stiffness.py",)
_LIBRARIES = ("python-libsbml", "llvmlite")


def key_of(*parts: str) -> str:
    """One name for all parts together."""
    digest = hashlib.sha256()
    for part in parts:
        body = part.encode()
        digest.update(len(body).to_bytes(8, "little"))
        digest.update(body)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def makers() -> str:
    """Digest of the source that decides what is kept, and of the libraries that it asks; '' if not known."""
    try:
        sources = sorted(path for room in _ROOMS for path in (_ENGINE / room).rglob("*.py"))
        sources += [_ENGINE / name for name in _FILES]
        texts = [part for path in sources for part in (path.name, path.read_text(encoding="utf-8"))]
        versions = [metadata.version(name) for name in _LIBRARIES]
    except (OSError, metadata.PackageNotFoundError):
        return ""
    return key_of(sys.version, *versions, *texts) if texts else ""


def cache_folder() -> Path:
    """Where machine code is kept: the user's cache, or THREONATE_CACHE."""
    chosen = os.environ.get("THREONATE_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / "threonate"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "threonate"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "threonate"


def read_kept(name: str) -> bytes | None:
    """What was kept, checked against the digest written with it; None when there is nothing or it is damaged."""
    with contextlib.suppress(OSError, RuntimeError):
        whole = (cache_folder() / name).read_bytes()
        digest, body = whole[:32], whole[32:]
        if hashlib.sha256(body).digest() == digest:
            return body
    return None


def kept_value(question: Sequence[str], make: Callable[[], float]) -> float:
    """A number that depends on the question and the source alone: as an earlier process found it, or made.

    Raises    what `make` raises; that is not kept
    """
    known = makers()
    name = f"{key_of(known, *question)}.value"
    found = read_kept(name) if known else None
    if found is not None:
        return float(struct.unpack("<d", found)[0])
    value = float(make())
    if known:
        keep(name, struct.pack("<d", value))
    return value


def keep(name: str, body: bytes) -> None:
    """Kept by atomic rename; a folder that cannot be written only costs the next start its time."""
    with contextlib.suppress(OSError, RuntimeError):
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(hashlib.sha256(body).digest() + body)
        os.replace(file.name, folder / name)
