"""What became of the supplementary magnesium by the end of the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threonate.endpoints import DayGrid
from threonate.engine import Trajectories
from threonate.physiology.network import Array
from threonate.population import IndividualTable
from threonate.simulation.body import Body
from threonate.units import HOURS_PER_DAY

_ML_PER_L = 1000.0


def supplement_balance(
    body: Body, course: Trajectories, grid: DayGrid, table: IndividualTable, supplement: Array
) -> pl.DataFrame:
    """Amounts that would not be where they are without the supplement.

    Each place is compared with what the last run-in day, repeated, would have brought there. The brain is a readout of
    relative levels (ionised magnesium in CSF and brain fluid) and no part of the sum.

    supplement   (subject,) magnesium swallowed or infused on top of the diet [mmol]
    Returns      subject, place, mmol
    """
    start, before = -grid.first_day * HOURS_PER_DAY, (-grid.first_day - 1) * HOURS_PER_DAY
    at = np.searchsorted(course.times_h, [before, start, course.times_h[-1]])
    days = (course.times_h[-1] - start) / HOURS_PER_DAY
    amounts = {"swallowed": supplement}
    for place in body.catalogue.places.values():
        if place.id == "infusion":
            continue
        content = _content(body, course, body.place_ids(place), table, at)
        amounts[place.id] = content[:, 2] - content[:, 1] - days * (content[:, 1] - content[:, 0])
    amounts["brain"] = _brain(course, at, table)
    columns = {
        "subject": np.tile(np.arange(len(supplement)), len(amounts)),
        "place": pl.Series(list(amounts)).gather(np.repeat(np.arange(len(amounts)), len(supplement))),
        "mmol": pl.Series(np.concatenate(list(amounts.values())), nan_to_null=True),
    }
    return pl.DataFrame(columns)


@dataclass(frozen=True, slots=True)
class DailyBalance:
    """Where the supplementary magnesium was at the end of each day since the first dose.

    days     (day,) 0 is the first day of the regimen
    places   place id -> (subject, day) [mmol]
    brain    (subject, day) readout of CSF and brain fluid [mmol]; no part of the sum
    """

    days: NDArray[np.int64]
    places: Mapping[str, Array]
    brain: Array


def daily_balance(body: Body, course: Trajectories, grid: DayGrid, table: IndividualTable) -> DailyBalance:
    """Amounts that would not be where they are without the supplement, by day; see supplement_balance."""
    start, before = -grid.first_day * HOURS_PER_DAY, (-grid.first_day - 1) * HOURS_PER_DAY
    ends = grid.bounds_h[grid.bounds_h > start]
    at = np.searchsorted(course.times_h, [before, start, *ends])
    days = (ends - start) / HOURS_PER_DAY
    places = {}
    for place in body.catalogue.places.values():
        if place.id != "infusion":
            content = _content(body, course, body.place_ids(place), table, at)
            daily = content[:, 1] - content[:, 0]
            places[place.id] = content[:, 2:] - content[:, 1:2] - days * daily[:, None]
    brain = np.stack([_brain(course, np.array([0, at[1], one]), table) for one in at[2:]], axis=1)
    return DailyBalance(np.arange(len(ends)), places, brain)


def _content(
    body: Body, course: Trajectories, species: tuple[str, ...], table: IndividualTable, at: NDArray[np.intp]
) -> Array:
    """(subject, time) magnesium in some species at these rows of the course [mmol]."""
    total = np.zeros((len(course.values), len(at)))
    for name in species:
        amount = course.of(name)[:, at]
        if name in body.network.concentrations:
            amount = amount * table.values["port.V_plasma"][:, None]
        total = total + amount
    return total


def _brain(course: Trajectories, at: NDArray[np.intp], table: IndividualTable) -> Array:
    level = table.values["csf.Mg_e0"]
    csf = (table.values["csf.V_1"] + table.values["csf.V_2"]) / _ML_PER_L
    fluid = table.values["csf.V_3"] / _ML_PER_L
    csf_rise = course.of("csf_Mg_csf")[:, at[2]] - course.of("csf_Mg_csf")[:, at[1]]
    fluid_rise = course.of("csf_Mg_ecf")[:, at[2]] - course.of("csf_Mg_ecf")[:, at[1]]
    return np.asarray(level * (csf * csf_rise + fluid * fluid_rise))
