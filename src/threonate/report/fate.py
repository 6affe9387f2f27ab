"""What became of the supplementary magnesium: amounts per place, ready to draw."""

from __future__ import annotations

from dataclasses import dataclass

from threonate.report.cohort import HYPOTHESES, View, sound
from threonate.report.numbers import plain
from threonate.report.summary import Statistic, statistic
from threonate.units import mg_from_mmol

PLACES = {
    "urine": "urine",
    "bone": "bone",
    "muscle": "muscle and soft tissue",
    "red_cells": "red cells",
    "plasma": "plasma and fluid around cells",
    "sweat": "sweat",
    "dialysate": "dialysate",
    "brain": "brain",
    "gut": "still in the gut",
    "faeces": "faeces",
}
NOT_ABSORBED = ("gut", "faeces")
TISSUES = ("bone", "muscle", "red_cells", "plasma", "brain")
TRACE = 1e-4
"""Where magnesium only passes, less than this share of the dose is rounding and not drawn."""

MICRO = 1e-2
"""Below this share of a mmol amounts are written in umol."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Magnesium in one place: mean over the subjects (means add up, medians do not) and its spread [mmol]."""

    place: str
    name: str
    mean_mmol: float
    spread: Statistic
    note: str = ""

    def amount(self) -> str:
        """Amount with its interval, in mmol or umol, and in mg."""
        small = abs(self.mean_mmol) < MICRO
        scale, unit = (1000.0, "\u00b5mol") if small else (1.0, "mmol")
        text = plain(self.mean_mmol * scale)
        low, high = self.spread["p5"], self.spread["p95"]
        if low is not None and high is not None and low != high:
            text += f" ({plain(low * scale, 2)} to {plain(high * scale, 2)})"
        return f"{text} {unit}, {plain(mg_from_mmol(self.mean_mmol), 3)} mg"


def read_flows(view: View) -> tuple[Flow | None, list[Flow]]:
    """What was given of the main compound (None when nothing was), and where it was at the end of the run."""
    given = _flow(view, "swallowed", name_start(view))
    ends = [flow for place, name in PLACES.items() if place != "brain" and (flow := _flow(view, place, name))]
    least = TRACE * given.mean_mmol if given else 0.0
    ends = [flow for flow in ends if flow.place in TISSUES or abs(flow.mean_mmol) > least]
    brain = _brain(view)
    if brain:
        ends.insert(len([flow for flow in ends if flow.place not in NOT_ABSORBED]), brain)
    return (given if given and given.mean_mmol > 0 else None), ends


def name_start(view: View) -> str:
    """How the magnesium came in."""
    if not view.scenario.get("iv_mgso4_g"):
        return "swallowed"
    return "infused" if view.scenario.get("compound") == "none" else "swallowed and infused"


def _flow(view: View, place: str, name: str, hypothesis: str = "") -> Flow | None:
    arm = view.main.arms.get(hypothesis, view.main.reference)
    amounts = sound(arm.balance, arm)
    values = amounts.filter(amounts["place"] == place)["mmol"].drop_nulls()
    mean = values.mean()
    return Flow(place, name, float(mean), statistic(values)) if isinstance(mean, float) else None


def _brain(view: View) -> Flow | None:
    """The brain under each hypothesis, in one label and never averaged."""
    found = {
        name: flow for name in HYPOTHESES if name in view.main.arms and (flow := _flow(view, "brain", "brain", name))
    }
    if not found:
        return None
    first = next(iter(found.values()))
    parts = [f"{name.upper()} {_micro(flow)} \u00b5mol" for name, flow in found.items()]
    return Flow("brain", "brain", first.mean_mmol, first.spread, "\n".join(parts))


def _micro(flow: Flow) -> str:
    low, high = flow.spread["p5"], flow.spread["p95"]
    text = plain(flow.mean_mmol * 1000.0, 2)
    return (
        text
        if low is None or high is None or low == high
        else f"{text} ({plain(low * 1e3, 2)} to {plain(high * 1e3, 2)})"
    )
