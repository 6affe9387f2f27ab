"""C-reactive protein against trials."""

from __future__ import annotations

from tests.published.bench import Row
from tests.published.many import solve_many

MONTH = 30 * 24.0


def change(level: float, gate: float = 0.0, exposure: float = 1.0) -> float:
    """Change of C-reactive protein after a month [mg/L]."""
    ports = {"occupancy": exposure, "status_gate": gate}
    course = solve_many("inflammation", {"CRP_0": level}, [0.0, MONTH], "CRP", ports=ports)["CRP"][0]
    return float(course[1] - course[0])


MEANING = """Below 3 mg/L the trials found a rise. The model can only lower; a size that changes sign with the
level would be an invention."""

ROWS = [
    Row(
        "crp_above_3", "trials in people above 3 mg/L, at 4.5 mg/L", "C-reactive protein, mg/L",
        lambda: change(4.5), -1.20, 0.01, -2.05, -0.18, "T", "INF005", note="the level of the arms was not read",
    ),
    Row(
        "crp_below_3", "trials in people at or below 3 mg/L, at 1.5 mg/L", "C-reactive protein, mg/L",
        lambda: change(1.5), -0.02, 0.005, -0.10, 1.32, "V", "INF006",
        note="inside the interval, but the rise of 0.61 cannot come out",
    ),
    Row(
        "crp_below_3_rise", "the middle of those trials", "C-reactive protein, mg/L",
        lambda: change(1.5), -0.02, 0.005, 0.61, 0.61, "V", "INF006", meets=False, note="no setting gives a rise",
    ),
    Row(
        "crp_second_pool", "a second pooled analysis, levels mixed, at 3 mg/L", "C-reactive protein, mg/L",
        lambda: change(3.0), -0.42, 0.005, -2.63, -0.02, "V", "INF002", note="the two pooled analyses disagree overall",
    ),
]  # fmt: skip
