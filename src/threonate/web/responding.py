"""What the chosen responses do: each endpoint against placebo, with its grade and the links on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from threonate.endpoints.path_grade import link_is_on
from threonate.evidence import for_endpoints
from threonate.evidence.grades import WITHOUT_HUMAN_SUPPORT
from threonate.evidence.records import Endpoint
from threonate.report.cohort import View
from threonate.report.glance import Courses, courses_from, glance_observables
from threonate.report.grading import ORDER, weakest
from threonate.report.numbers import interval
from threonate.report.responses import ILLUSTRATION, grade_of, shown_endpoints, summarise_responses, weakest_title
from threonate.simulation.glance import SHOWN
from threonate.simulation.run import allowed_hypotheses
from threonate.simulation.scenario import Scenario, check_names
from threonate.web.asking import check_cost, wrong_field
from threonate.web.desk import Desk
from threonate.web.drawing import DAY, grade_model, series_of, sources_behind, weakest_step, what_if_warning
from threonate.web.explore import answer_sentences, answered, common_fields
from threonate.web.models import (
    Axis,
    Figure,
    LinkState,
    PathStep,
    ResponseEndpoint,
    ResponseNumbers,
    ResponsesAnswer,
    ResponseTitle,
    Series,
    Stat,
)


def responses_answer(desk: Desk, scenario: Scenario, *, capped: bool = True) -> ResponsesAnswer:
    """The endpoints that a scenario asks for."""
    if not scenario.endpoints:
        raise wrong_field("endpoints", "", "ids of responses, such as sleep, or all", "Name one; see api/catalogue.")
    named = check_names(scenario, desk.catalogue)
    hypotheses = allowed_hypotheses(named, desk.catalogue)
    chosen = for_endpoints(desk.catalogue, named.endpoints).chosen
    if capped:
        check_cost([named], len(hypotheses), weight=1 + len(chosen))
    return answered(desk, ("responses", named.model_dump_json()), lambda: _answer(desk.glance([named])))


def _answer(view: View) -> ResponsesAnswer:
    told = summarise_responses(view, view.main)
    endpoints = [_endpoint(view, one, told[one.id]) for one in shown_endpoints(view)]
    figures = {one.id: one.figure for one in endpoints}
    summary = answer_sentences(view, glance_observables(view, SHOWN))
    return ResponsesAnswer(
        **common_fields(view, summary, figures),
        responses=[
            ResponseTitle(id=name, title=view.catalogue.responses[name].about.title, plain=_plain(view, name))
            for name in view.catalogue.chosen
        ],
        endpoints=endpoints,
        links=_links(view),
    )


def _plain(view: View, name: str) -> str:
    return view.catalogue.responses[name].about.plain


def _endpoint(view: View, record: Endpoint, told: Mapping[str, Any]) -> ResponseEndpoint:
    return ResponseEndpoint(
        id=record.id,
        title=record.title,
        response=record.response,
        unit=record.unit,
        benefit=record.benefit,
        illustration=record.illustration,
        noise_sd=record.noise_sd,
        smallest_difference=record.smallest_difference,
        note=record.note,
        hypotheses={name.upper(): _numbers(view, one) for name, one in told["hypotheses"].items()},
        figure=_figure(view, record, told),
        path=[
            PathStep(
                link=step["link"],
                title=step["title"],
                grade=grade_model(view.catalogue, step["grade"]),
                note=step["note"],
                on=[name.upper() for name in step["on"]],
            )
            for step in told["path"]
        ],
    )


def _numbers(view: View, numbers: Mapping[str, Any]) -> ResponseNumbers:
    return ResponseNumbers(
        grade=grade_model(view.catalogue, numbers["grade"]),
        weakest=numbers["weakest_title"],
        marks=list(numbers["marks"]),
        baseline=Stat(**numbers["baseline"]),
        last=Stat(**numbers["last_day_mean"]),
        placebo=Stat(**numbers["placebo"]),
        effect=Stat(**numbers["effect"]),
        standardised=Stat(**numbers["standardised"]),
    )


def _figure(view: View, record: Endpoint, told: Mapping[str, Any]) -> Figure:
    series: list[Series] = []
    for hypothesis, arm in view.main.arms.items():
        rows = arm.responses.filter(pl.col("endpoint") == record.id)
        for column in ("value", "placebo"):
            if column == "placebo" and series and any(one.id.endswith(":placebo") for one in series):
                continue
            courses: Courses = courses_from(rows["day"], rows[column], arm)
            title = "placebo" if column == "placebo" else hypothesis.upper()
            one = series_of(f"{hypothesis}:{column}", title, courses.band(), hypothesis.upper())
            series += [one] if one.x else []
    numbers = told["hypotheses"]
    letters = {name: one["grade"] for name, one in numbers.items()}
    worst = max(letters, key=lambda name: ORDER.index(letters[name]))
    choices = view.result.scenario.links
    return Figure(
        id=record.id,
        title=record.title,
        sentence=_sentence(view, record, numbers),
        caption=_caption(record),
        x=DAY,
        y=Axis(name=record.title, unit="" if record.unit == "1" else record.unit),
        series=series,
        reference=None,
        marks=[],
        max=max((value for one in series for value in one.median if value is not None), default=None),
        grade=grade_model(view.catalogue, weakest(list(letters.values()))),
        grades={name.upper(): grade_model(view.catalogue, letter) for name, letter in letters.items()},
        weakest=weakest_step(view.catalogue, record, worst, choices),
        sources=sources_behind(view.catalogue, record, tuple(letters), choices),
        warning=_warning(view, record),
    )


def _sentence(view: View, record: Endpoint, numbers: Mapping[str, Any]) -> str:
    parts = [
        f"{name.upper()}: {interval(one['effect'], change=True)} {record.unit if record.unit != '1' else ''} against "
        f"placebo on the last day, weakest step: {weakest_title(view, record, name)}"
        for name, one in numbers.items()
    ]
    return f"{record.title}. {'; '.join(parts)}."


def _caption(record: Endpoint) -> str:
    words = ["Line: median of the simulated people without error of measurement; band: 5-95 %; dotted: placebo course."]
    if record.illustration:
        words.append(f"{ILLUSTRATION.capitalize()}.")
    return " ".join(words)


def _warning(view: View, record: Endpoint) -> str:
    threonate = grade_of(view, record, "threonate").grade if "threonate" in view.main.arms else ""
    doubtful = "THREONATE is a hypothesis that rests on animal evidence at most."
    return what_if_warning(view, record) or (doubtful if threonate in WITHOUT_HUMAN_SUPPORT else "")


def _links(view: View) -> list[LinkState]:
    choices = view.result.scenario.links
    return [
        LinkState(
            id=link.id,
            title=link.title,
            grade=grade_model(view.catalogue, link.grade),
            default_on=link.default_on,
            on={name.upper(): link_is_on(link, name, choices) for name in view.main.arms},
            note=link.note,
            sources=[*link.sources_for, *link.sources_against],
            response=link.response,
        )
        for link in view.catalogue.links.values()
        if link.switch
    ]
