"""Attacks a month against trials."""

from __future__ import annotations

from tests.published.bench import Row
from tests.published.many import solve_many

TWELVE_WEEKS = 84 * 24.0


def fall(exposure: float, **columns: float) -> float:
    """Change of attacks after twelve weeks [% of the own number]."""
    ports = {"occupancy": exposure, "treatment_time": TWELVE_WEEKS}
    attacks = solve_many("migraine", {"M_0": 1.0} | columns, [0.0, 1e-3], "attacks", ports=ports)["attacks"]
    return 100.0 * (float(attacks[0, 0]) - 1.0)


MEANING = """One trial found a large fall, the other none. The prior stands midway with a wide interval and so
misses both on purpose."""

ROWS = [
    Row(
        "migraine_placebo", "migraine, placebo, weeks 9 to 12", "change of attacks, %",
        lambda: fall(0.0), -15.8, 0.1, -15.8, -15.7, "T", "PAI016", note="set to this arm",
    ),
    Row(
        "migraine_peikert", "migraine, 600 mg citrate against placebo", "difference, % points",
        lambda: fall(1.0) - fall(0.0), -13.0, 0.05, -25.8, -25.8, "T", "PAI016", meets=False,
        note="half of it: the prior stands midway between this trial and a null",
    ),
    Row(
        "migraine_pfaffenrath", "migraine, 20 mmol/d, responders 28.6 against 29.4 %", "difference, % points",
        lambda: fall(1.0) - fall(0.0), -13.0, 0.05, 0.8, 0.8, "T", "PAI017", meets=False,
        note="counts responders, not attacks; the trial was null",
    ),
]  # fmt: skip
