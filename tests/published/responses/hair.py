"""Hair counts against trials."""

from __future__ import annotations

import numpy as np

from tests.published.bench import Row
from tests.published.many import solve_many

YEAR = 8766.0


def counts(**columns: float) -> np.ndarray:
    """Terminal hairs in the circle at 0, 1, 2 and 5 years."""
    return solve_many("hair", columns, YEAR * np.array([0.0, 1.0, 2.0, 5.0]), "N")["N"][0]


def difference(years: int) -> float:
    """Finasteride minus placebo."""
    k = {1: 1, 2: 2, 5: 3}[years]
    return float(counts(finasteride=1.0)[k] - counts()[k])


MEANING = """One curve goes through years 1 and 5 and is a fifth too high between them."""

ROWS = [
    Row(
        "hair_1_year", "pattern hair loss, finasteride against placebo, 1 y", "hairs in 5.07 cm2",
        lambda: difference(1), 106.6, 0.5, 106, 108, "T", "HAI026", note="fitted; no interval was read",
    ),
    Row(
        "hair_2_years", "pattern hair loss, finasteride against placebo, 2 y", "hairs in 5.07 cm2",
        lambda: difference(2), 166.6, 0.6, 138, 138, "V", "HAI028; SP087", meets=False, note="21 % too high",
    ),
    Row(
        "hair_5_years", "pattern hair loss, finasteride against placebo, 5 y", "hairs in 5.07 cm2",
        lambda: difference(5), 276.8, 0.6, 276, 278, "T", "HAI027; SP088", note="fitted; 15 men on placebo",
    ),
]  # fmt: skip
