"""Daily values of every endpoint, for every subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threonate.engine import Trajectories
from threonate.errors import EngineError
from threonate.evidence import Endpoint
from threonate.units import HOURS_PER_DAY

Array = NDArray[np.float64]
RESPONSE_COLUMNS = {
    "subject": pl.Int64,
    "day": pl.Int64,
    "endpoint": pl.String,
    "value": pl.Float64,
    "placebo": pl.Float64,
    "noise": pl.Float64,
}


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


def measured_ids(endpoint: Endpoint) -> tuple[str, ...]:
    """SBML ids of the quantity, and of its placebo course where there is one."""
    return tuple(sbml_id(symbol) for symbol in (endpoint.symbol, endpoint.placebo) if symbol)


def recorded_ids(endpoints: Iterable[Endpoint]) -> tuple[str, ...]:
    """SBML ids that daily values need: integrals for means, the quantity itself for the rest."""
    ids = (_recorded(name, e.kind) for e in endpoints for name in measured_ids(e))
    return tuple(dict.fromkeys(ids))


def _recorded(name: str, kind: str) -> str:
    return f"integral_{name}" if kind == "mean" else name


def measure(
    trajectories: Trajectories, endpoints: Mapping[str, Endpoint], grid: DayGrid, swallowed_mmol: Array
) -> pl.DataFrame:
    """Daily values.

    trajectories    recorded at least at every midnight of `grid`
    swallowed_mmol  (subject, day) magnesium swallowed with food and supplement [mmol]
    Returns         subject, day, endpoint, value; failed subjects have null values; endpoints of responses are left out
    Raises          EngineError when a midnight was not recorded
    """
    at_midnight = _midnights(trajectories, grid)
    chosen = [one for one in endpoints.values() if not one.response]
    read = [(sbml_id(one.symbol), one.kind) for one in chosen]
    values = [_daily(one, trajectories, at_midnight, swallowed_mmol) for one in read]
    return _long(chosen, grid, len(trajectories.status), value=values)


def measure_responses(
    trajectories: Trajectories, endpoints: Mapping[str, Endpoint], grid: DayGrid, noise: Callable[[str], Array]
) -> pl.DataFrame:
    """Daily values of the endpoints of responses.

    trajectories    recorded at least at every midnight of `grid`
    noise           name of a stream -> (subject,) standard-normal deviations
    Returns         subject, day, endpoint, value (true), placebo (the course without magnesium, null where there is
                    none), noise (what one measurement of that day would add to the true value)
    Raises          EngineError when a midnight was not recorded
    """
    at_midnight = _midnights(trajectories, grid)
    subjects = len(trajectories.status)
    none = np.zeros((subjects, grid.days))
    chosen = [one for one in endpoints.values() if one.response]
    if not chosen:
        return pl.DataFrame(schema=RESPONSE_COLUMNS)
    true, placebos, drawings = [], [], []
    for endpoint in chosen:
        columns = [_daily((name, endpoint.kind), trajectories, at_midnight, none) for name in measured_ids(endpoint)]
        placebo = columns[1] if endpoint.placebo else np.full_like(columns[0], np.nan)
        drawn = none
        if endpoint.noise_sd > 0.0:
            drawn = endpoint.noise_sd * np.stack([noise(f"noise {endpoint.id} {day}") for day in grid.labels], axis=1)
        true.append(columns[0])
        placebos.append(placebo)
        drawings.append(drawn)
    return _long(chosen, grid, subjects, value=true, placebo=placebos, noise=drawings)


def _long(endpoints: Sequence[Endpoint], grid: DayGrid, subjects: int, **columns: Sequence[Array]) -> pl.DataFrame:
    """One row per endpoint, subject and day; the columns given are (subject, day) for each endpoint, null where NaN."""
    rows = subjects * grid.days
    ids = pl.Series([endpoint.id for endpoint in endpoints], dtype=pl.String)
    return pl.DataFrame(
        {
            "subject": np.tile(np.repeat(np.arange(subjects), grid.days), len(endpoints)),
            "day": np.tile(grid.labels, subjects * len(endpoints)),
            "endpoint": ids.gather(np.repeat(np.arange(len(endpoints)), rows)),
            **{
                name: pl.Series(np.concatenate([one.ravel() for one in values]), nan_to_null=True)
                for name, values in columns.items()
            },
        }
    )


def _midnights(trajectories: Trajectories, grid: DayGrid) -> NDArray[np.int64]:
    missing = np.setdiff1d(grid.bounds_h, trajectories.times_h)
    if len(missing):
        raise EngineError(f"The course was not recorded at {missing[0]:g} h; daily values need every midnight.")
    return np.searchsorted(trajectories.times_h, grid.bounds_h)


def _daily(
    read: tuple[str, str], trajectories: Trajectories, at_midnight: NDArray[np.int64], swallowed: Array
) -> Array:
    """(subject, day) values of one quantity; `read` is its SBML id and the kind of summary."""
    name, kind = read
    course = trajectories.of(_recorded(name, kind))[:, at_midnight]
    if kind == "end":
        return course[:, 1:]
    gained = np.diff(course, axis=1)
    if kind == "mean":
        return np.asarray(gained / HOURS_PER_DAY)
    if kind == "increase":
        return np.asarray(gained)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(swallowed > 0.0, gained / swallowed, np.nan)
