"""How large the model says an effect would be, beside what is claimed or would matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import polars as pl

from threonate.appraisal.inputs import roots_of
from threonate.appraisal.verdict import Prediction, Size
from threonate.endpoints import path_grade
from threonate.errors import ThreonateError
from threonate.evidence import Catalogue, Endpoint, Link, for_endpoints
from threonate.evidence.claim_records import Bound, Claim
from threonate.simulation import Arm, Scenario, SimulationResult

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
        self._off = {name: False for name in links_lost(catalogue, without)}
        bound = {claim.bound.endpoint for claim in claims if claim.bound is not None}
        self._together = tuple(sorted(bound - catalogue.endpoints.keys()))
        self._done: dict[str, SimulationResult | str] = {}

    def run(self, scenario: Scenario) -> SimulationResult | str:
        """The result of a scenario, solved once; a sentence when it cannot be solved."""
        if not scenario.endpoints:
            return self._solve(scenario)
        all_of_them = self._solve(scenario.model_copy(update={"endpoints": self._together or scenario.endpoints}))
        return all_of_them if isinstance(all_of_them, SimulationResult) else self._solve(scenario)

    def _solve(self, scenario: Scenario) -> SimulationResult | str:
        asked = scenario.model_copy(update={"links": {**scenario.links, **self._off}}) if self._off else scenario
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
    fields: dict[str, object] = {"compound": bound.compound, "compound_mg": bound.compound_mg, "days": bound.days}
    if bound.endpoint not in catalogue.endpoints:
        fields["endpoints"] = (bound.endpoint,)
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
    result = model.run(scenario_of(bound, catalogue))
    if isinstance(result, str):
        return f"{endpoint.title}: the model could not be asked. {result}"
    predictions = tuple(_prediction(arm, endpoint) for arm in result.arms)
    if bound.smallest is None and endpoint.smallest_difference:
        sign = -1.0 if endpoint.benefit == "lower" else 1.0
        bound = replace(bound, smallest=sign * endpoint.smallest_difference)
    finding, short = compare(bound, predictions, _unit(endpoint))
    weakest = path_grade(endpoint, result.arms[-1].hypothesis, whole).grade
    question = f"{bound.compound_mg:g} mg of {bound.compound} a day, {bound.days} days, {SUBJECTS} virtual adults"
    finding = f"{endpoint.title}: {finding}"
    return Size(endpoint.id, endpoint.title, _unit(endpoint), question, predictions, weakest, finding, short)


def compare(bound: Bound, predictions: tuple[Prediction, ...], unit: str) -> tuple[str, bool]:
    """A sentence on the prediction against the claimed, or the smallest important, size; and whether it falls short.

    >>> compare(Bound("x", claimed_low=15.0), (Prediction("null", 0.3, 0.6, 1.3),), "%")[1]
    True
    """
    told = "; ".join(f"{p.hypothesis.upper()} {_told(p, unit)}" for p in predictions)
    wanted, name = (
        (bound.claimed_low, "claimed") if bound.claimed_low is not None else (bound.smallest, "smallest important")
    )
    if wanted is None:
        return f"the model predicts {told}.", False
    reached = [p.hypothesis.upper() for p in predictions if p.low <= wanted <= p.high or (p.low - wanted) * wanted > 0]
    short = not reached
    said = f"reached under {' and '.join(reached)}" if reached else "reached under no hypothesis"
    return f"the model predicts {told}; the {name} size, {wanted:g} {unit}, is {said}.", short


def _told(one: Prediction, unit: str) -> str:
    if one.low == one.high == 0.0:
        return "no change"
    return f"{one.median:+.2g} ({one.low:+.2g} to {one.high:+.2g}) {'' if unit == '1' else unit}".rstrip()


def _unit(endpoint: Endpoint) -> str:
    return endpoint.unit if endpoint.response else "%"


def _prediction(arm: Arm, endpoint: Endpoint) -> Prediction:
    effect = change_of(arm, endpoint)
    low, median, high = (float(effect.quantile(q, "linear") or 0.0) for q in (LOW, 0.5, HIGH))
    return Prediction(arm.hypothesis, low, median, high)


def change_of(arm: Arm, endpoint: Endpoint) -> pl.Series:
    """Change of an endpoint by the last week of the regimen, per subject [%; unit of the endpoint for responses]."""
    return _response_effect(arm, endpoint) if endpoint.response else _relative_change(arm, endpoint)


def _relative_change(arm: Arm, endpoint: Endpoint) -> pl.Series:
    """Mean of the last week against the run-in, per subject [%]."""
    rows = arm.daily.filter((pl.col("endpoint") == endpoint.id) & pl.col("value").is_not_null())
    last = int(str(rows["day"].max()))
    begin = rows.filter(pl.col("day") < 0).group_by("subject").agg(pl.col("value").mean().alias("before"))
    end = rows.filter(pl.col("day") > last - LAST_DAYS).group_by("subject").agg(pl.col("value").mean().alias("after"))
    both = begin.join(end, on="subject")
    return both.select((PERCENT * (pl.col("after") / pl.col("before") - 1.0)).alias("change"))["change"]


def _response_effect(arm: Arm, endpoint: Endpoint) -> pl.Series:
    """Course against the placebo course of the same subject in the last week [unit of the endpoint]."""
    rows = arm.responses.filter((pl.col("endpoint") == endpoint.id) & pl.col("value").is_not_null())
    last = int(str(rows["day"].max()))
    late = rows.filter(pl.col("day") > last - LAST_DAYS).with_columns(
        (pl.col("value") - pl.col("placebo")).alias("gap")
    )
    return late.group_by("subject").agg(pl.col("gap").mean())["gap"]
