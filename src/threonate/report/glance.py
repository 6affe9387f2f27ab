"""The same numbers as summary.json for a few endpoints, from whole arrays, quick enough to follow a slider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threonate.keyed import Keyed
from threonate.report.cohort import HIGH, LOW, MIDDLE, Band, Group, View
from threonate.report.grading import endpoint_grade, weakest
from threonate.report.summary import Statistic
from threonate.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from threonate.simulation.result import Arm

Array = NDArray[np.float64]
_LIMITS = {"median": MIDDLE, "p5": LOW, "p95": HIGH}


@dataclass(frozen=True, slots=True)
class Courses:
    """One quantity of every subject that was solved to the end.

    x         (x,) days, or hours since midnight of the first regimen day
    values    (subject, x)
    """

    x: Array
    values: Array

    def between(self, low: float, high: float) -> Courses:
        """The part with low <= x <= high."""
        kept = (self.x >= low) & (self.x <= high)
        return Courses(self.x[kept], self.values[:, kept])

    def band(self) -> Band:
        """Median and 5-95 % limits over the subjects at each x; an x without a value is left out."""
        finite = np.isfinite(self.values)
        if not self.values.size or not finite.any():
            return Band(*(np.empty(0) for _ in range(4)))
        kept = finite.any(axis=0)
        whole = self.values[:, kept]
        limits = [LOW, MIDDLE, HIGH]
        found = quantiles(whole, limits) if finite[:, kept].all() else np.nanquantile(whole, limits, axis=0)
        low, median, high = found
        return Band(self.x[kept], median, low, high)


def quantiles(values: Array, shares: list[float]) -> Array:
    """Quantiles along the first axis, as numpy's but from one sort: (share, ...).

    values    (n, ...) finite, n at least 1

    >>> quantiles(np.array([4.0, 1.0, 2.0, 3.0]), [0.0, 0.5]).tolist()
    [1.0, 2.5]
    """
    ordered = np.sort(values, axis=0)
    places = np.asarray(shares) * (len(ordered) - 1)
    below = places.astype(np.int64)
    share = (places - below).reshape(-1, *(1 for _ in values.shape[1:]))
    low, high = ordered[below], ordered[np.minimum(below + 1, len(ordered) - 1)]
    gap = high - low
    return np.asarray(np.where(share < 0.5, low + gap * share, high - gap * (1.0 - share)))


def day_courses(arm: Arm, endpoint: str) -> Courses:
    """Daily values of one endpoint; x is the day, 0 the first of the regimen."""
    return _days_read(Keyed(id(arm), arm)).get(endpoint) or Courses(np.empty(0), np.empty((_solved(arm).sum(), 0)))


def hour_courses(arm: Arm, column: str) -> Courses:
    """The recorded course of one observable; x in hours."""
    return _hours_read(Keyed(id(arm), arm), column)


@lru_cache(maxsize=16)
def _hours_read(arm: Keyed[Arm], column: str) -> Courses:
    return courses_from(arm.thing.course["time_h"], arm.thing.course[column], arm.thing)


def courses_from(x: pl.Series, values: pl.Series, arm: Arm) -> Courses:
    """The courses in rows of an arm, which lists subject after subject, each with the same x."""
    people = arm.status.height
    width = len(x) // people if people else 0
    table = np.asarray(values.to_numpy(), dtype=np.float64).reshape(people, width)  # null reads as NaN
    return Courses(np.asarray(x[:width].to_numpy(), dtype=np.float64), table[_solved(arm)])


def _solved(arm: Arm) -> NDArray[np.bool_]:
    return np.asarray(arm.status["ok"].to_numpy())


@lru_cache(maxsize=4)
def _days_read(arm: Keyed[Arm]) -> Mapping[str, Courses]:
    """Daily values by endpoint."""
    parts = arm.thing.daily.partition_by("endpoint", maintain_order=True, include_key=True)
    return {str(rows["endpoint"][0]): courses_from(rows["day"], rows["value"], arm.thing) for rows in parts}


def relative_change(courses: Courses, unit: str = "") -> Courses:
    """Change from each subject's own run-in mean [%]; a difference where the unit is already %."""
    before = courses.values[:, courses.x < 0]
    base = before.mean(axis=1, keepdims=True) if before.shape[1] else np.full((len(courses.values), 1), np.nan)
    change = courses.values - base if unit == "%" else 100.0 * (courses.values - base) / base
    return Courses(courses.x, change)


def glance_observables(view: View, names: tuple[str, ...]) -> dict[str, Any]:
    """The entries of summary.json for these endpoints of the main group."""
    return {name: glance_entry(view, view.main, name) for name in names}


def glance_entry(view: View, group: Group, name: str) -> dict[str, Any]:
    """One endpoint of one group; those of the brain once per hypothesis, never pooled."""
    record = view.catalogue.endpoints[name]
    if not record.brain:
        grade = endpoint_grade(view.catalogue, name, group.reference.hypothesis)
        return {"unit": record.unit, "grade": grade, **numbers_of(view, group.reference, name)}
    grades = {key: endpoint_grade(view.catalogue, name, key) for key in group.arms}
    return {
        "unit": record.unit,
        "grade": weakest(list(grades.values())),
        "hypotheses": {key: {"grade": grades[key], **numbers_of(view, arm, name)} for key, arm in group.arms.items()},
    }


def numbers_of(view: View, arm: Arm, name: str) -> dict[str, Statistic]:
    """Baseline, last regimen day, change, highest value and its hour, as in summarise_endpoint."""
    days = day_courses(arm, name)
    taken = (days.x >= 0) & (days.x < view.days)
    nothing = np.full(len(days.values), np.nan)
    before = days.values[:, days.x < 0]
    base = before.mean(axis=1) if before.shape[1] else nothing
    last = days.values[:, taken][:, -1] if taken.any() else nothing
    if name in arm.course.columns:
        level = hour_courses(arm, name).between(0.0, HOURS_PER_DAY * view.days)
        hours, values = level.x, level.values
    else:
        hours, values = (days.x[taken] + 1) * HOURS_PER_DAY, days.values[:, taken]
    known = np.isfinite(values).any(axis=1) if values.size else np.zeros(len(values), dtype=bool)
    where = np.nanargmax(values[known], axis=1) if known.any() else np.empty(0, dtype=np.int64)
    return quick_statistics(
        {
            "baseline": base,
            "last_day_mean": last,
            "change": last - base,
            "max": values[known][np.arange(len(where)), where] if len(where) else np.empty(0),
            "time_of_max_h": hours[where],
        }
    )


def quick_statistics(columns: Mapping[str, Array]) -> dict[str, Statistic]:
    """The statistic of each column (subject,); together where they are whole."""
    table = list(columns.values())
    if not len(table[0]) or any(len(one) != len(table[0]) or not np.isfinite(one).all() for one in table):
        return {name: quick_statistic(values) for name, values in columns.items()}
    found = quantiles(np.stack(table, axis=1), list(_LIMITS.values()))
    return {name: _statistic(found[:, j]) for j, name in enumerate(columns)}


def quick_statistic(values: Array) -> Statistic:
    """Median and 5-95 % limits; None where nothing was recorded.

    >>> quick_statistic(np.array([1.0, 2.0, 3.0, np.nan]))
    {'median': 2.0, 'p5': 1.1, 'p95': 2.9}
    """
    kept = values[np.isfinite(values)]
    if not len(kept):
        return dict.fromkeys(_LIMITS)
    return _statistic(quantiles(kept, list(_LIMITS.values())))


def _statistic(found: Array) -> Statistic:
    return {name: float(f"{one:.12g}") for name, one in zip(_LIMITS, found, strict=True)}
