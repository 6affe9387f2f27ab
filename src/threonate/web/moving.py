"""Which inputs move the answer most, read from the people who were simulated."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from threonate.evidence import Catalogue
from threonate.report.cohort import View
from threonate.report.glance import Array, Courses, day_courses, relative_change
from threonate.report.movers import Mover, movers_of
from threonate.safety.findings import plain_disclaimer
from threonate.simulation.glance import SHOWN
from threonate.simulation.run import People, allowed_hypotheses
from threonate.simulation.scenario import Scenario, check_names
from threonate.simulation.scenario_fields import extra_of
from threonate.web.asking import check_cost
from threonate.web.desk import Desk
from threonate.web.models import MovedOutcome, MoversAnswer, MovingInput

CAPTION = (
    "The simulated people are sorted by one input at a time. Each bar runs from the median change in the fifth of them "
    "with the least of it to that in the fifth with the most. Inputs that go together share their bars, so a bar is no "
    "proof of a cause; what chance could have done among so many people is left out."
)


def movers_answer(desk: Desk, scenario: Scenario) -> MoversAnswer:
    """The inputs with which each change on the last day goes."""
    named = check_names(scenario.model_copy(update={"endpoints": (), "links": {}, "priors": {}}), desk.catalogue)
    check_cost([named], len(allowed_hypotheses(named, desk.catalogue)))
    key = ("movers", named.model_dump_json())
    made: MoversAnswer = desk.answers.get(str(key), lambda: _answer(desk.glance([named]), desk.people_of(named)))[0]
    return made


def _answer(view: View, people: People) -> MoversAnswer:
    ok = view.main.reference.status["ok"].to_numpy()
    inputs = {name: values[ok] for name, values in inputs_of(people, view.catalogue).items()}
    return MoversAnswer(
        outcomes=[
            _outcome(view, (name, hypothesis), change, inputs)
            for name in SHOWN
            for hypothesis, change in _changes(view, name).items()
        ],
        people=int(ok.sum()),
        caption=CAPTION,
        disclaimer=plain_disclaimer(),
    )


def _outcome(view: View, which: tuple[str, str], change: Array, inputs: Mapping[str, Array]) -> MovedOutcome:
    name, hypothesis = which
    record = view.catalogue.endpoints[name]
    return MovedOutcome(
        id=name,
        title=record.title,
        unit="%" if record.brain else record.unit,
        hypothesis=hypothesis.upper(),
        middle=float(np.median(change)) if len(change) else None,
        movers=[_told(mover, view.catalogue) for mover in movers_of(inputs, change)],
    )


def inputs_of(people: People, catalogue: Catalogue) -> dict[str, Array]:
    """What was drawn for each subject: covariates, and symbols that have a spread or a doubt."""
    drawn = {
        row.id for (_, species), row in catalogue.parameters.items()
        if species == "human" and (row.between_sd > 0.0 or row.uncertainty_sd > 0.0)
    }  # fmt: skip
    columns = {name: np.asarray(values, dtype=np.float64) for name, values in people.cohort.covariates.items()}
    table = people.baseline.table.values
    return columns | {name: np.asarray(table[name], dtype=np.float64) for name in table if name in drawn}


def _changes(view: View, name: str) -> dict[str, Array]:
    """(subject,) change from the run-in mean to the last regimen day; in % under each hypothesis in the brain."""
    record = view.catalogue.endpoints[name]
    if record.brain:
        return {key: _last(view, relative_change(day_courses(arm, name))) for key, arm in view.main.arms.items()}
    days = day_courses(view.main.reference, name)
    return {"": _last(view, days) - days.values[:, days.x < 0].mean(axis=1)}


def _last(view: View, days: Courses) -> Array:
    return np.asarray(days.values[:, (days.x >= 0) & (days.x < view.days)][:, -1])


def _told(mover: Mover, catalogue: Catalogue) -> MovingInput:
    row = catalogue.parameters.get((mover.id, "human"))
    field = Scenario.model_fields.get(mover.id)
    return MovingInput(
        id=mover.id,
        note=row.note if row else (field.description or "") if field else "",
        unit=row.unit if row else str(extra_of(field).get("unit", "")) if field else "",
        least=mover.inputs[0],
        most=mover.inputs[1],
        low=mover.outcomes[0],
        high=mover.outcomes[1],
        correlation=round(mover.correlation, 3),
    )
