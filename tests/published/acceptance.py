"""What people measured, and what the model gives for the same protocol: one row each, misses included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tests import protocol
from tests.protocol import (
    BETWEEN,
    HEPTAHYDRATE_G_PER_MOL,
    MEALS,
    ONCE,
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


@lru_cache(maxsize=None)
def oral(mg: float, compound: str, fed: bool = False, hours: float = 24.0) -> protocol.OralDose:
    return protocol.single_dose(mg, compound, fed=fed, hours=hours)


@lru_cache(maxsize=None)
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


@lru_cache(maxsize=None)
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
    course = protocol.run(Protocol(24.0 * 107, doses, meals=mealtimes(107), values=values, step_h=24.0, tolerance=TIGHT))
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


@lru_cache(maxsize=None)
def kidney(egfr: float, diet_mg: float, oxide_mg: float = 0.0) -> float:
    extra = supplement(oxide_mg, "oxide", MEALS, 7) if oxide_mg else []
    return protocol.steady(diet_mg, extra, eGFR=egfr, GFR=egfr * 0.06).level


ILEUM_REMOVED = tuple((f"15 / ({k} * T_SI)", "50") for k in (4, 5))


@lru_cache(maxsize=None)
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


def rows() -> list[Row]:
    return [*oral_rows(), *vein_rows(), *chronic_rows(), *kidney_rows(), *prediction_rows()]


def oral_rows() -> list[Row]:
    citrate = lambda: oral(300, "citrate")  # noqa: E731
    hydroxide = lambda: oral(1080, "hydroxide")  # noqa: E731
    share = lambda: 100.0 * oral(1080, "hydroxide").area / mmol(1080) * sulfate(2.0) / two_grams().area  # noqa: E731
    return [
        Row("tracer_fed", "single 70 mg, with a meal", "absorbed, %", lambda: 100 * oral(70, "chloride", True, 120).share,
            42.8, 0.6, 38, 58, "V", "TRC08", note="meal state not in the abstract"),
        Row("tracer_fasting", "single 70 mg, fasting", "absorbed, %", lambda: 100 * oral(70, "chloride", False, 120).share,
            33.4, 0.6, 38, 58, "V", "TRC08", meets=False, note="fits with a meal, fails fasting"),
        Row("bread", "3.6 mmol with a bread meal", "absorbed, %",
            lambda: 100 * oral(3.6 * 24.305, "chloride", True, 120).share, 38.1, 0.6, 25.6, 39.4, "V", "ABS15"),
        Row("citrate_minus_oxide", "300 mg citrate minus oxide, single, fasting", "urine in 24 h, mmol",
            lambda: oral(300, "citrate").extra_urine - oral(300, "oxide").extra_urine, 0.486, 0.006, 0.212, 0.918, "T",
            "SAL10"),
        Row("citrate_peak", "300 mg citrate, fasting", "rise of plasma, mmol/L", lambda: citrate().rise, 0.038, 0.001, 0.03,
            0.06, "V", "SAL13"),
        Row("citrate_time", "300 mg citrate, fasting", "time of peak, h", lambda: citrate().peak_h, 3.4, 0.11, 1, 4, "V",
            "SAL30"),
        Row("hydroxide_share", "1080 mg hydroxide, one dose", "share by areas, %", share, 9.7, 0.15, 8.3, 26.8, "T", "SAL01",
            note="inside, below the point estimate 14.9: the static law leaves no room above 10.8 % at 44 mmol"),
        Row("hydroxide_peak", "1080 mg hydroxide, one dose", "rise of plasma, mmol/L", lambda: hydroxide().rise, 0.078, 0.001,
            0.07, 0.14, "T", "SAL02"),
        Row("hydroxide_area", "1080 mg hydroxide, one dose", "area, mmol h/L", lambda: hydroxide().area, 0.925, 0.006, 0.76,
            2.32, "T", "SAL03"),
        Row("oxide_solid", "450 mg oxide, undissolved, once at 08:30", "urine, % of basal",
            lambda: 100 * added(450, "oxide", ONCE)[1] / protocol.steady(300).urine, 24, 0.7, 10, 30, "V", "SAL18",
            note="published +20 %, no interval; 10 to 30 is ours"),
        Row("oxide_dissolved", "450 mg as solution, once at 08:30", "urine, % of basal",
            lambda: 100 * added(450, "chloride", ONCE)[1] / protocol.steady(300).urine, 41, 0.7, 30, 50, "V", "SAL18",
            note="published +40 %, no interval; 30 to 50 is ours"),
        Row("ileal_glycinate", "100 mg diglycinate, ileum removed, fed", "absorbed, %", lambda: bypassed("glycinate"), 26, 0.6,
            18, 29, "V", "SAL21", note="published 23.5 %, no interval; 18 to 29 is ours"),
        Row("ileal_ratio", "oxide against diglycinate, ileum removed, fed", "ratio",
            lambda: bypassed("oxide") / bypassed("glycinate"), 0.82, 0.011, 0.9, 1.05, "V", "SAL21, SAL22", meets=False,
            note="published ratio 0.97: one oxide rate cannot meet this and SAL10"),
    ]  # fmt: skip


def vein_rows() -> list[Row]:
    def level(grams: float, hours: float, at: float) -> float:
        times, rise, _ = infusion(sulfate(grams), hours)
        return 0.85 + float(np.interp(at, times, rise))

    def excreted(grams: float, hours: float) -> float:
        return 100.0 * float(infusion(sulfate(grams), hours)[2][-1]) / sulfate(grams)

    third = 1.0 / 3.0
    per_kg = 0.120 * 70.0
    rows = [
        Row("iv2_clearance", "2 g MgSO4 in 15 min", "clearance, L/h", lambda: two_grams().clearance, 4.6, 0.06, 2.1, 17, "V",
            "IV01"),
        Row("iv2_half_life", "2 g MgSO4 in 15 min", "half-life, h", lambda: two_grams().half_life, 7.9, 0.06, 4.8, 14.1, "V",
            "IV03"),
        Row("iv2_volume", "2 g MgSO4 in 15 min", "volume, L", lambda: two_grams().volume, 53, 0.6, 35.6, 102, "V", "IV02"),
        Row("iv4_half_hour", "4 g MgSO4 in 20 min", "level at 0.5 h, mmol/L", lambda: level(4, third, 0.5), 1.48, 0.006, 1.3,
            2.0, "V", "IV16", note="published: 4-6 g doubles a basal level below 1"),
        Row("iv4_urine", "4 g MgSO4 in 20 min", "in urine by 24 h, %", lambda: excreted(4, third), 80, 0.6, 75, 100, "V",
            "IV18"),
    ]  # fmt: skip
    published = {1.0: (1.23, 1.16), 4.0: (0.48, 0.44), 9.0: (0.23, 0.21), 15.0: (0.12, 0.13)}
    for hour, (expected, typical) in published.items():
        rows.append(
            Row(f"lu_{hour:g}h", "120 mg/kg MgSO4 over 1 h", f"rise at {hour:g} h, mmol/L",
                lambda hour=hour: float(np.interp(hour, *infusion(sulfate(per_kg), 1.0)[:2])), expected, 0.006,
                0.85 * typical, 1.15 * typical, "T", "IV04-IV07")
        )  # fmt: skip
    rows += [
        Row("load_replete", "7 mmol over 1 h", "kept in 24 h, %, basal urine counted", load_test, -36, 0.7, -39, 3, "V", "IV20"),
        Row("load_depleted", "the same after 10 mg/d for 100 d", "kept in 24 h, %", lambda: severe_depletion()[2], 55, 0.7, 42,
            74, "V", "IV20-IV22", note="published 47 +- 43 and 58 +- 27 in depleted patients; interval is ours"),
        Row("load_moderate", "the same after 107 mg/d for 72 d", "kept in 24 h, %", lambda: moderate_depletion()[3], -8, 0.7,
            -36, 100, "V", "IV20-IV22", note="direction only: must keep more than replete"),
    ]  # fmt: skip
    return rows


def chronic_rows() -> list[Row]:
    def both(name: str, mg: float, compound: str, hours: tuple[float, ...], expected: tuple[float, float]) -> list[Row]:
        where = "with meals" if hours == MEALS else "between meals"
        scenario = f"{mg:g} mg/d {compound} {where}, weeks"
        fits = name != "schutten_meals"
        return [
            Row(f"{name}_level", scenario, "rise of plasma, mmol/L", lambda: added(mg, compound, hours)[0], expected[0], 0.0007,
                0.02, 0.06, "T", "SUP05"),
            Row(f"{name}_urine", scenario, "urine, mmol/d", lambda: added(mg, compound, hours)[1], expected[1], 0.011, 2.23,
                4.01, "T", "SUP06", meets=fits, note="" if fits else "just below the interval"),
        ]  # fmt: skip

    return [
        *both("schutten_meals", 450, "citrate", MEALS, (0.030, 2.06)),
        *both("schutten_between", 450, "citrate", BETWEEN, (0.038, 2.68)),
        Row("pooled_level", "370 mg/d citrate with meals, weeks", "rise of plasma, mmol/L",
            lambda: added(370, "citrate", MEALS)[0], 0.026, 0.0007, 0.02, 0.06, "T", "SUP01"),
        Row("pooled_urine", "370 mg/d citrate with meals, weeks", "urine, mmol/d", lambda: added(370, "citrate", MEALS)[1],
            1.76, 0.011, 1.20, 1.83, "T", "SUP02", note="mixed salts and timings"),
        Row("pooled_oxide_urine", "370 mg/d oxide with meals, weeks", "urine, mmol/d",
            lambda: added(370, "oxide", MEALS)[1], 1.24, 0.011, 1.20, 1.83, "T", "SUP02", note="mixed salts and timings"),
        Row("nielsen_balance", "107 mg/d after 327 mg/d, 72 d", "balance, mmol/d", lambda: moderate_depletion()[2], -0.13, 0.006,
            -0.61, 0.19, "V", "SUP09"),
        Row("depletion_loss", "10 mg/d for 100 d", "loss of the body, mmol", lambda: severe_depletion()[1], 38, 0.6, 10, 100,
            "V", "BOD13-BOD15", note="order of magnitude; in people bone alone had lost 1.2 mmol/kg, which takes longer"),
        Row("lactate_urine", "12 mmol/d lactate in three portions with meals, 1 month", "urine, mmol/d",
            lambda: added(12 * 24.305, "lactate", MEALS)[1], 1.46, 0.011, 1.1, 1.6, "V", "SP058-SP060",
            note="published +1.2 within the arm, +1.3 against placebo; interval is ours"),
        Row("lactate_level", "12 mmol/d lactate in three portions with meals, 1 month", "rise of plasma, mmol/L",
            lambda: added(12 * 24.305, "lactate", MEALS)[0], 0.022, 0.0007, -0.04, 0.04, "V", "SP058-SP060",
            note="published: unchanged; a rise this small could not be seen"),
    ]  # fmt: skip


def kidney_rows() -> list[Row]:
    rise = lambda: (kidney(30, 250, 500) - kidney(30, 250))  # noqa: E731
    table = [
        Row(f"kidney_{egfr}", f"eGFR {egfr}, diet 300 mg", "plasma, mmol/L", lambda egfr=egfr: kidney(egfr, 300), expected,
            0.006, low, high, "T", "REN10, REN11, REN13", note="shape tuned")
        for egfr, expected, low, high in ((60, 0.87, 0.70, 1.05), (30, 0.90, 0.70, 1.05), (20, 0.93, 0.6, 1.22),
                                          (10, 1.02, 0.6, 1.22), (5, 1.20, 1.05, 2.0))
    ]  # fmt: skip
    return [
        *table,
        Row("kidney_oxide", "eGFR 30, diet 250 mg, 500 mg oxide with meals", "rise of plasma, mmol/L", rise, 0.05, 0.006, 0.10,
            0.22, "V", "REN15", meets=False,
            note="published 2.0 to 2.4 mg/dL in a year, dose unknown: the direction is right, the size is a third"),
        Row("kidney_oxide_level", "eGFR 30, diet 250 mg, no oxide", "plasma, mg/dL",
            lambda: kidney(30, 250) / 0.4114, 2.16, 0.02, 1.8, 2.4, "V", "REN15"),
    ]  # fmt: skip


def prediction_rows() -> list[Row]:
    return [
        Row("threonate_level", "2 g/d L-threonate (144 mg) at 09:00 and 21:00", "rise of plasma, mmol/L",
            lambda: added(144, "l_threonate", (9.0, 21.0))[0], 0.017, 0.0007, np.nan, np.nan, "prediction", "none",
            note="too small to see in one person's serum"),
        Row("threonate_urine", "2 g/d L-threonate (144 mg) at 09:00 and 21:00", "urine, mmol/d",
            lambda: added(144, "l_threonate", (9.0, 21.0))[1], 1.1, 0.06, np.nan, np.nan, "prediction", "none"),
        Row("threonate_meals_level", "2 g/d L-threonate (144 mg) in three portions with meals", "rise of plasma, mmol/L",
            lambda: added(144, "l_threonate", MEALS)[0], 0.013, 0.0007, np.nan, np.nan, "prediction", "none"),
    ]  # fmt: skip

