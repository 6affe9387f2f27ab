"""The numbers of summary.json: how each endpoint stood before, at the end, and at its highest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import polars as pl

from threonate.report.cohort import (
    HIGH,
    LOW,
    MIDDLE,
    Group,
    View,
    baselines,
    endpoint_days,
    last_regimen_day,
    sound,
    subjects_failed,
)
from threonate.report.grading import endpoint_grade, weakest
from threonate.safety import SEVERITIES, SafetyFinding
from threonate.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from threonate.simulation.result import Arm

Statistic = dict[str, float | None]
READING_ORDER = (
    "Mg_plasma",
    "Mg_plasma_ionised",
    "Mg_urine_24h",
    "FE_Mg",
    "Mg_absorbed_24h",
    "fraction_absorbed",
    "Mg_faeces_24h",
    "threonate_plasma",
    "Mg_csf_relative",
    "Mg_brain_ecf_relative",
    "Mg_red_cell",
    "Mg_muscle",
    "Mg_bone",
)
"""Blood and urine first, brain and tissues last; endpoints that are not named here follow by id."""


def summarise_body(view: View) -> dict[str, Any]:
    """What summary.json says of the body, as plain Python values; absent numbers are None.

    Keys: provenance, scenario, safety, subjects, observables, and `arms` when several compounds were run.
    """
    result = view.result
    summary: dict[str, Any] = {
        "provenance": dict(sorted(result.provenance.items())),
        "scenario": dict(view.scenario),
        "safety": [finding_fields(finding) for finding in ordered_findings(result.safety)],
        "subjects": count_subjects(view),
        "observables": summarise_group(view, view.main),
    }
    if len(view.groups) > 1:
        summary["arms"] = {
            group.key: {
                "title": group.title,
                "compound": group.compound,
                "observables": summarise_group(view, group),
            }
            for group in view.groups
        }
    return summary


def summarise_group(view: View, group: Group) -> dict[str, Any]:
    """Every endpoint of one compound; endpoints of the brain once per hypothesis, never pooled."""
    observables: dict[str, Any] = {}
    recorded = set(group.reference.daily["endpoint"].unique().to_list())
    for name in sorted(recorded, key=_reading_order):
        record = view.catalogue.endpoints.get(name)
        entry: dict[str, Any] = {"unit": view.unit(name)}
        if record is not None and record.brain:
            grades = {key: endpoint_grade(view.catalogue, name, key) for key in group.arms}
            entry["grade"] = weakest(list(grades.values()))
            entry["hypotheses"] = {
                key: {"grade": grades[key], **summarise_endpoint(view, arm, name)} for key, arm in group.arms.items()
            }
        else:
            entry["grade"] = endpoint_grade(view.catalogue, name, group.reference.hypothesis)
            entry.update(summarise_endpoint(view, group.reference, name))
        observables[name] = entry
    return observables


def _reading_order(name: str) -> tuple[int, str]:
    return (READING_ORDER.index(name) if name in READING_ORDER else len(READING_ORDER), name)


def summarise_endpoint(view: View, arm: Arm, endpoint: str) -> dict[str, Statistic]:
    """Baseline, last day, change, highest value and its hour, each as median and 5-95 % over the subjects.

    baseline        mean of the run-in days of each subject
    last_day_mean   value of the last day on the regimen
    change          last day less baseline, within each subject
    max             highest recorded level on the regimen; for daily amounts the greatest daily value
    time_of_max_h   hours since midnight of the first regimen day; for daily amounts the end of that day [h]
    """
    days = endpoint_days(arm, endpoint)
    last = days.filter(pl.col("day") == last_regimen_day(days, view)).rename({"value": "last"})
    joined = last.join(baselines(days), on="subject", how="left")
    peak = _peaks(view, arm, endpoint, days)
    return {
        "baseline": statistic(joined["baseline"]),
        "last_day_mean": statistic(joined["last"]),
        "change": statistic(joined["last"] - joined["baseline"]),
        "max": statistic(peak["max"]),
        "time_of_max_h": statistic(peak["time_h"]),
    }


def _peaks(view: View, arm: Arm, endpoint: str, days: pl.DataFrame) -> pl.DataFrame:
    """Highest value and its time per subject: subject, max, time_h."""
    if endpoint in arm.course.columns:
        end_h = HOURS_PER_DAY * view.days
        course = sound(arm.course, arm).filter((pl.col("time_h") >= 0) & (pl.col("time_h") <= end_h))
        values = course.select("subject", "time_h", pl.col(endpoint).alias("max"))
    else:
        on_regimen = days.filter((pl.col("day") >= 0) & (pl.col("day") < view.days))
        end_of_day = ((pl.col("day") + 1) * HOURS_PER_DAY).cast(pl.Float64).alias("time_h")
        values = on_regimen.select("subject", end_of_day, pl.col("value").alias("max"))
    kept = values.filter(pl.col("max").is_not_null() & pl.col("max").is_finite())
    return kept.sort("subject", "max", "time_h", descending=[False, True, False]).unique("subject", keep="first")


def statistic(values: pl.Series) -> Statistic:
    """Median and 5-95 % limits of a column; None where nothing was recorded.

    >>> statistic(pl.Series([1.0, 2.0, 3.0]))
    {'median': 2.0, 'p5': 1.1, 'p95': 2.9}
    """
    kept = values.cast(pl.Float64).drop_nulls()
    kept = kept.filter(kept.is_finite())
    limits = {"median": MIDDLE, "p5": LOW, "p95": HIGH}
    if kept.is_empty():
        return dict.fromkeys(limits)
    return {name: _rounded(kept.quantile(limit, "linear")) for name, limit in limits.items()}


def _rounded(value: float | None) -> float | None:
    """Twelve telling digits, so that the last bits of a machine do not change the file."""
    return None if value is None else float(f"{value:.12g}")


def count_subjects(view: View) -> dict[str, int]:
    """Subjects asked for, solved and failed; a subject counts as failed when any arm lost him."""
    everybody: set[int] = set()
    failed: set[int] = set()
    for arm in view.result.arms:
        everybody.update(arm.status["subject"].to_list())
        failed.update(subject for subject, _ in subjects_failed(arm))
    return {"simulated": len(everybody), "completed": len(everybody - failed), "failed": len(failed)}


def finding_fields(finding: SafetyFinding) -> dict[str, Any]:
    """A safety finding as plain values."""
    return asdict(finding)


def ordered_findings(findings: Iterable[SafetyFinding]) -> list[SafetyFinding]:
    """Most serious first."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def without_nan(value: Any) -> Any:
    """The same value with NaN and infinity replaced by None, as JSON has neither.

    >>> without_nan({"a": [1.0, float("nan")]})
    {'a': [1.0, None]}
    """
    if isinstance(value, Mapping):
        return {str(key): without_nan(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_nan(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value
