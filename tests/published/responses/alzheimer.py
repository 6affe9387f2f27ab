"""The decline in Alzheimer's disease against a cohort, a drug, and an open-label study."""

from __future__ import annotations

from tests.published.bench import Row
from tests.published.courses import courses

YEAR = 8766.0
WEEK = 168.0


def score(symbol: str, time_h: float, **values: float) -> float:
    given = {"treatment_time": time_h} | {f"alzheimer.{name}": value for name, value in values.items()}
    return float(courses("alzheimer", given, (0.0, 1.0), f"alzheimer.{symbol}")[f"alzheimer.{symbol}"][0, 0])


MEANING = """Fifteen people without a control arm rose; practice, hope and the placebo course are not apart in
such a study. No size is known, so none is simulated."""

ROWS = [
    Row(
        "alzheimer_two_years", "clinic cohort, years 1 and 2", "fall of MMSE, points",
        lambda: 22.0 - score("MMSE", 2 * YEAR), 4.30, 0.001, 3.70, 4.92, "T", "BR188", note="the slopes are its own",
    ),
    Row(
        "alzheimer_later", "clinic cohort, years 3 to 5", "fall of MMSE, points",
        lambda: score("MMSE", 2 * YEAR) - score("MMSE", 5 * YEAR), 11.49, 0.001, 9.84, 13.14, "T", "BR188",
        note="the slopes are its own",
    ),
    Row(
        "alzheimer_donepezil", "donepezil 10 mg, 24 weeks", "ADAS-cog against placebo, points",
        lambda: score("ADAS", 24 * WEEK, donepezil_on=1.0) - score("ADAS_placebo", 24 * WEEK), -3.1, 0.001,
        -3.9, -2.4, "T", "BR189", note="positive control, its own size",
    ),
    Row(
        "alzheimer_open_label", "MgT 8 weeks, open label, 15 people", "change of MMSE, points",
        lambda: score("MMSE", 8 * WEEK) - 22.0, -0.33, 0.005, 0.0, 30.0, "V", "BR130", meets=False,
        note="a rise without a control arm; practice is not counted here, and no effect is simulated",
    ),
]  # fmt: skip
