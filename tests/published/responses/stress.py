"""Cortisol in urine and plasma against trials."""

from __future__ import annotations

import numpy as np

from tests.published.bench import Row
from tests.responses import compose_response

Array = np.ndarray
STATES = tuple(f"stress.{name}" for name in ("x1", "x2", "x3", "P", "A"))


def after_a_step(step: dict[str, float], times_h: Array) -> dict[str, Array]:
    """Relative change of every state when symbols step away from the normal person at time 0."""
    normal = compose_response("stress").start()
    start = {name: normal[name] for name in STATES}
    course = compose_response("stress", step).run(times_h, *STATES, start=start)
    return {name: course[name] / start[name] - 1.0 for name in STATES}


def change(symbol: str, gate: float, **values: float) -> float:
    """Difference to the untreated course after 24 weeks at the exposure of the average trial."""
    ports = {"occupancy": 1.0, "status_gate": gate, "cofactor": 0.0}
    names = (f"stress.{symbol}", f"stress.{symbol}_untreated")
    course = compose_response("stress", values, ports).run(np.array([0.0, 24.0 * 168]), *names)
    return float(course[names[0]][-1] - course[names[1]][-1])


MEANING = """If the people of that trial were replete, the gate by status is wrong. The second miss is the
reason why the central link is off."""

ROWS = [
    Row(
        "ufc_24_weeks", "overweight adults, 350 mg/d, 24 weeks, at an open gate", "free cortisol in urine, nmol/d",
        lambda: change("UFC", 1.0), -32.0, 0.1, -59.0, -5.0, "T", "HPA002",
        note="the own level of 192 nmol/d was chosen to give this; the means of the arms were not read",
    ),
    Row(
        "cortisol_cortisone_24_weeks", "the same", "cortisol to cortisone in urine",
        lambda: change("ratio", 1.0), -0.10, 0.001, -0.17, -0.03, "T", "HPA003; MRS17", note="chosen in the same way",
    ),
    Row(
        "cortisol_cortisone_replete", "the same people, if their level was 0.85 mmol/L",
        "cortisol to cortisone in urine",
        lambda: change("ratio", 0.034445), -0.0041, 0.0005, -0.17, -0.03, "V", "HPA003; MRS01", meets=False,
        note="their magnesium status was not read; were they replete, the gate would be wrong",
    ),
    Row(
        "cortisol_infusion", "infusion in ten men: cortisol unchanged", "cortisol in plasma, of normal",
        lambda: change("x3", 1.0), 0.0, 1e-6, -0.05, 0.05, "V", "SLP038",
        note="no interval was read: a difference below 5 % counts as none; the central link is off",
    ),
    Row(
        "cortisol_central", "the same with the central what-if on", "cortisol in plasma, of normal",
        lambda: change("x3", 1.0, drive_on=1.0), -0.1005, 0.001, -0.05, 0.05, "V", "SLP038; HPA005", meets=False,
        note="why that link stays off",
    ),
]  # fmt: skip
