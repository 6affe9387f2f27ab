"""Published protocols on the reference adult, each run once and remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from tests import protocol
from tests.protocol import (
    HEPTAHYDRATE_G_PER_MOL,
    MEALS,
    Dose,
    Drip,
    Protocol,
    diet,
    mealtimes,
    mmol,
    supplement,
)
from threonate.engine import Tolerance

TIGHT = Tolerance.TIGHT


@dataclass(frozen=True)
class Row:
    """One line of the page "how good is it".

    expected, tolerance   what this model is known to give; a change is a change of the model
    low, high             the measured interval
    role                  T: these data helped to tune the model; V: they did not
    meets                 False: a known failure, kept in sight
    """

    id: str
    scenario: str
    quantity: str
    value: Callable[[], float]
    expected: float
    tolerance: float
    low: float
    high: float
    role: str
    sources: str
    meets: bool = True
    note: str = ""


@cache
def oral(mg: float, compound: str, fed: bool = False, hours: float = 24.0) -> protocol.OralDose:
    return protocol.single_dose(mg, compound, fed=fed, hours=hours)


@cache
def added(mg: float, compound: str, hours: tuple[float, ...]) -> tuple[float, float]:
    """Change of level and of urine on top of 300 mg a day."""
    before, after = protocol.steady(300), protocol.steady(300, supplement(mg, compound, hours, 7))
    return after.level - before.level, after.urine - before.urine


@dataclass(frozen=True)
class Kinetics:
    clearance: float
    half_life: float
    volume: float
    area: float


@cache
def infusion(mmol_given: float, hours: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Clock, rise of the level, urine on top of the basal."""
    flat = protocol.background()
    drips = [Drip(0.0, hours, mmol_given / hours), Drip(0.0, 24.0, flat)]
    course = protocol.run(Protocol(24.0, drips=drips, step_h=1.0 / 60.0))
    basal = flat - protocol.body(()).network.parameters["plasma_sweat"]
    level = course.of("Mg_plasma")[0]
    return course.times_h, level - level[0], course.of("kidney_Mg_urine")[0] - basal * course.times_h


def sulfate(grams: float) -> float:
    return grams * 1000.0 / HEPTAHYDRATE_G_PER_MOL


@lru_cache(maxsize=1)
def two_grams() -> Kinetics:
    times, rise, _ = infusion(sulfate(2.0), 0.25)
    area = float(np.trapezoid(rise, times))
    late = times >= 4.0
    rate = -float(np.polyfit(times[late], np.log(rise[late]), 1)[0])
    clearance = sulfate(2.0) / area
    return Kinetics(clearance, np.log(2.0) / rate, clearance / rate, area)


@lru_cache(maxsize=1)
def load_test() -> float:
    """Share of 7 mmol in one hour kept over 24 h, basal urine not subtracted [%]."""
    times, _, extra = infusion(7.0, 1.0)
    basal = (protocol.background() - protocol.body(()).network.parameters["plasma_sweat"]) * times[-1]
    return 100.0 * (1.0 - (extra[-1] + basal) / 7.0)


@lru_cache(maxsize=1)
def moderate_depletion() -> tuple[float, float, float, float]:
    """Level, urine and daily balance over 72 days, and the load test afterwards, coming from 327 mg a day."""
    doses = diet(327, 7) + diet(107, 72, first_day=7)
    course = protocol.run(Protocol(24.0 * 79, doses, meals=mealtimes(79), step_h=24.0, tolerance=TIGHT))
    level = float(np.diff(course.of("integral_Mg_plasma")[0])[-1] / 24.0)
    urine = float(np.diff(course.of("kidney_Mg_urine")[0])[-1])
    content = _content(course)
    return level, urine, (content[-1] - content[7]) / 72.0, depleted_load(course)


@lru_cache(maxsize=2)
def severe_depletion(obligatory: float = 0.0, threshold: float = 0.5967) -> tuple[float, float, float]:
    """Level after 100 days of 10 mg a day, what the body lost, and the load test."""
    doses = diet(300, 7) + diet(10, 100, first_day=7)
    values = {"gut_o": obligatory / 24.0, "kidney_T": threshold}
    course = protocol.run(
        Protocol(24.0 * 107, doses, meals=mealtimes(107), values=values, step_h=24.0, tolerance=TIGHT)
    )
    level = float(np.diff(course.of("integral_Mg_plasma")[0])[-1] / 24.0)
    content = _content(course)
    return level, content[7] - content[-1], depleted_load(course)


_POOLS = ("plasma_Mg_fast", "soft_tissue_Mg_muscle", "red_cells_Mg_cells", "bone_Mg_surface", "bone_Mg_deep")


def _content(course: protocol.Trajectories) -> np.ndarray:
    return np.asarray(course.of("Mg_plasma")[0] * 22.0 + sum(course.of(name)[0] for name in _POOLS))


def depleted_load(course: protocol.Trajectories) -> float:
    start = {name: float(course.of(name)[0, -1]) for name in _POOLS}
    start["Mg_plasma"] = float(course.of("Mg_plasma")[0, -1]) * 22.0
    basal = protocol.losses(start["Mg_plasma"] / 22.0, {})[1]
    drips = [Drip(0.0, 1.0, 7.0), Drip(0.0, 24.0, basal)]
    tested = protocol.run(Protocol(24.0, drips=drips, start=start, step_h=1.0))
    return 100.0 * (1.0 - float(tested.of("kidney_Mg_urine")[0, -1]) / 7.0)


@cache
def kidney(egfr: float, diet_mg: float, oxide_mg: float = 0.0) -> float:
    extra = supplement(oxide_mg, "oxide", MEALS, 7) if oxide_mg else []
    return protocol.steady(diet_mg, extra, eGFR=egfr, GFR=egfr * 0.06).level


ILEUM_REMOVED = tuple((f"15 / ({k} * T_SI)", "50") for k in (4, 5))


@cache
def bypassed(compound: str) -> float:
    """100 mg with food, the last two segments passed at once and without their carriers [%]."""
    flat = protocol.background()
    without = Protocol(
        72.0,
        [Dose(0.0, mmol(100), compound)],
        [Drip(0.0, 72.0, flat)],
        [0.0],
        values={"gut_w_4": 0.0, "gut_w_5": 0.0},
        step_h=0.5,
        edits=ILEUM_REMOVED,
    )
    return 100.0 * float(protocol.run(without).of("gut_absorbed")[0, -1]) / mmol(100)
