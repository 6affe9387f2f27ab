"""What a run touches: safety findings from the limits on the shelf, the most serious first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from threonate.evidence.records import Limit
from threonate.safety.exposure import Exposure
from threonate.safety.rules import DIET, rule_applies

Severity = Literal["note", "caution", "stop"]

REFERENCE_INTAKES = "reference_intakes"
"""Id of the one finding that sets the diet beside all reference intakes of the person."""

SEVERITIES: Sequence[Severity] = ("stop", "caution", "note")
"""The most serious first."""
_KINDS = ("kidney", "group", "intake", "serum", "interaction")


@dataclass(frozen=True, slots=True)
class SafetyFinding:
    """One thing to be careful about, in plain sentences.

    id       id of the limit, or "reference_intakes"
    value    what was compared with what, with units; empty where nothing is measured
    sources  ids of sources on the shelf
    """

    id: str
    title: str
    severity: Severity
    message: str
    value: str
    authority: str
    sources: tuple[str, ...]


def check_limits(exposure: Exposure, limits: Mapping[str, Limit]) -> tuple[SafetyFinding, ...]:
    """Every rule that this exposure touches: stop before caution before note.

    Upper intakes appear when they are exceeded, serum bands when the plasma levels of the run are given and reach
    them; rules about kidneys, medicines and groups of people appear when they hold.

    limits    of the catalogue, by id
    Raises    CatalogueError for a limit with an unknown word under `applies`

    >>> upper = Limit("ul", "Upper level", "intake", "IOM", "caution", None, 350.0, "mg/d",
    ...               {"exposure": "supplement"}, "More than the upper level.", ("iom_1997",), "")
    >>> [found] = check_limits(Exposure(age=40, supplement_mg_per_day=400), {"ul": upper})
    >>> found.severity, found.value
    ('caution', '400 mg/d; limit 350 mg/d')
    """
    holding = [limit for limit in limits.values() if rule_applies(limit, exposure)]
    found: list[tuple[str, SafetyFinding]] = []
    for kind, check in _CHECKS.items():
        found += [(kind, finding) for finding in check(exposure, [limit for limit in holding if limit.kind == kind])]
    found.sort(key=lambda pair: (SEVERITIES.index(pair[1].severity), _KINDS.index(pair[0])))
    return tuple(finding for _, finding in found)


def plain_disclaimer() -> str:
    """The sentence that stands on every page and export.

    >>> "not medical advice" in plain_disclaimer()
    True
    """
    return (
        "For research and education, not medical advice: a simulation of a typical body cannot replace "
        "somebody who knows the person, their medicines and their blood values."
    )


def _intakes(exposure: Exposure, limits: Iterable[Limit]) -> Iterable[SafetyFinding]:
    reference = []
    for limit in limits:
        what = limit.applies.get("exposure", "supplement")
        amount = exposure.amount(what)
        if what == DIET:
            reference.append(limit)
        elif limit.high is None:
            yield _finding(limit, _quantity(amount, limit.unit))
        elif amount is not None and _exceeds(amount, limit.high):
            yield _finding(limit, f"{_quantity(amount, limit.unit)}; limit {_quantity(limit.high, limit.unit)}")
    if reference:
        yield _reference_intakes(exposure.dietary_mg_per_day, reference)


def _exceeds(amount: float, bound: float) -> bool:
    return amount > bound and not math.isclose(amount, bound)


def _reference_intakes(diet: float | None, limits: Sequence[Limit]) -> SafetyFinding:
    """All reference intakes of the person in one note."""
    listed = "; ".join(f"{limit.title}: {_reference(limit)}{_place(diet, limit)}" for limit in limits)
    drawn = "The diet is drawn from the population."
    opening = drawn if diet is None else f"The diet holds {_quantity(diet, limits[0].unit)} of magnesium."
    said = " ".join(dict.fromkeys(limit.message for limit in limits))
    return SafetyFinding(
        id=REFERENCE_INTAKES,
        title="Food magnesium beside the reference intakes",
        severity=min((limit.severity for limit in limits), key=SEVERITIES.index),
        message=f"{opening} Reference intakes for this age and sex: {listed}. {said}",
        value=_quantity(diet, limits[0].unit),
        authority="; ".join(dict.fromkeys(limit.authority for limit in limits)),
        sources=tuple(dict.fromkeys(source for limit in limits for source in limit.sources)),
    )


def _reference(limit: Limit) -> str:
    both = " and ".join(f"{bound:g}" for bound in (limit.low, limit.high) if bound is not None)
    return f"{both} {limit.unit}"


def _place(diet: float | None, limit: Limit) -> str:
    if diet is None or limit.high is None:
        return ""
    if diet >= limit.high:
        return " (reached)"
    if limit.low is not None and diet >= limit.low:
        return " (between the two)"
    return " (not reached)"


def _serum(exposure: Exposure, limits: Iterable[Limit]) -> Iterable[SafetyFinding]:
    listed = list(limits)
    yield from _low_serum(exposure.lowest_mmol_per_l, [limit for limit in listed if limit.low is None])
    yield from _high_serum(exposure.highest_mmol_per_l, [limit for limit in listed if limit.low is not None])


def _low_serum(level: float | None, limits: Iterable[Limit]) -> Iterable[SafetyFinding]:
    for limit in limits:
        if level is not None and limit.high is not None and level < limit.high:
            yield _finding(limit, f"lowest {_level(level, limit)}; interval from {_level(limit.high, limit)}")


def _high_serum(level: float | None, limits: Sequence[Limit]) -> Iterable[SafetyFinding]:
    """Bands that hold the level; beyond the end of every band, also the one that starts highest."""
    if level is None:
        return
    beyond = all(limit.high is None or level > limit.high for limit in limits)
    highest_start = max((_low(limit) for limit in limits), default=math.inf)
    for limit in sorted(limits, key=_low):
        inside = _low(limit) <= level and (limit.high is None or level <= limit.high)
        if inside or (beyond and _low(limit) == highest_start and level >= highest_start):
            yield _finding(limit, f"highest {_level(level, limit)}; described at {_bounds(limit)}")


def _low(limit: Limit) -> float:
    return -math.inf if limit.low is None else limit.low


def _kidney(exposure: Exposure, limits: Iterable[Limit]) -> Iterable[SafetyFinding]:
    for limit in limits:
        about_filtration = "egfr_below" in limit.applies or "egfr_from" in limit.applies
        if about_filtration and exposure.egfr is not None:
            yield _finding(limit, f"eGFR {_quantity(exposure.egfr, limit.unit)}")
        else:
            yield _finding(limit, _bounds(limit))


def _interactions(exposure: Exposure, limits: Iterable[Limit]) -> Iterable[SafetyFinding]:
    return (_finding(limit, _bounds(limit)) for limit in limits)


def _groups(exposure: Exposure, limits: Iterable[Limit]) -> Iterable[SafetyFinding]:
    for limit in limits:
        what = limit.applies.get("exposure")
        bounds = _bounds(limit)
        yield _finding(limit, _quantity(exposure.amount(what), limit.unit) if what and not bounds else bounds)


_CHECKS: Mapping[str, Callable[[Exposure, Iterable[Limit]], Iterable[SafetyFinding]]] = {
    "kidney": _kidney,
    "group": _groups,
    "intake": _intakes,
    "serum": _serum,
    "interaction": _interactions,
}


def _finding(limit: Limit, value: str) -> SafetyFinding:
    return SafetyFinding(limit.id, limit.title, limit.severity, limit.message, value, limit.authority, limit.sources)


def _quantity(amount: float | None, unit: str) -> str:
    """An amount with its unit; empty without a unit."""
    return "" if amount is None or not unit else f"{round(amount, 1):g} {unit}"


def _level(level: float, limit: Limit) -> str:
    return f"{level:.2f} {limit.unit}"


def _bounds(limit: Limit) -> str:
    if limit.low is not None and limit.high is not None:
        return f"{limit.low:g} to {limit.high:g} {limit.unit}"
    if limit.low is not None:
        return f"{limit.low:g} {limit.unit} and above"
    return f"up to {limit.high:g} {limit.unit}" if limit.high is not None else ""
