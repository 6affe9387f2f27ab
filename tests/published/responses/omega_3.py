"""Omega-3 against the one large trial."""

from __future__ import annotations

from tests.published.bench import Row
from tests.published.many import solve_many

YEAR = 8766.0


def change(**columns: float) -> float:
    """Change of cognition in a year [standard units]."""
    found = solve_many("omega_3", columns, [0.0, 1e-3], "cognition_change", ports={"treatment_time": YEAR})
    return float(found["cognition_change"][0, 0])


ROWS = [
    Row(
        "omega_3_cognition", "omega-3, 1 g/d, with or without magnesium", "cognition, SU in a year",
        lambda: change(taken=1.0), 0.0, 0.0, -0.02, 0.003, "V", "OM3001", note="null; no term for magnesium",
    ),
]  # fmt: skip
