"""The prior of the effect on cognition against trials."""

from __future__ import annotations

from tests.published.bench import Row
from tests.published.courses import courses

WEEK = 168.0


def effect(weeks: float) -> float:
    """Difference to placebo in standard deviations."""
    given = {"cofactor": 1.0, "supplement_mg": 144.0, "treatment_time": weeks * WEEK}
    return float(courses("cognition", given, (0.0, 1.0), "cognition.effect")["cognition.effect"][0, 0])


MEANING = """The prior is centred below this trial because of unreported trials and of sponsors. It nearly
reaches the lower end of the interval."""

ROWS = [
    Row(
        "cognition_liu_12", "Liu, MgT 12 weeks, composite", "difference to placebo, SD",
        lambda: effect(12), 0.259, 0.001, 0.29, 1.53, "V", "BR123", meets=False,
        note="the prior is centred low for unreported trials and sponsors, and stays below this one",
    ),
    Row(
        "cognition_liu_6", "Liu, MgT 6 weeks, composite", "difference to placebo, SD",
        lambda: effect(6), 0.190, 0.001, 0.06, 1.28, "V", "BR124",
    ),
    Row(
        "cognition_lopresti", "Lopresti, MgT 2 g/d 6 weeks, NIH Toolbox composite", "difference to placebo, SD",
        lambda: effect(6), 0.190, 0.001, 0.01, 0.81, "V", "BR138", note="derived from p 0.043",
    ),
    Row(
        "cognition_ni", "Ni, MgT 12 weeks, TICS", "difference to placebo, SD",
        lambda: effect(12), 0.259, 0.001, -0.375, 0.375, "V", "BR152",
        note="not significant in 109 people, which allows 0.375 either way; the interval is ours",
    ),
]  # fmt: skip
