"""How large the model says an effect would be, beside what is claimed or would matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from threonate.appraisal.comparison import compare, yardstick_of
from threonate.appraisal.inputs import roots_of
from threonate.appraisal.verdict import Prediction, Size
from threonate.endpoints import path_grade
from threonate.endpoints.path_grade import link_grade
from threonate.errors import ThreonateError
from threonate.evidence import Catalogue, Endpoint, Grade, Link, for_endpoints
from threonate.evidence.claim_records import Bound, Claim
from threonate.evidence.grades import worse
from threonate.evidence.important import read_as
from threonate.simulation import Arm, Scenario, SimulationResult
from threonate.simulation.run import same_dose
from threonate.simulation.scenario import NO_COMPOUND
from threonate.simulation.scenario_fields import PriorChoice

Simulator = Callable[[Scenario, Catalogue], SimulationResult]
SUBJECTS = 24
LAST_DAYS = 7
LOW, HIGH = 0.05, 0.95
PERCENT = 100.0


class Model:
    """A simulator that remembers: claims about the same regimen share one run.

    simulate    as threonate.simulate
    without     ids of sources that are disbelieved: links whose size rests on them are off
    claims      that will be asked about; responses that they are bound to are simulated together
    """

    def __init__(
        self,
        simulate: Simulator,
        catalogue: Catalogue,
        without: frozenset[str] = frozenset(),
        claims: Iterable[Claim] = (),
    ) -> None:
        self._simulate = simulate
        self._catalogue = catalogue
        self.without = without
        bound = {claim.bound.endpoint for claim in claims if claim.bound is not None}
        self._together = tuple(sorted(bound - catalogue.endpoints.keys()))
        self._done: dict[str, SimulationResult | str] = {}

    def run(self, scenario: Scenario) -> SimulationResult | str:
        """The result of a scenario, solved once; a sentence when it cannot be solved."""
        if not scenario.endpoints or scenario.links or scenario.priors:
            return self._solve(scenario)
        all_of_them = self._solve(scenario.model_copy(update={"endpoints": self._together or scenario.endpoints}))
        return all_of_them if isinstance(all_of_them, SimulationResult) else self._solve(scenario)

    def _solve(self, scenario: Scenario) -> SimulationResult | str:
        lost = links_lost(for_endpoints(self._catalogue, scenario.endpoints), self.without)
        asked = scenario.model_copy(update={"links": {**scenario.links, **dict.fromkeys(lost, False)}})
        key = asked.model_dump_json()
        if key not in self._done:
            try:
                self._done[key] = self._simulate(asked, self._catalogue)
            except ThreonateError as error:
                self._done[key] = " ".join(str(error).split())
        return self._done[key]


def links_lost(catalogue: Catalogue, without: frozenset[str]) -> tuple[str, ...]:
    """Links with a switch that nobody speaks for, or whose size nobody gives, when these sources are disbelieved.

    >>> from threonate.evidence import read_catalogue
    >>> links_lost(read_catalogue(), frozenset({"slutsky_2010"}))
    ('salt_restores_csf', 'salt_to_csf', 'threonate_to_csf')
    """
    return tuple(
        sorted(link.id for link in catalogue.links.values() if link.switch and _is_lost(link, catalogue, without))
    )


def _is_lost(link: Link, catalogue: Catalogue, without: frozenset[str]) -> bool:
    if link.sources_for and set(link.sources_for) <= without:
        return True
    rows = (catalogue.parameters.get((name, "human")) for name in link.priors)
    return any(row is not None and roots_of(row, catalogue) <= without for row in rows)


def scenario_of(bound: Bound, catalogue: Catalogue) -> Scenario:
    """The regimen that a claim is tried with."""
    fields: dict[str, object] = {"days": bound.days, "compound": bound.compound}
    if bound.compound != NO_COMPOUND:
        fields["compound_mg"] = bound.compound_mg
    if bound.endpoint not in catalogue.endpoints:
        fields["endpoints"] = (bound.endpoint,)
    fields["links"] = dict.fromkeys(bound.links, True)
    fields["priors"] = {symbol: PriorChoice(value=value) for symbol, value in (bound.settings or {}).items()}
    return Scenario(subjects=SUBJECTS, **fields)  # type: ignore[arg-type]


def size_of(claim: Claim, catalogue: Catalogue, model: Model) -> Size | str | None:
    """What the model says about the output that a claim is bound to; a sentence when it could not be asked.

    None when the claim is bound to no output.
    """
    bound = claim.bound
    if bound is None:
        return None
    whole = for_endpoints(catalogue, [] if bound.endpoint in catalogue.endpoints else [bound.endpoint])
    endpoint = whole.endpoints[bound.endpoint]
    scenario = scenario_of(bound, catalogue)
    result = model.run(scenario)
    other = model.run(same_dose(scenario, [bound.versus], catalogue)[0]) if bound.versus else None
    for answer in (result, other):
        if isinstance(answer, str):
            return f"{endpoint.title}: the model could not be asked. {answer}"
    assert isinstance(result, SimulationResult)
    against = {arm.hypothesis: arm for arm in other.arms} if isinstance(other, SimulationResult) else {}
    predictions = tuple(_prediction(arm, endpoint, against.get(arm.hypothesis)) for arm in result.arms)
    unit = "%" if bound.versus else _unit(endpoint)
    yardstick = yardstick_of(endpoint, bound, model.without)
    finding, short = compare(bound, predictions, unit, yardstick)
    weakest = _weakest(endpoint, bound, path_grade(endpoint, result.arms[-1].hypothesis, whole).grade, whole)
    finding = f"{endpoint.title}: {finding}"
    important = yardstick.important
    return Size(
        endpoint=endpoint.id,
        title=endpoint.title,
        unit=unit,
        question=_question(bound, whole),
        predictions=predictions,
        grade=weakest,
        finding=finding,
        falls_short=short,
        important=important,
        important_read=read_as(important, catalogue) if important is not None else "",
    )


def _weakest(endpoint: Endpoint, bound: Bound, grade: Grade, whole: Catalogue) -> Grade:
    """Of the path, of the links that the question switches on, and of how two salts dissolve where they differ."""
    for name in bound.links:
        grade = worse(grade, link_grade(whole.links[name]))
    salts = [bound.compound, bound.versus] if bound.versus else []
    return worse(grade, "E") if any(whole.compounds[name].basis == "assumed" for name in salts) else grade


def _question(bound: Bound, whole: Catalogue) -> str:
    """What the model was asked, in words."""
    taken = f"{bound.compound_mg:g} mg of {bound.compound} a day" if bound.compound != NO_COMPOUND else "diet alone"
    parts = [taken]
    if bound.versus:
        parts[0] += f" against {bound.versus} with as much magnesium"
    for symbol, value in (bound.settings or {}).items():
        unit = whole.parameters[symbol, "human"].unit
        parts.append(f"{symbol} set to {value:g}{'' if unit == 'fraction' else f' {unit}'}".replace("_per_", "/"))
    parts += [f"{bound.days} days", f"{SUBJECTS} virtual adults"]
    if bound.links:
        named = [f"{whole.links[name].title} ({whole.links[name].grade})" for name in bound.links]
        parts.append(f"what if these hold in people: {'; '.join(named)}")
    return ", ".join(parts)


def _unit(endpoint: Endpoint) -> str:
    return endpoint.unit if endpoint.response else "%"


def _prediction(arm: Arm, endpoint: Endpoint, other: Arm | None) -> Prediction:
    effect = change_of(arm, endpoint) if other is None else _ratio_of(arm, other, endpoint)
    low, median, high = (float(effect.quantile(q, "linear") or 0.0) for q in (LOW, 0.5, HIGH))
    return Prediction(arm.hypothesis, low, median, high)


def _ratio_of(arm: Arm, other: Arm, endpoint: Endpoint) -> pl.Series:
    """Level of the last week on one regimen against the other, per subject [%]."""
    one, two = (_late(side.responses if endpoint.response else side.daily, endpoint) for side in (arm, other))
    both = one.join(two, on="subject", suffix="_other")
    return both.select((PERCENT * (pl.col("level") / pl.col("level_other") - 1.0)).alias("change"))["change"]


def _known(rows: pl.DataFrame, endpoint: Endpoint) -> pl.DataFrame:
    return rows.filter((pl.col("endpoint") == endpoint.id) & pl.col("value").is_not_null())


def _last_week(known: pl.DataFrame) -> pl.DataFrame:
    last = int(str(known["day"].max()))
    return known.filter(pl.col("day") > last - LAST_DAYS)


def _late(rows: pl.DataFrame, endpoint: Endpoint) -> pl.DataFrame:
    """Mean level of the last week, per subject."""
    return _last_week(_known(rows, endpoint)).group_by("subject").agg(pl.col("value").mean().alias("level"))


def _before(rows: pl.DataFrame, endpoint: Endpoint) -> pl.DataFrame:
    """Mean level of the run-in, per subject."""
    run_in = _known(rows, endpoint).filter(pl.col("day") < 0)
    return run_in.group_by("subject").agg(pl.col("value").mean().alias("before"))


def change_of(arm: Arm, endpoint: Endpoint) -> pl.Series:
    """Change of an endpoint by the last week of the regimen, per subject [%; unit of the endpoint for responses]."""
    return _response_effect(arm, endpoint) if endpoint.response else _relative_change(arm, endpoint)


def _relative_change(arm: Arm, endpoint: Endpoint) -> pl.Series:
    """Mean of the last week against the run-in, per subject [%]."""
    both = _before(arm.daily, endpoint).join(_late(arm.daily, endpoint), on="subject")
    return both.select((PERCENT * (pl.col("level") / pl.col("before") - 1.0)).alias("change"))["change"]


def _response_effect(arm: Arm, endpoint: Endpoint) -> pl.Series:
    """Last week against the placebo course of the same subject, or the run-in where there is none [its unit]."""
    late = _last_week(_known(arm.responses, endpoint))
    if late["placebo"].null_count() == 0:
        gap = late.with_columns((pl.col("value") - pl.col("placebo")).alias("gap"))
        return gap.group_by("subject").agg(pl.col("gap").mean())["gap"]
    both = _late(arm.responses, endpoint).join(_before(arm.responses, endpoint), on="subject")
    return both.select((pl.col("level") - pl.col("before")).alias("gap"))["gap"]
