"""BDNF against rats."""

from __future__ import annotations

from tests.published.bench import Row
from tests.published.courses import courses


def rise() -> float:
    """BDNF at plateau above baseline, in rats, brain fluid +7 %, as the shelf stands [%]."""
    given = {"Mg_synapse": 0.73 * 1.07, "Mg_ecf_relative": 1.07}
    return 100.0 * (float(courses("bdnf", given, (0.0, 10000.0), "bdnf.B", species="rat")["bdnf.B"][0, -1]) - 1.0)


MEANING = """Reported in rats, unchanged in a third brain region and in human serum. A gain would be a free
number."""

ROWS = [
    Row(
        "bdnf_rats", "rats on MgT", "BDNF in the brain, % above baseline",
        rise, 0.0, 1e-9, 36.0, 55.0, "V", "SP014; SP015", meets=False, note="no gain is known, so none is assumed",
    ),
]  # fmt: skip
