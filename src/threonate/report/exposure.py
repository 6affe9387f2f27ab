"""How regimens compare in the plasma: exposure of the last day for every subject, and ratios within subjects."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from threonate.report.cohort import Group, View
from threonate.report.glance import Array, Courses, day_courses, hour_courses
from threonate.units import HOURS_PER_DAY

PERCENT = 100.0


def exposure_of(view: View, group: Group, threshold: float) -> Mapping[str, Array]:
    """Measures of one regimen by id -> (subject,), for subjects that were solved to the end.

    threshold   level that `time_above` counts from [mmol/L]
    Returns     auc        area of plasma magnesium above the own run-in mean, last regimen day [mmol h/L]
                cmax, cmin highest and lowest level of that day [mmol/L]
                time_above hours of that day above the threshold [h]
                urine      urine of that day less the own run-in mean [mmol/d]
                absorbed   share of the supplement that had left the gut for the body by the end of the run [%]
    """
    arm = group.reference
    level = hour_courses(arm, "Mg_plasma").between(HOURS_PER_DAY * (view.days - 1), HOURS_PER_DAY * view.days)
    base = _run_in(day_courses(arm, "Mg_plasma"))
    urine = day_courses(arm, "Mg_urine_24h")
    on_regimen = urine.between(0, view.days - 1).values
    above = (level.values > threshold).astype(np.float64)
    return {
        "auc": np.trapezoid(level.values - base[:, None], level.x, axis=1),
        "cmax": level.values.max(axis=1),
        "cmin": level.values.min(axis=1),
        "time_above": np.trapezoid(above, level.x, axis=1),
        "urine": on_regimen[:, -1] - _run_in(urine),
        "absorbed": _absorbed(group),
    }


def ratios(measures: Mapping[str, Array], first: Mapping[str, Array]) -> Mapping[str, Array]:
    """Each measure over that of the first regimen in the same subject; NaN where that is not above 0.

    >>> import numpy as np
    >>> ratios({"auc": np.array([2.0, 1.0])}, {"auc": np.array([1.0, 0.0])})["auc"].tolist()
    [2.0, nan]
    """
    found = {}
    for name, values in measures.items():
        below = first[name]
        fits = len(below) == len(values)
        safe = np.where(below > 0.0, below, np.nan) if fits else np.full(len(values), np.nan)
        found[name] = values / safe
    return found


def _run_in(courses: Courses) -> Array:
    return np.asarray(courses.values[:, courses.x < 0].mean(axis=1))


def _absorbed(group: Group) -> Array:
    arm = group.reference
    ok = arm.status["ok"].to_numpy()
    amounts = {
        place: arm.balance.filter(pl.col("place") == place)["mmol"].fill_null(float("nan")).to_numpy()[ok]
        for place in ("swallowed", "gut", "faeces")
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        share = PERCENT * (1.0 - (amounts["gut"] + amounts["faeces"]) / amounts["swallowed"])
    return np.where(amounts["swallowed"] > 0.0, share, np.nan)
