"""A results folder that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUMMARY = "summary.json"


@contextmanager
def results_folder(folder: Path) -> Iterator[Path]:
    """An unfinished folder beside `folder` that takes its place when the block ends well.

    Earlier results in `folder` are replaced; files that are not results are left alone.
    Raises ScenarioError when nothing can be written there, ResultsError when the move fails.
    """
    from threonate.errors import ResultsError

    made = _make_room(folder)
    unfinished = made[-1]
    try:
        yield unfinished / "results"
        try:
            with _undisturbed():
                _take_place(unfinished / "results", folder)
        except OSError as error:
            raise ResultsError(f"{folder} could not be written: {error.strerror}. Choose another --out.") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        _remove_empty(made[:-1])


def _make_room(folder: Path) -> list[Path]:
    """Parents that had to be made, outermost first, and last the unfinished folder."""
    from threonate.errors import ScenarioError

    made: list[Path] = []
    try:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / SUMMARY).exists():
            raise ScenarioError(f"out is {folder}, which holds files of another kind. Choose a new or empty folder.")
        if folder.exists() and not folder.is_dir():
            raise ScenarioError(f"out is {folder}, which is a file. Choose a folder.")
        for parent in reversed([folder.parent, *folder.parent.parents]):
            if not parent.exists():
                parent.mkdir(exist_ok=True)
                made.append(parent)
        made.append(Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder.parent)))
        if folder.is_dir():
            tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        for path in reversed(made):
            path.rmdir()
        reason = error.strerror or str(error)
        raise ScenarioError(f"out is {folder}, which cannot be written: {reason}. Choose another --out.") from None
    return made


def _take_place(unfinished: Path, folder: Path) -> None:
    """Move the finished files into `folder`; the summary comes last and so marks a whole set."""
    if not folder.exists():
        unfinished.rename(folder)
        return
    (folder / SUMMARY).unlink(missing_ok=True)
    for stale in (folder / "figures").glob("*.svg"):
        stale.unlink()
    files = sorted(path.relative_to(unfinished) for path in unfinished.rglob("*") if path.is_file())
    for name in sorted(files, key=lambda path: path == Path(SUMMARY)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(unfinished / name, folder / name)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the block is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _remove_empty(made: list[Path]) -> None:
    for path in reversed(made):
        if not any(path.iterdir()):
            path.rmdir()
