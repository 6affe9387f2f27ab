"""Responses beyond magnesium itself: numbers against placebo, with the weakest step named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from threonate.endpoints.path_grade import PathGrade, link_grade, link_is_on, path_grade
from threonate.evidence.important import important_told
from threonate.evidence.records import Endpoint, Link
from threonate.report.cohort import Group, View, baselines, last_regimen_day, sound
from threonate.report.grading import grade_word
from threonate.report.summary import Statistic, statistic

if TYPE_CHECKING:
    from threonate.simulation.result import Arm

ILLUSTRATION = "illustration, not prediction"
WHAT_IF = "what-if"
NO_LINK = "no link of this response to magnesium is on"
FEWEST_PEOPLE = 8
SMALLEST_SPREAD = 0.01
"""Simulated people, and the spread between them as a share of their mean, that an effect may be divided by."""
NEGLIGIBLE = 1e-4
"""Share of a subject's largest value below which a difference is the solver's or unreadable, and shown as none."""


def shown_endpoints(view: View) -> list[Endpoint]:
    """Endpoints of responses that were measured, response by response."""
    recorded = set(view.main.reference.responses["endpoint"].unique().to_list())
    found = [one for one in view.catalogue.endpoints.values() if one.response and one.id in recorded]
    return sorted(found, key=lambda one: (one.response, one.id))


def response_days(arm: Arm, endpoint: str) -> pl.DataFrame:
    """Columns subject, day, value, placebo, noise, measured of one endpoint, sound subjects only."""
    days = sound(arm.responses.filter(pl.col("endpoint") == endpoint), arm)
    return days.with_columns(measured=pl.col("value") + pl.col("noise")).drop("endpoint")


def grade_of(view: View, endpoint: Endpoint, hypothesis: str) -> PathGrade:
    """The lowest grade on the way to an endpoint and the link that sets it; of equals the one nearest to the endpoint.

    Only links that were on count; the link is empty when the readout itself is the weakest.
    """
    graded = path_grade(endpoint, hypothesis, view.catalogue, view.result.scenario.links)
    alike = [link.id for link in _links_on(view, endpoint, hypothesis) if link_grade(link) == graded.grade]
    return PathGrade(graded.grade, alike[-1]) if alike else graded


def weakest_title(view: View, endpoint: Endpoint, hypothesis: str) -> str:
    """The weakest step by name."""
    if not any(link.response for link in _links_on(view, endpoint, hypothesis)):
        return NO_LINK
    link = view.catalogue.links.get(grade_of(view, endpoint, hypothesis).weakest)
    return link.title if link is not None else "the readout itself"


def _links_on(view: View, endpoint: Endpoint, hypothesis: str) -> list[Link]:
    links = [view.catalogue.links[name] for name in endpoint.path if name in view.catalogue.links]
    return [link for link in links if link_is_on(link, hypothesis, view.result.scenario.links)]


def own_what_ifs(view: View, endpoint: Endpoint, arm: Arm) -> list[str]:
    """Titles of the weak links on the way to this endpoint that were on."""
    return [view.catalogue.links[name].title for name in arm.what_ifs if name in endpoint.path]


def marks_of(view: View, endpoint: Endpoint, arm: Arm) -> list[str]:
    """What a reader must be told beside every number of this endpoint."""
    marks = [ILLUSTRATION] if endpoint.illustration else []
    return marks + ([WHAT_IF] if own_what_ifs(view, endpoint, arm) else [])


def summarise_responses(view: View, group: Group) -> dict[str, Any]:
    """Every endpoint of the responses: against placebo, once per hypothesis, never pooled."""
    return {
        endpoint.id: {
            "title": endpoint.title,
            "response": endpoint.response,
            "unit": endpoint.unit,
            "benefit": endpoint.benefit,
            "illustration": endpoint.illustration,
            "noise_sd": endpoint.noise_sd,
            "smallest_difference": endpoint.smallest_difference,
            "smallest_important": important_told(endpoint, view.catalogue),
            "standard_sd": scale_of(view, endpoint).sd or None,
            "standard_sd_is_simulated": scale_of(view, endpoint).simulated,
            "hypotheses": {name: _numbers(view, endpoint, arm) for name, arm in group.arms.items()},
            "path": list(_path(view, endpoint, group)),
        }
        for endpoint in shown_endpoints(view)
    }


def _numbers(view: View, endpoint: Endpoint, arm: Arm) -> dict[str, Any]:
    graded = grade_of(view, endpoint, arm.hypothesis)
    title = weakest_title(view, endpoint, arm.hypothesis)
    days = response_days(arm, endpoint.id)
    ends = effects_of(view, days)
    effect = ends["effect"]
    numbers: dict[str, Any] = {
        "grade": graded.grade,
        "weakest": "" if title == NO_LINK else graded.weakest,
        "weakest_title": title,
        "marks": marks_of(view, endpoint, arm),
        "baseline": statistic(ends["baseline"]),
        "last_day_mean": statistic(ends["value"]),
        "placebo": statistic(ends["placebo"]),
        "effect": statistic(effect),
        "measured": statistic(ends["measured"]),
        "standardised": standardised(endpoint, effect, scale_of(view, endpoint)),
    }
    if endpoint.smallest_difference:
        numbers["share_reaching_smallest_difference"] = _reaching(endpoint, effect)
    return numbers


def effects_of(view: View, days: pl.DataFrame) -> pl.DataFrame:
    """The last regimen day of each subject: value, placebo, measured, baseline, effect.

    effect    value less placebo of the same subject; less his own baseline where no placebo course is known
    """
    last = days.filter(pl.col("day") == last_regimen_day(days, view))
    largest = days.group_by("subject").agg(largest=pl.col("value").abs().max())
    joined = last.join(baselines(days), on="subject", how="left").join(largest, on="subject", how="left")
    against = pl.col("placebo").fill_null(pl.col("baseline"))
    effect = pl.col("value") - against
    told = pl.when(effect.abs() < NEGLIGIBLE * pl.col("largest")).then(0.0).otherwise(effect)
    return joined.with_columns(effect=told).drop("largest")


def effect_of(view: View, endpoint: Endpoint, hypothesis: str) -> pl.Series:
    """The effect on each subject under a hypothesis [unit of the endpoint]."""
    return effects_of(view, response_days(view.main.arms[hypothesis], endpoint.id))["effect"]


@dataclass(frozen=True, slots=True)
class Scale:
    """What an effect is divided by: a published SD between people, or that of the simulated ones; 0 when neither."""

    sd: float
    simulated: bool


def scale_of(view: View, endpoint: Endpoint) -> Scale:
    """The spread between people of one endpoint; simulated, it is that of the placebo course on the last day [unit]."""
    if endpoint.standard_sd > 0.0:
        return Scale(endpoint.standard_sd, False)
    ends = effects_of(view, response_days(view.main.reference, endpoint.id))
    without = ends["placebo"].fill_null(ends["baseline"]).drop_nulls()
    spread, middle = without.std(), without.mean()
    enough = isinstance(spread, float) and isinstance(middle, float) and len(without) >= FEWEST_PEOPLE
    if not enough or spread < SMALLEST_SPREAD * abs(middle):  # type: ignore[arg-type, operator]
        return Scale(0.0, True)
    return Scale(float(spread), True)  # type: ignore[arg-type]


def standardised(endpoint: Endpoint, effect: pl.Series, scale: Scale) -> Statistic:
    """Effect in SDs between people, positive where it is a benefit; None where no SD or no better side is known.

    No effect is 0 in any unit, and needs no SD.
    """
    none_at_all = len(effect) > 0 and bool((effect.drop_nulls() == 0.0).all())
    if endpoint.benefit != "none" and none_at_all:
        return statistic(effect)
    if scale.sd <= 0.0 or endpoint.benefit == "none":
        return statistic(pl.Series([], dtype=pl.Float64))
    sign = -1.0 if endpoint.benefit == "lower" else 1.0
    return statistic(sign * effect / scale.sd)


def _reaching(endpoint: Endpoint, effect: pl.Series) -> float | None:
    sign = -1.0 if endpoint.benefit == "lower" else 1.0
    reached = (sign * effect.drop_nulls()) >= (endpoint.smallest_difference or 0.0)
    return float(reached.mean()) if len(reached) else None  # type: ignore[arg-type]


def _path(view: View, endpoint: Endpoint, group: Group) -> Iterator[dict[str, Any]]:
    """The links on the way, each with its grade and under which hypotheses it was on."""
    choices = view.result.scenario.links
    for name in endpoint.path:
        link = view.catalogue.links.get(name)
        if link is not None:
            on = [hypothesis for hypothesis in group.arms if link_is_on(link, hypothesis, choices)]
            yield {"link": name, "title": link.title, "grade": link.grade, "on": on, "note": link.note}


def grade_sentence(view: View, endpoint: Endpoint) -> str:
    """The grade in words, and the weakest step by name, once for hypotheses that share them."""
    said: dict[str, list[str]] = {}
    for name, arm in view.main.arms.items():
        graded = grade_of(view, endpoint, name)
        marks = "; ".join(marks_of(view, endpoint, arm))
        word = grade_word(view.catalogue, graded.grade).word
        words = f"{word} ({marks})" if marks else word
        said.setdefault(f"{words}, weakest step: {weakest_title(view, endpoint, name)}", []).append(name.upper())
    return ". ".join(f"{' and '.join(names)}: {words}" for words, names in said.items())
