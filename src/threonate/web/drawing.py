"""Figures as numbers: bands, axes, the finding in words, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from threonate.endpoints.path_grade import link_is_on, path_grade
from threonate.evidence.records import Catalogue, Endpoint
from threonate.report.brain_days import FLUIDS, measured_in_nobody
from threonate.report.cohort import Band, Group, View, describe_band
from threonate.report.glance import Courses, day_courses, hour_courses, numbers_of, relative_change
from threonate.report.grading import endpoint_grade, grade_word, weakest
from threonate.report.numbers import direction, interval, signed
from threonate.units import HOURS_PER_DAY
from threonate.web.models import Axis, Figure, Grade, Reference, Series, Step

DAY, CLOCK, HOURS = Axis(name="day", unit="d"), Axis(name="hour of the day", unit="h"), Axis(name="time", unit="h")
ANIMALS_ONLY = (
    "THREONATE rests on animal evidence only; it is a hypothesis, shown beside NULL and never averaged with it."
)


def grade_model(catalogue: Catalogue, letter: str) -> Grade:
    """A grade with its words."""
    record = grade_word(catalogue, letter)
    return Grade(letter=letter, word=record.word, sentence=record.sentence)


def figures_of(view: View) -> dict[str, Figure]:
    """The figures of Explore."""
    main = view.main
    drawn = [plasma_day(view, main), plasma_course(view, [main]), urine_days(view, [main]), brain_days(view, [main])]
    return {figure.id: figure for figure in drawn if figure is not None}


def plasma_day(view: View, group: Group) -> Figure | None:
    """Levels by the clock on the day before the first dose and on the last day of the regimen."""
    course = hour_courses(group.reference, "Mg_plasma")
    starts = {"before": -HOURS_PER_DAY, "after": HOURS_PER_DAY * (view.days - 1)}
    titles = {"before": "without (day before the first dose)", "after": f"with (day {view.days})"}
    series = []
    for name, start in starts.items():
        day = course.between(start, start + HOURS_PER_DAY)
        series.append(series_of(name, titles[name], Courses(day.x - start, day.values).band()))
    return _figure(view, "plasma", "Mg_plasma", CLOCK, [one for one in series if one.x])


def plasma_course(view: View, groups: Sequence[Group]) -> Figure | None:
    """The whole recorded course of plasma; fine on the first and last days, at midnights between."""
    series = [_series_of_group(groups, group, hour_courses(group.reference, "Mg_plasma")) for group in groups]
    return _figure(view, "plasma_course", "Mg_plasma", HOURS, series)


def urine_days(view: View, groups: Sequence[Group]) -> Figure | None:
    """Magnesium in each whole day of urine."""
    series = [_series_of_group(groups, group, day_courses(group.reference, "Mg_urine_24h")) for group in groups]
    return _figure(view, "urine", "Mg_urine_24h", DAY, series)


def brain_days(view: View, groups: Sequence[Group]) -> Figure | None:
    """Relative change of both brain fluids under every hypothesis, side by side."""
    series = []
    for group in groups:
        for hypothesis, arm in group.arms.items():
            for fluid, name in FLUIDS.items():
                change = relative_change(day_courses(arm, fluid), view.unit(fluid))
                first = f"{group.title}: " if len(groups) > 1 else ""
                stem = f"{group.key}:" if len(groups) > 1 else ""
                title = f"{first}{name}, {hypothesis.upper()}"
                series.append(series_of(f"{stem}{hypothesis}:{fluid}", title, change.band(), hypothesis.upper()))
    return _figure(view, "brain", "Mg_csf_relative", DAY, series, unit="%")


def series_of(name: str, title: str, band: Band, hypothesis: str = "") -> Series:
    """A band as lists of numbers with nine telling digits."""
    columns = (
        [float(f"{one:.9g}") for one in column.tolist()] for column in (band.x, band.median, band.low, band.high)
    )
    x, median, low, high = columns
    return Series(id=name, title=title, hypothesis=hypothesis, x=x, median=list(median), low=list(low), high=list(high))


def _series_of_group(groups: Sequence[Group], group: Group, courses: Courses) -> Series:
    return series_of(group.key if len(groups) > 1 else "main", group.title, courses.band())


def _figure(view: View, name: str, endpoint: str, x: Axis, series: Sequence[Series], unit: str = "") -> Figure | None:
    if not series or not any(one.x for one in series):
        return None
    record = view.catalogue.endpoints[endpoint]
    letters = {key: endpoint_grade(view.catalogue, endpoint, key) for key in view.main.arms}
    told = letters if record.brain else {view.main.reference.hypothesis: letters[view.main.reference.hypothesis]}
    worst = max(told, key=lambda key: "ABCNDEUX".index(told[key]))
    return Figure(
        id=name,
        title=_finding(view, record, name),
        sentence=_sentence(view, record, name),
        caption=_caption(view, name),
        x=x,
        y=Axis(name=record.title if name != "brain" else "change from own baseline", unit=unit or record.unit),
        series=list(series),
        reference=_reference(view) if endpoint == "Mg_plasma" else None,
        marks=[float(hour) for hour in view.scenario.get("dose_times_h") or ()] if x is CLOCK else [],
        max=max((value for one in series for value in one.median if value is not None), default=None),
        grade=grade_model(view.catalogue, weakest(list(told.values()))),
        grades={key.upper(): grade_model(view.catalogue, letter) for key, letter in told.items()},
        weakest=weakest_step(view.catalogue, record, worst, view.result.scenario.links),
        sources=sources_behind(view.catalogue, record, tuple(told), view.result.scenario.links),
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
    owner = {f"@{finding.id}": one.id for one in catalogue.sources.values() for finding in one.findings}
    return list(dict.fromkeys(owner.get(name, name) for name in names if name))


def _finding(view: View, record: Endpoint, name: str) -> str:
    if name == "brain":
        return _brain_finding(view)
    change = numbers_of(view, view.main.reference, record.id)["change"]
    unit = record.unit.replace("mmol/d", "mmol per day")
    return f"{record.title} {direction(change)}: {interval(change, change=True)} {unit} on the last day"


def _brain_finding(view: View) -> str:
    parts = []
    for hypothesis, arm in view.main.arms.items():
        last = relative_change(day_courses(arm, "Mg_csf_relative"), view.unit("Mg_csf_relative"))
        band = last.between(0, view.days - 1).band()
        if len(band):
            low, high = signed(float(band.low[-1])), signed(float(band.high[-1]))
            parts.append(f"{low} to {high} % under {hypothesis.upper()}" if low != high else f"{low} % under NULL")
    known = "No human measurement exists" if measured_in_nobody(view) else "Modelled, not measured"
    return f"{known}; change of CSF magnesium in the model: {', '.join(parts)}"


def _sentence(view: View, record: Endpoint, name: str) -> str:
    if name == "brain":
        return f"Lines by day for CSF and brain fluid under each hypothesis. {_brain_finding(view)}."
    numbers = numbers_of(view, view.main.reference, record.id)
    before, after = interval(numbers["baseline"]), interval(numbers["last_day_mean"])
    return f"{record.title} [{record.unit}]: {before} before the first dose, {after} on day {view.days}."


def _caption(view: View, name: str) -> str:
    drawn = {
        "plasma": "Level by the clock, before the first dose and on the last day.",
        "plasma_course": "Fine on the first and last days, at midnights between.",
        "urine": "Urine of each whole day; day 0 is the first of the regimen.",
        "brain": "Two hypotheses, not a range: one of them at most is right. CSF and brain extracellular fluid.",
    }
    return f"{drawn[name]} {describe_band(view)}"


def _warning(view: View, record: Endpoint, told: Mapping[str, str]) -> str:
    by_hand = [
        view.catalogue.links[name].title
        for name, on in view.result.scenario.links.items()
        if on and name in record.path and view.catalogue.links[name].grade in "DENXU"
    ]
    if by_hand:
        return f"What-if: a link without human support was switched on by hand ({'; '.join(by_hand)})."
    return ANIMALS_ONLY if record.brain and "threonate" in told else ""


def _reference(view: View) -> Reference | None:
    """Reference interval of serum magnesium for this sex, from the limits on the shelf."""
    limits = view.catalogue.limits
    high = limits.get("serum_above_reference")
    low = limits.get("low_serum_women" if view.scenario.get("sex") == "female" else "low_serum_men")
    if high is None or low is None:
        return None
    title = f"from {low.high:g} ({low.authority}) to {high.low:g} {high.unit} ({high.authority})"
    return Reference(title=title, low=low.high, high=high.low)
