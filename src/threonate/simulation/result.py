"""What one run returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from threonate.safety.findings import SafetyFinding
from threonate.simulation.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Arm:
    """One regimen under one hypothesis.

    daily    subject, day, endpoint, value     day 0 is the first day of the regimen, run-in days are negative
    course   subject, time_h, one column per observable; time_h 0 is midnight before the first regimen day
    balance  subject, place, mmol              what became of the supplementary magnesium by the end of the run
    status   subject, ok, sentence
    """

    id: str
    title: str
    compound: str
    hypothesis: str
    daily: pl.DataFrame
    course: pl.DataFrame
    balance: pl.DataFrame
    status: pl.DataFrame


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
