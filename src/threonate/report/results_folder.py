"""The results folder: written beside its place, moved there when complete, never half there."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from threonate.errors import ResultsError
from threonate.evidence.records import Catalogue
from threonate.report.cohort import View, view_result
from threonate.report.figures import draw_figures
from threonate.report.page import build_page
from threonate.report.summary import without_nan
from threonate.report.trajectories import write_trajectories
from threonate.report.whole import whole_summary

if TYPE_CHECKING:
    from threonate.simulation.result import SimulationResult

SUMMARY, TRAJECTORIES, REPORT, FIGURES = "summary.json", "trajectories.parquet", "report.html", "figures"
OURS = frozenset({SUMMARY, TRAJECTORIES, REPORT, FIGURES})


def write_results(result: SimulationResult, catalogue: Catalogue, folder: Path | str) -> Path:
    """Write summary.json, trajectories.parquet, report.html and figures/*.svg; return the folder.

    Earlier results in `folder` are replaced as a whole; an interrupt leaves the folder as it was.
    Raises ResultsError when the folder holds anything else or cannot be written.
    """
    place = Path(folder).absolute()
    if place.is_symlink():
        place = place.resolve()
    _refuse_foreign(place)
    unfinished: Path | None = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{place.name}-unfinished-", dir=place.parent))
        unfinished.chmod(0o755)
        _fill(view_result(result, catalogue), unfinished)
        _move_into_place(unfinished, place)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ResultsError(
            f"results folder '{folder}' cannot be written: {reason}. Choose a folder that you may write to."
        ) from error
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)
    return Path(folder)


def _fill(view: View, folder: Path) -> None:
    summary = whole_summary(view)
    text = json.dumps(without_nan(summary), indent=2, ensure_ascii=False, allow_nan=False)
    (folder / SUMMARY).write_text(text + "\n", encoding="utf-8")
    write_trajectories(view, folder / TRAJECTORIES)
    drawn = draw_figures(view)
    (folder / FIGURES).mkdir()
    for figure in drawn:
        (folder / FIGURES / f"{figure.id}.svg").write_text(figure.svg, encoding="utf-8")
    (folder / REPORT).write_text(build_page(view, summary, drawn), encoding="utf-8")


def _refuse_foreign(place: Path) -> None:
    """Only an empty folder or earlier results may be replaced."""
    try:
        if not place.exists():
            return
        if not place.is_dir():
            raise ResultsError(f"results folder '{place}' is a file. Choose another name.")
        names = sorted(path.name for path in place.iterdir())
        foreign = [name for name in names if name not in OURS]
        if (place / FIGURES).is_dir():
            foreign += [f"{FIGURES}/{path.name}" for path in (place / FIGURES).iterdir() if path.suffix != ".svg"]
        if names and not foreign and not _is_summary(place / SUMMARY):
            foreign = names
    except OSError as error:
        raise ResultsError(f"results folder '{place}' cannot be read: {error.strerror}. Choose another.") from error
    if foreign:
        listed = ", ".join(f"'{name}'" for name in foreign[:3]) + (" and more" if len(foreign) > 3 else "")
        raise ResultsError(
            f"results folder '{place}' holds something that is not a result of this program: {listed}. "
            "Nothing was written. Choose a new or empty folder, or move these files away."
        )


def _is_summary(path: Path) -> bool:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and {"provenance", "scenario", "observables"} <= content.keys()


def _move_into_place(finished: Path, place: Path) -> None:
    """Swap the finished folder in; the earlier one comes back if that fails."""
    if not place.exists():
        finished.rename(place)
        return
    earlier = Path(tempfile.mkdtemp(prefix=f".{place.name}-earlier-", dir=place.parent))
    try:
        place.rename(earlier / place.name)
        try:
            finished.rename(place)
        except BaseException:
            (earlier / place.name).rename(place)
            raise
    finally:
        if place.exists():
            shutil.rmtree(earlier, ignore_errors=True)
