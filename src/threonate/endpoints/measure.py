"""Daily values of every endpoint, for every subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threonate.engine import Trajectories
from threonate.errors import EngineError
from threonate.evidence import Endpoint
from threonate.units import HOURS_PER_DAY

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DayGrid:
    """Which days a run has.

    first_day    negative: the number of run-in days before the regimen
    days         all days of the run
    washout      days after the regimen
    """

    first_day: int
    days: int
    washout: int = 0

    @property
    def last_day(self) -> int:
        """Number of the last day of the regimen."""
        return self.first_day + self.days - self.washout - 1

    @property
    def bounds_h(self) -> Array:
        """(day + 1,) midnights on the clock of the run [h]."""
        return np.asarray(np.arange(self.days + 1) * HOURS_PER_DAY, dtype=np.float64)

    @property
    def labels(self) -> NDArray[np.int64]:
        """(day,) day numbers; 0 is the first day of the regimen."""
        return np.arange(self.days) + self.first_day


def sbml_id(symbol: str) -> str:
    """The id of `organ.symbol` in the network.

    >>> sbml_id("kidney.Mg_urine"), sbml_id("Mg_plasma")
    ('kidney_Mg_urine', 'Mg_plasma')
    """
    return symbol.replace(".", "_")


def recorded_ids(endpoints: Iterable[Endpoint]) -> tuple[str, ...]:
    """SBML ids that daily values need: integrals for means, the quantity itself for the rest."""
    ids = (f"integral_{sbml_id(e.symbol)}" if e.kind == "mean" else sbml_id(e.symbol) for e in endpoints)
    return tuple(dict.fromkeys(ids))


def measure(
    trajectories: Trajectories, endpoints: Mapping[str, Endpoint], grid: DayGrid, swallowed_mmol: Array
) -> pl.DataFrame:
    """Daily values.

    trajectories    recorded at least at every midnight of `grid`
    swallowed_mmol  (subject, day) magnesium swallowed with food and supplement [mmol]
    Returns         subject, day, endpoint, value; failed subjects have null values
    Raises          EngineError when a midnight was not recorded
    """
    at_midnight = _midnights(trajectories, grid)
    subjects = len(trajectories.status)
    frames = []
    for endpoint in endpoints.values():
        value = _daily(endpoint, trajectories, at_midnight, swallowed_mmol)
        frames.append(
            pl.DataFrame(
                {
                    "subject": np.repeat(np.arange(subjects), grid.days),
                    "day": np.tile(grid.labels, subjects),
                    "endpoint": np.full(subjects * grid.days, endpoint.id),
                    "value": value.ravel(),
                }
            )
        )
    return pl.concat(frames).with_columns(pl.col("value").fill_nan(None))


def _midnights(trajectories: Trajectories, grid: DayGrid) -> NDArray[np.int64]:
    missing = np.setdiff1d(grid.bounds_h, trajectories.times_h)
    if len(missing):
        raise EngineError(f"The course was not recorded at {missing[0]:g} h; daily values need every midnight.")
    return np.searchsorted(trajectories.times_h, grid.bounds_h)


def _daily(endpoint: Endpoint, trajectories: Trajectories, at_midnight: NDArray[np.int64], swallowed: Array) -> Array:
    name = recorded_ids([endpoint])[0]
    course = trajectories.of(name)[:, at_midnight]
    if endpoint.kind == "end":
        return course[:, 1:]
    gained = np.diff(course, axis=1)
    if endpoint.kind == "mean":
        return np.asarray(gained / HOURS_PER_DAY)
    if endpoint.kind == "increase":
        return np.asarray(gained)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(swallowed > 0.0, gained / swallowed, np.nan)
