"""Where the swallowed magnesium was at the end of each day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from threonate.report.cohort import View
from threonate.report.glance import Array, Courses, glance_observables
from threonate.report.grading import endpoint_grade
from threonate.simulation.fate import Fate
from threonate.simulation.glance import SHOWN
from threonate.simulation.run import allowed_hypotheses
from threonate.simulation.scenario import Scenario, check_names
from threonate.web.asking import check_cost
from threonate.web.desk import Desk
from threonate.web.drawing import DAY, figures_of, grade_model
from threonate.web.explore import answer_sentences, answered, common_fields
from threonate.web.models import (
    Axis,
    BodyMapAnswer,
    BrainCourse,
    DayBand,
    Figure,
    Flow,
    PlaceCourse,
    Series,
    Swallowed,
)

UMOL_PER_MMOL = 1000.0
BODY = "plasma"
LEFT_THE_GUT = ("muscle", "red_cells", "bone", "urine", "sweat", "dialysate")
CAPTION = (
    "Extra magnesium only: what would not be there without the supplement, mean over the simulated people (means add "
    "up, medians do not). Flows are net, from the first dose to the end of the day. The brain is a readout of CSF and "
    "brain fluid, too small to draw to scale and no part of the sum; under each hypothesis, never averaged."
)


def body_map_answer(desk: Desk, scenario: Scenario, *, capped: bool = True) -> BodyMapAnswer:
    """The amounts per place, day by day."""
    plain: dict[str, object] = {"endpoints": (), "links": {}, "priors": {}}
    named = check_names(scenario.model_copy(update=plain), desk.catalogue)
    hypotheses = allowed_hypotheses(named, desk.catalogue)
    if capped:
        check_cost([named], len(hypotheses), weight=2)
    return answered(
        desk, ("body_map", named.model_dump_json()), lambda: _answer(desk.glance([named]), desk.fate(named))
    )


def _answer(view: View, fate: Fate) -> BodyMapAnswer:
    places = {place: values[fate.ok] for place, values in fate.places.items()}
    given = fate.given[fate.ok]
    shown = {name: values for name, values in places.items() if _matters(name, values, given)}
    missing = np.abs(sum(places.values()) - given).max() if given.size else 0.0
    entries = glance_observables(view, SHOWN)
    summary = answer_sentences(view, entries)
    return BodyMapAnswer(
        **common_fields(view, summary, figures_of(view, entries)),
        days=fate.days.tolist(),
        swallowed=Swallowed(mean=_mean(given)),
        places=[_place(view, name, values) for name, values in shown.items()],
        flows=_flows(places, given, shown),
        brain=[_brain(view, name, values[fate.ok]) for name, values in fate.brain.items()],
        unaccounted_mmol=float(f"{missing:.3g}"),
        caption=CAPTION,
        grade=grade_model(view.catalogue, endpoint_grade(view.catalogue, "Mg_absorbed_24h", "null")),
    )


def _matters(name: str, values: Array, given: Array) -> bool:
    """Places that magnesium can be in for these people; sweat and dialysate only where there is some."""
    least = 1e-4 * float(given.max()) if given.size else 0.0
    return name not in ("sweat", "dialysate") or bool(values.size and np.abs(values).max() > least)


def _mean(values: Array) -> list[float]:
    return [float(f"{one:.6g}") for one in values.mean(axis=0)] if len(values) else []


def _band(values: Array) -> DayBand:
    band = Courses(np.arange(values.shape[1], dtype=np.float64), values).band()
    median, low, high = (
        [float(f"{one:.6g}") for one in column.tolist()] for column in (band.median, band.low, band.high)
    )
    return DayBand(median=list(median), low=list(low), high=list(high))


def _place(view: View, name: str, values: Array) -> PlaceCourse:
    place = view.catalogue.places[name]
    return PlaceCourse(id=name, title=place.title, in_body=place.body, mean=list(_mean(values)), band=_band(values))


def _flows(places: Mapping[str, Array], given: Array, shown: Sequence[str] | Mapping[str, Array]) -> list[Flow]:
    """Net movement since the first dose: mouth to gut, gut to faeces and blood, blood to everywhere else."""
    absorbed = given - places["gut"] - places["faeces"]
    flows = [
        Flow(start="swallowed", end="gut", mmol=list(_mean(given))),
        Flow(start="gut", end="faeces", mmol=list(_mean(places["faeces"]))),
        Flow(start="gut", end=BODY, mmol=list(_mean(absorbed))),
    ]
    flows += [
        Flow(start=BODY, end=name, mmol=list(_mean(places[name])))
        for name in LEFT_THE_GUT
        if name in places and name in shown
    ]
    return flows


def _brain(view: View, hypothesis: str, values: Array) -> BrainCourse:
    grade = endpoint_grade(view.catalogue, "Mg_csf_relative", hypothesis)
    return BrainCourse(
        hypothesis=hypothesis.upper(), grade=grade_model(view.catalogue, grade), umol=_band(values * UMOL_PER_MMOL)
    )


def map_figure(answer: BodyMapAnswer) -> Figure:
    """The places as lines by day, for a file."""
    x = [float(day) for day in answer.days]
    series = [
        Series(
            id=place.id,
            title=place.title,
            hypothesis="",
            x=x,
            median=place.band.median,
            low=place.band.low,
            high=place.band.high,
        )
        for place in answer.places
    ]
    return Figure(
        id="body_map",
        title="Where the swallowed magnesium is at the end of each day",
        sentence="Extra magnesium in each place, by day.",
        caption=answer.caption,
        x=DAY,
        y=Axis(name="extra magnesium", unit="mmol"),
        series=series,
        reference=None,
        marks=[],
        max=max((value for one in series for value in one.median if value is not None), default=None),
        grade=answer.grade,
        grades={},
        weakest=None,
        sources=answer.sources,
        warning="",
    )
