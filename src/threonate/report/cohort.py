"""Who is in the picture: arms put side by side, failed subjects left out, bands over the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threonate.evidence.records import Catalogue
from threonate.evidence.responses import for_endpoints
from threonate.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from threonate.simulation.result import Arm, SimulationResult

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
HYPOTHESES = ("null", "threonate", "repletion")


@dataclass(frozen=True, slots=True)
class Band:
    """Median and 5-95 % limits of the subjects at each x; all four arrays are (x,)."""

    x: NDArray[np.float64]
    median: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.x)

    def last(self) -> dict[str, float]:
        """The three numbers at the last x."""
        return {"median": float(self.median[-1]), "p5": float(self.low[-1]), "p95": float(self.high[-1])}


@dataclass(frozen=True, slots=True)
class Group:
    """One compound under every hypothesis that was run."""

    key: str
    compound: str
    title: str
    arms: Mapping[str, Arm]

    @property
    def reference(self) -> Arm:
        """The arm that body-wide quantities are read from: NULL where it was run."""
        return _reference(self.arms)


@dataclass(frozen=True, slots=True)
class View:
    """A result as the report reads it; `groups` starts with the compound that was asked about."""

    result: SimulationResult
    catalogue: Catalogue
    scenario: Mapping[str, Any]
    groups: tuple[Group, ...]

    @property
    def main(self) -> Group:
        return self.groups[0]

    @property
    def days(self) -> int:
        return int(self.scenario.get("days") or 1)

    @property
    def people(self) -> int:
        """Subjects of the main arm that were simulated to the end."""
        return int(self.main.reference.status["ok"].sum())

    def unit(self, endpoint: str) -> str:
        record = self.catalogue.endpoints.get(endpoint)
        return record.unit if record else ""


def view_result(result: SimulationResult, catalogue: Catalogue) -> View:
    """Group the arms of a result; the compound of the scenario comes first."""
    scenario = result.scenario.model_dump(mode="json")
    catalogue = for_endpoints(catalogue, result.scenario.endpoints)
    groups = list(_group_arms(result.arms))
    groups.sort(key=lambda group: group.compound != scenario.get("compound"))
    return View(result, catalogue, scenario, tuple(groups))


def _group_arms(arms: Sequence[Arm]) -> list[Group]:
    found: dict[str, dict[str, Arm]] = {}
    seen: dict[tuple[str, str], int] = {}
    for arm in arms:
        turn = seen[arm.compound, arm.hypothesis] = seen.get((arm.compound, arm.hypothesis), 0) + 1
        found.setdefault(arm.compound if turn == 1 else f"{arm.compound}-{turn}", {})[arm.hypothesis] = arm
    groups = []
    for key, members in found.items():
        first = _reference(members)
        groups.append(Group(key, first.compound, first.title, members))
    return groups


def _reference(arms: Mapping[str, Arm]) -> Arm:
    """Of the arms by hypothesis, the one that stands first in HYPOTHESES."""
    return next((arms[name] for name in HYPOTHESES if name in arms), next(iter(arms.values())))


def subjects_ok(arm: Arm) -> list[int]:
    """Subjects that were solved to the end."""
    return arm.status.filter(pl.col("ok"))["subject"].sort().to_list()


def subjects_failed(arm: Arm) -> list[tuple[int, str]]:
    """Subjects that were not, each with the sentence that says why."""
    if arm.status["ok"].all():
        return []
    return list(arm.status.filter(~pl.col("ok")).sort("subject").select("subject", "sentence").iter_rows())


def sound(frame: pl.DataFrame, arm: Arm) -> pl.DataFrame:
    """The rows of the subjects that were solved to the end."""
    return frame if arm.status["ok"].all() else frame.filter(pl.col("subject").is_in(subjects_ok(arm)))


def band_over(frame: pl.DataFrame, x: str, value: str) -> Band:
    """Quantiles of `value` over the subjects at each `x`."""
    kept = frame.filter(pl.col(value).is_not_null() & pl.col(value).is_finite())
    table = (
        kept.group_by(x)
        .agg(
            pl.col(value).quantile(MIDDLE, "linear").alias("median"),
            pl.col(value).quantile(LOW, "linear").alias("low"),
            pl.col(value).quantile(HIGH, "linear").alias("high"),
        )
        .sort(x)
    )
    columns = (table[name].cast(pl.Float64).to_numpy() for name in (x, "median", "low", "high"))
    return Band(*columns)


def endpoint_days(arm: Arm, endpoint: str) -> pl.DataFrame:
    """Columns subject, day, value of one endpoint, sound subjects only."""
    return sound(arm.daily.filter(pl.col("endpoint") == endpoint), arm).select("subject", "day", "value")


def baselines(days: pl.DataFrame) -> pl.DataFrame:
    """Each subject's mean over his run-in days: subject, baseline."""
    return days.filter(pl.col("day") < 0).group_by("subject").agg(pl.col("value").mean().alias("baseline"))


def changes(days: pl.DataFrame, relative_percent: bool = False) -> pl.DataFrame:
    """Change from each subject's own run-in: subject, day, change (in % of the run-in level if asked)."""
    difference = pl.col("value") - pl.col("baseline")
    change = 100.0 * difference / pl.col("baseline") if relative_percent else difference
    return days.join(baselines(days), on="subject").select("subject", "day", change.alias("change"))


def last_regimen_day(days: pl.DataFrame, view: View) -> int:
    """The last day on the regimen that was recorded (wash-out does not count)."""
    recorded = days.filter((pl.col("day") >= 0) & (pl.col("day") < view.days))["day"].max()
    return int(recorded) if isinstance(recorded, int) else 0


def day_window(course: pl.DataFrame, first_h: float) -> pl.DataFrame:
    """24 hours of a course from `first_h`, with the clock in a column `hour`."""
    hour = pl.col("time_h") - first_h
    return course.with_columns(hour.alias("hour")).filter((hour >= 0) & (hour <= HOURS_PER_DAY))


def describe_band(view: View) -> str:
    """What the shaded area means, in words."""
    if view.people == 1:
        return "One simulated adult with typical values: there is no band, and the spread between people is not shown."
    spread = "differences between people and doubt about the typical values, taken together"
    if not view.scenario.get("uncertainty", True):
        spread = "differences between people; doubt about the typical values was switched off"
    return f"Line: median. Band: 5\u201395 % of {view.people} simulated adults ({spread})."
