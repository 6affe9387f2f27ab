"""What one run returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from threonate.endpoints import RESPONSE_COLUMNS
from threonate.safety.findings import SafetyFinding
from threonate.simulation.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Arm:
    """One regimen under one hypothesis.

    daily    subject, day, endpoint, value     day 0 is the first day of the regimen, run-in days are negative
    course   subject, time_h, one column per observable; time_h 0 is midnight before the first regimen day
    balance  subject, place, mmol              what became of the supplementary magnesium by the end of the run
    status   subject, ok, sentence
    responses   subject, day, endpoint, value, placebo, noise     of the responses that were asked for; `value` is true,
                `value + noise` is one measurement, `placebo` the course of the same subject without magnesium
    what_ifs    links of a weak grade that were on
    """

    id: str
    title: str
    compound: str
    hypothesis: str
    daily: pl.DataFrame
    course: pl.DataFrame
    balance: pl.DataFrame
    status: pl.DataFrame
    responses: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RESPONSE_COLUMNS))
    what_ifs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """A finished run: the scenario, its arms, what to be careful about, and where it came from."""

    scenario: Scenario
    arms: tuple[Arm, ...]
    safety: tuple[SafetyFinding, ...]
    subjects: pl.DataFrame
    provenance: Mapping[str, str]
    sources: tuple[str, ...]

    def arm(self, compound: str, hypothesis: str) -> Arm:
        """The arm of this compound under this hypothesis."""
        for arm in self.arms:
            if arm.compound == compound and arm.hypothesis == hypothesis:
                return arm
        raise KeyError(f"no arm {compound}/{hypothesis}")
