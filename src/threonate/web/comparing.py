"""Two to four regimens for the same people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from threonate.evidence import Catalogue
from threonate.report.cohort import Group, View
from threonate.report.exposure import exposure_of, ratios
from threonate.report.glance import Array, glance_observables, quick_statistic
from threonate.simulation.findings import findings_of, levels_of
from threonate.simulation.glance import SHOWN
from threonate.simulation.run import allowed_hypotheses
from threonate.simulation.scenario import Scenario, check_names
from threonate.web.asking import check_cost, query_of, wrong_field
from threonate.web.desk import Desk
from threonate.web.drawing import brain_days, plasma_course, urine_days
from threonate.web.explore import (
    answer_sentences,
    answered,
    common_fields,
    dose_of,
    finding_model,
)
from threonate.web.models import CompareAnswer, ComparedArm, Metric, Stat, Threshold

THRESHOLD_FINDING = "PLA01"
"""Finding whose upper end is the level that time above is counted from when none is named."""
METRICS = (
    Metric(id="auc", title="Area of plasma magnesium above own baseline, last day", unit="mmol h/L"),
    Metric(id="cmax", title="Highest plasma magnesium, last day", unit="mmol/L"),
    Metric(id="cmin", title="Lowest plasma magnesium, last day", unit="mmol/L"),
    Metric(id="time_above", title="Time above the threshold, last day", unit="h"),
    Metric(id="urine", title="Extra urinary magnesium, last day", unit="mmol/d"),
    Metric(id="absorbed", title="Absorbed share of the supplement", unit="%"),
)
LOWEST, HIGHEST = 0.1, 10.0


def compare_answer(
    desk: Desk, scenarios: Sequence[Scenario], threshold: float | None, *, capped: bool = True
) -> CompareAnswer:
    """The comparison; the first scenario is what the others are set against."""
    plain: dict[str, object] = {"endpoints": (), "links": {}, "priors": {}}
    named = [check_names(one.model_copy(update=plain), desk.catalogue) for one in scenarios]
    hypotheses = allowed_hypotheses(named[0], desk.catalogue)
    if capped:
        check_cost(named, len(hypotheses))
    if threshold is not None and not LOWEST <= threshold <= HIGHEST:
        raise wrong_field("threshold", threshold, f"{LOWEST:g} to {HIGHEST:g} mmol/L", "Give a plasma level.")
    level = _threshold(threshold, desk.catalogue)
    key = ("compare", [one.model_dump_json() for one in named], level.value)
    return answered(desk, key, lambda: _compare(desk.glance(named), named, level))


def _threshold(asked: float | None, catalogue: Catalogue) -> Threshold:
    if asked is not None:
        return Threshold(value=asked, unit="mmol/L", title="chosen level")
    for source in catalogue.sources.values():
        for finding in source.findings:
            if finding.id == THRESHOLD_FINDING:
                title = f"upper end of a reference range ({source.citation})"
                return Threshold(value=float(finding.high), unit=finding.unit, title=title)
    raise wrong_field("threshold", "", "a level in mmol/L", "Give a plasma level.")


def _compare(view: View, scenarios: Sequence[Scenario], level: Threshold) -> CompareAnswer:
    groups = _in_order(view, scenarios)
    entries = glance_observables(view, SHOWN)
    drawn = [draw(view, entries, groups) for draw in (plasma_course, urine_days, brain_days)]
    figures = {name: one for name, one in zip(("plasma", "urine", "brain"), drawn, strict=True) if one is not None}
    measures = [exposure_of(view, group, level.value) for group in groups]
    arms = [
        _arm(view, (group, scenario), measured, None if at == 0 else ratios(measured, measures[0]))
        for at, (group, scenario, measured) in enumerate(zip(groups, scenarios, measures, strict=True))
    ]
    summary = answer_sentences(view, entries)
    return CompareAnswer(
        **common_fields(view, summary, figures), arms=arms, metrics=list(METRICS), threshold=level, figures=figures
    )


def _in_order(view: View, scenarios: Sequence[Scenario]) -> list[Group]:
    """The groups as the scenarios were named; a view puts the first compound in front, which is the first here."""
    turns: dict[str, int] = {}
    keys = []
    for scenario in scenarios:
        turn = turns[scenario.compound] = turns.get(scenario.compound, 0) + 1
        keys.append(scenario.compound if turn == 1 else f"{scenario.compound}-{turn}")
    found = {group.key: group for group in view.groups}
    return [found[key] for key in keys]


def _arm(
    view: View, who: tuple[Group, Scenario], measured: Mapping[str, Array], against: Mapping[str, Array] | None
) -> ComparedArm:
    group, scenario = who
    findings = findings_of([(scenario, levels_of(group.reference))], view.catalogue)
    return ComparedArm(
        id=group.key,
        title=group.title,
        query=query_of(scenario),
        dose=dose_of(scenario, view.catalogue),
        metrics=_statistics(measured),
        ratios=None if against is None else _statistics(against),
        safety=[finding_model(one) for one in findings],
    )


def _statistics(measured: Mapping[str, Array]) -> dict[str, Stat]:
    return {name: Stat(**quick_statistic(values)) for name, values in measured.items()}
