"""Clock hours that are used when nobody names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from threonate.errors import RegimenError, nearest

_KEYS = ("meals", "between_meals", "with_meals", "titration_steps")
RELATIONS = ("with", "between")


@dataclass(frozen=True, slots=True)
class Schedule:
    """One timetable of the shelf.

    meals             clock hours of the meals [h]
    between           doses a day -> clock hours between meals [h]
    with_meals        doses a day -> clock hours with meals [h]
    titration_steps   steps of a titration, the full amount included
    """

    meals: tuple[float, ...]
    between: Mapping[int, tuple[float, ...]]
    with_meals: Mapping[int, tuple[float, ...]]
    titration_steps: int


def clock_hours(schedule: Mapping[str, Any]) -> Schedule:
    """Read a timetable of the shelf, handed in as a mapping.

    Raises    RegimenError when something is missing or unknown

    >>> from threonate.evidence import read_catalogue
    >>> clock_hours(read_catalogue().schedules["default"]).meals
    (7.0, 12.5, 19.0)
    """
    for name in _KEYS:
        if name not in schedule:
            raise RegimenError(f"The schedule has no '{name}'; it needs {', '.join(_KEYS)}. Add it.")
    for name in schedule:
        if name not in _KEYS:
            raise RegimenError(f"The schedule has an unknown '{name}'. {nearest(name, _KEYS)}")
    return Schedule(
        meals=_hours(schedule["meals"]),
        between={int(doses): _hours(hours) for doses, hours in schedule["between_meals"].items()},
        with_meals={int(doses): _hours(hours) for doses, hours in schedule["with_meals"].items()},
        titration_steps=int(schedule["titration_steps"]),
    )


def dose_times(
    hours: Schedule, doses_per_day: int, relation: str, chosen: Sequence[float] | None = None
) -> tuple[float, ...]:
    """Clock hours of the portions.

    relation   "with" or "between" meals
    chosen     hours somebody named; they win
    Raises     RegimenError when no hours are known for this number of portions

    >>> from threonate.evidence import read_catalogue
    >>> hours = clock_hours(read_catalogue().schedules["default"])
    >>> dose_times(hours, 2, "between"), dose_times(hours, 2, "with")
    ((9.0, 21.0), (7.0, 19.0))
    """
    if chosen:
        return tuple(chosen)
    if relation not in RELATIONS:
        raise RegimenError(f"meals is '{relation}'; allowed: {', '.join(RELATIONS)}. {nearest(relation, RELATIONS)}")
    table = hours.with_meals if relation == "with" else hours.between
    if doses_per_day in table:
        return table[doses_per_day]
    most = f"{doses_per_day} doses a day {relation} meals is not possible; allowed: {min(table)} to {max(table)}"
    if relation == "with":
        raise RegimenError(
            f"{most}, because there are {len(hours.meals)} meals. Take fewer portions, take them between meals, "
            "or name dose_times_h."
        )
    raise RegimenError(f"{most}. Take fewer portions or name dose_times_h.")


def _hours(listed: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(hour) for hour in listed)
