"""Figures as numbers: bands, axes, the finding in words, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from threonate.endpoints.path_grade import link_is_on, path_grade
from threonate.evidence.grades import WITHOUT_HUMAN_SUPPORT
from threonate.evidence.records import Catalogue, Endpoint
from threonate.keyed import Keyed
from threonate.report.brain_days import FLUIDS, measured_in_nobody
from threonate.report.cohort import Band, Group, View, describe_band
from threonate.report.glance import Courses, day_courses, hour_courses, relative_change
from threonate.report.grading import ORDER, endpoint_grade, grade_word, weakest
from threonate.report.numbers import direction, interval, signed
from threonate.units import HOURS_PER_DAY
from threonate.web.models import Axis, Figure, Grade, Reference, Series, Step

DAY, CLOCK, HOURS = Axis(name="day", unit="d"), Axis(name="hour of the day", unit="h"), Axis(name="time", unit="h")
FAR_APART_H = 6.0
"""Hours of a course further apart than this are not joined by a line."""
ANIMALS_ONLY = (
    "THREONATE rests on animal evidence only; it is a hypothesis, shown beside NULL and never averaged with it."
)


def grade_model(catalogue: Catalogue, letter: str) -> Grade:
    """A grade with its words."""
    record = grade_word(catalogue, letter)
    return Grade(letter=letter, word=record.word, sentence=record.sentence)


Entries = Mapping[str, Any]
"""Numbers of the main group by endpoint, as glance_observables gives them."""


def figures_of(view: View, entries: Entries) -> dict[str, Figure]:
    """The figures of Explore."""
    main = [view.main]
    drawn = [
        plasma_day(view, entries),
        *(draw(view, entries, main) for draw in (plasma_course, urine_days, brain_days)),
    ]
    return {figure.id: figure for figure in drawn if figure is not None}


def plasma_day(view: View, entries: Entries) -> Figure | None:
    """Levels by the clock on the day before the first dose and on the last day of the regimen."""
    course = hour_courses(view.main.reference, "Mg_plasma")
    starts = {"before": -HOURS_PER_DAY, "after": HOURS_PER_DAY * (view.days - 1)}
    titles = {"before": "without (day before the first dose)", "after": f"with (day {view.days})"}
    series = []
    for name, start in starts.items():
        day = course.between(start, start + HOURS_PER_DAY)
        series.append(series_of(name, titles[name], Courses(day.x - start, day.values).band()))
    said = _said(view, entries, "Mg_plasma")
    return _figure(view, said, Place("plasma", "Mg_plasma", CLOCK), [one for one in series if one.x])


def plasma_course(view: View, entries: Entries, groups: Sequence[Group]) -> Figure | None:
    """The course of plasma on the days that are recorded finely: the first ones and the last."""
    series = [
        _series_of_group(groups, group, without_lone(hour_courses(group.reference, "Mg_plasma"))) for group in groups
    ]
    said = _said(view, entries, "Mg_plasma")
    return _figure(view, said, Place("plasma_course", "Mg_plasma", HOURS), series)


def without_lone(courses: Courses) -> Courses:
    """A course without single hours far from any other, through which no line can be drawn."""
    gaps = np.diff(courses.x, prepend=-np.inf, append=np.inf)
    near = np.minimum(gaps[:-1], gaps[1:]) <= FAR_APART_H
    return Courses(courses.x[near], courses.values[:, near])


def urine_days(view: View, entries: Entries, groups: Sequence[Group]) -> Figure | None:
    """Magnesium in each whole day of urine."""
    series = [_series_of_group(groups, group, day_courses(group.reference, "Mg_urine_24h")) for group in groups]
    said = _said(view, entries, "Mg_urine_24h")
    return _figure(view, said, Place("urine", "Mg_urine_24h", DAY), series)


def brain_days(view: View, _: Entries, groups: Sequence[Group]) -> Figure | None:
    """Relative change of both brain fluids under every hypothesis, side by side."""
    series = []
    last: dict[str, tuple[float, float]] = {}
    for group in groups:
        for hypothesis, arm in group.arms.items():
            for fluid, name in FLUIDS.items():
                change = relative_change(day_courses(arm, fluid), view.unit(fluid))
                first = f"{group.title}: " if len(groups) > 1 else ""
                stem = f"{group.key}:" if len(groups) > 1 else ""
                title = f"{first}{name}, {hypothesis.upper()}"
                band = change.band()
                series.append(series_of(f"{stem}{hypothesis}:{fluid}", title, band, hypothesis.upper()))
                if group is groups[0] and fluid == "Mg_csf_relative" and len(band):
                    at = int((band.x < view.days).sum()) - 1
                    last[hypothesis] = (float(band.low[at]), float(band.high[at]))
    finding = _brain_finding(view, last)
    said = Said(finding, f"Lines by day for CSF and brain fluid under each hypothesis. {finding}.")
    return _figure(view, said, Place("brain", "Mg_csf_relative", DAY, "%"), series)


@dataclass(frozen=True, slots=True)
class Said:
    """The finding of a figure and the sentence that stands for it."""

    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Place:
    """Which figure it is: its id, endpoint, x axis, and the unit of y where it is not that of the endpoint."""

    id: str
    endpoint: str
    x: Axis
    unit: str = ""


def series_of(name: str, title: str, band: Band, hypothesis: str = "") -> Series:
    """A band as lists of numbers with nine telling digits."""
    x, median, low, high = (telling(column).tolist() for column in (band.x, band.median, band.low, band.high))
    return Series(id=name, title=title, hypothesis=hypothesis, x=x, median=median, low=low, high=high)


def telling(values: NDArray[np.float64], digits: int = 9) -> NDArray[np.float64]:
    """Values with so many telling digits.

    >>> telling(np.array([0.0, 123.4567891234, -0.00123456789123])).tolist()
    [0.0, 123.456789, -0.00123456789]
    """
    size = np.where(values == 0.0, 1.0, np.abs(values))
    scale = 10.0 ** (digits - 1 - np.floor(np.log10(size)))
    return np.asarray(np.rint(values * scale) / scale)


def _series_of_group(groups: Sequence[Group], group: Group, courses: Courses) -> Series:
    return series_of(group.key if len(groups) > 1 else "main", group.title, courses.band())


def _figure(view: View, said: Said, place: Place, series: Sequence[Series]) -> Figure | None:
    if not series or not any(one.x for one in series):
        return None
    record = view.catalogue.endpoints[place.endpoint]
    hypotheses = tuple(view.main.arms) if record.brain else (view.main.reference.hypothesis,)
    told = {key: endpoint_grade(view.catalogue, place.endpoint, key) for key in hypotheses}
    worst = max(told, key=lambda key: ORDER.index(told[key]))
    choices = view.result.scenario.links
    return Figure(
        id=place.id,
        title=said.title,
        sentence=said.sentence,
        caption=f"{_DRAWN[place.id]} {describe_band(view)}",
        x=place.x,
        y=Axis(name="change from own baseline" if place.unit else record.title, unit=place.unit or record.unit),
        series=list(series),
        reference=_reference(view) if place.endpoint == "Mg_plasma" else None,
        marks=[float(hour) for hour in view.scenario.get("dose_times_h") or ()] if place.x is CLOCK else [],
        max=max((value for one in series for value in one.median if value is not None), default=None),
        grade=grade_model(view.catalogue, weakest(list(told.values()))),
        grades={key.upper(): grade_model(view.catalogue, letter) for key, letter in told.items()},
        weakest=weakest_step(view.catalogue, record, worst, choices),
        sources=sources_behind(view.catalogue, record, hypotheses, choices),
        warning=_warning(view, record, told),
    )


def weakest_step(catalogue: Catalogue, endpoint: Endpoint, hypothesis: str, choices: Mapping[str, bool]) -> Step | None:
    """The link that sets the grade; None when the readout itself is the weakest."""
    link = catalogue.links.get(path_grade(endpoint, hypothesis, catalogue, choices).weakest)
    return None if link is None else Step(link=link.id, title=link.title, note=link.note)


def sources_behind(
    catalogue: Catalogue, endpoint: Endpoint, hypotheses: Sequence[str], choices: Mapping[str, bool]
) -> list[str]:
    """Ids of the sources of an endpoint and of the links that were on."""
    names = list(endpoint.sources)
    for link in (catalogue.links[name] for name in endpoint.path if name in catalogue.links):
        if any(link_is_on(link, hypothesis, choices) for hypothesis in hypotheses):
            names += [*link.sources_for, *link.sources_against]
    owner = _owners(Keyed(catalogue.hash, catalogue))
    return list(dict.fromkeys(owner.get(name, name) for name in names if name))


@lru_cache(maxsize=2)
def _owners(catalogue: Keyed[Catalogue]) -> Mapping[str, str]:
    """Source of each finding, by `@ID`."""
    return {f"@{finding.id}": one.id for one in catalogue.thing.sources.values() for finding in one.findings}


def _said(view: View, entries: Entries, name: str) -> Said:
    record, numbers = view.catalogue.endpoints[name], entries[name]
    change = numbers["change"]
    unit = record.unit.replace("mmol/d", "mmol per day")
    before, after = interval(numbers["baseline"]), interval(numbers["last_day_mean"])
    return Said(
        f"{record.title} {direction(change)}: {interval(change, change=True)} {unit} on the last day",
        f"{record.title} [{record.unit}]: {before} before the first dose, {after} on day {view.days}.",
    )


def _brain_finding(view: View, last: Mapping[str, tuple[float, float]]) -> str:
    parts = []
    for hypothesis, (low, high) in last.items():
        span = f"{signed(low)} to {signed(high)}" if signed(low) != signed(high) else signed(low)
        parts.append(f"{span} % under {hypothesis.upper()}")
    known = "No human measurement exists" if measured_in_nobody(view) else "Modelled, not measured"
    return f"{known}; change of CSF magnesium in the model: {', '.join(parts)}"


_DRAWN = {
    "plasma": "Level by the clock, before the first dose and on the last day.",
    "plasma_course": "The first days and the last; the days between are solved and not drawn.",
    "urine": "Urine of each whole day; day 0 is the first of the regimen.",
    "brain": "Two hypotheses, not a range: one of them at most is right. CSF and brain extracellular fluid.",
}


def what_if_warning(view: View, record: Endpoint) -> str:
    """Links without human support on the way to an endpoint that somebody switched on; empty when there are none."""
    by_hand = [
        view.catalogue.links[name].title
        for name, on in view.result.scenario.links.items()
        if on and name in record.path and view.catalogue.links[name].grade in WITHOUT_HUMAN_SUPPORT
    ]
    return f"What-if: a link without human support was switched on by hand ({'; '.join(by_hand)})." if by_hand else ""


def _warning(view: View, record: Endpoint, told: Mapping[str, str]) -> str:
    return what_if_warning(view, record) or (ANIMALS_ONLY if record.brain and "threonate" in told else "")


def _reference(view: View) -> Reference | None:
    """Reference interval of serum magnesium for this sex, from the limits on the shelf."""
    limits = view.catalogue.limits
    high = limits.get("serum_above_reference")
    low = limits.get("low_serum_women" if view.scenario.get("sex") == "female" else "low_serum_men")
    if high is None or low is None:
        return None
    title = f"from {low.high:g} ({low.authority}) to {high.low:g} {high.unit} ({high.authority})"
    return Reference(title=title, low=low.high, high=high.low)
