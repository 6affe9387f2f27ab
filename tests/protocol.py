"""Run a written protocol on the reference adult: the bench that published numbers are checked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tests.event_rows import in_this_order
from threonate.engine import SubjectInputs, Tolerance, Trajectories, compile_network, solve_cohort
from threonate.evidence import Catalogue, read_catalogue
from threonate.physiology import assemble_body, read_sbml
from threonate.physiology.network import start_states
from threonate.schedule import ADD, SET, EventTable
from threonate.simulation.body import Body, build_body
from threonate.units import MAGNESIUM_MG_PER_MMOL

MEALS = (7.0, 12.5, 19.0)
BETWEEN = (10.0, 16.0, 22.0)
TWICE = (9.0, 21.0)
ONCE = (8.5,)
HEPTAHYDRATE_G_PER_MOL = 246.466
FED_H = 3.0
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Dose:
    """Swallowed at a time: mmol of magnesium in a compound of the shelf ('diet' for food)."""

    time_h: float
    mmol: float
    compound: str = "diet"


@dataclass(frozen=True)
class Drip:
    """An infusion."""

    start_h: float
    end_h: float
    mmol_per_h: float


@dataclass(frozen=True)
class Protocol:
    """What happens, to whom, for how long.

    values   parameters by SBML id
    start    states that do not begin where the text says
    edits    (old, new) pieces of the organ texts, for a subject whose body is built differently
    """

    hours: float
    doses: Sequence[Dose] = ()
    drips: Sequence[Drip] = ()
    meals: Sequence[float] = ()
    values: Mapping[str, float] = field(default_factory=dict)
    start: Mapping[str, float] = field(default_factory=dict)
    step_h: float = 0.25
    tolerance: Tolerance = Tolerance.REFERENCE
    edits: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    return read_catalogue()


@lru_cache(maxsize=16)
def body(solids: tuple[str, ...], edits: tuple[tuple[str, str], ...] = ()) -> Body:
    """The shipped body, with everything in it recorded."""
    network = build_body(catalogue(), solids).network
    if edits:
        modules = {
            name: replace(module, text=edited(module.text, edits)) for name, module in catalogue().modules.items()
        }
        network = read_sbml(assemble_body(replace(catalogue(), modules=modules), solids=len(solids)))
    return Body(catalogue(), compile_network(network, sorted(network.readable)), solids)


def edited(text: str, edits: tuple[tuple[str, str], ...]) -> str:
    for old, new in edits:
        text = text.replace(old, new)
    return text


def solids_of(doses: Sequence[Dose]) -> tuple[str, ...]:
    compounds = catalogue().compounds
    return tuple(sorted({d.compound for d in doses if compounds[d.compound].dissolved_share < 1.0}))


def run(protocol: Protocol) -> Trajectories:
    """The course of the reference adult, recorded every `step_h`."""
    model = body(solids_of(protocol.doses), protocol.edits)
    inputs = reference_adult(model, protocol)
    count = round(protocol.hours / protocol.step_h)
    times = np.linspace(0.0, protocol.hours, count + 1)
    course = solve_cohort(model.compiled, inputs, events_of(model, protocol), times, tolerance=protocol.tolerance)
    assert course.ok.all(), course.status
    return course


def reference_adult(model: Body, protocol: Protocol) -> SubjectInputs:
    values = dict(protocol.values)
    for k, name in enumerate(model.solids, start=1):
        compound = catalogue().compounds[name]
        assert compound.k_s is not None
        assert compound.k_i is not None
        rates = {"k_s": compound.k_s.value, "k_i": compound.k_i.value, "base": float(compound.base)}
        values |= {f"solid_{k}_{rate}": value for rate, value in rates.items() if f"solid_{k}_{rate}" not in values}
    symbols = tuple(values)
    row = np.array([[values[name] for name in symbols]]) if symbols else np.empty((1, 0))
    start = start_states(model.network, symbols, row)
    for name, amount in protocol.start.items():
        start[0, model.network.states.index(name)] = amount
    return SubjectInputs(symbols, row, model.network.states, start)


def events_of(model: Body, protocol: Protocol) -> EventTable:
    rows: list[tuple[float, int, str, float]] = []
    for dose in protocol.doses:
        compound = catalogue().compounds[dose.compound]
        rows.append((dose.time_h, ADD, "Mg_stomach", compound.dissolved_share * dose.mmol))
        if compound.dissolved_share < 1.0:
            solid = f"solid_{model.solids.index(dose.compound) + 1}_Mg_solid_0"
            rows.append((dose.time_h, ADD, solid, (1.0 - compound.dissolved_share) * dose.mmol))
    rows += _fed(protocol.meals) + _infused(protocol.drips)
    rows.sort(key=lambda row: (row[0], -row[1]))
    return in_this_order([(0, *row) for row in rows])


def _fed(meals: Sequence[float]) -> list[tuple[float, int, str, float]]:
    rows = []
    for k, start in enumerate(meals):
        rows.append((start, SET, "fed", 1.0))
        if k + 1 == len(meals) or meals[k + 1] > start + FED_H:
            rows.append((start + FED_H, SET, "fed", 0.0))
    return rows


def _infused(drips: Sequence[Drip]) -> list[tuple[float, int, str, float]]:
    edges = sorted({time for drip in drips for time in (drip.start_h, drip.end_h)})
    return [
        (time, SET, "Mg_infusion", sum(d.mmol_per_h for d in drips if d.start_h <= time < d.end_h)) for time in edges
    ]


def mmol(mg: float) -> float:
    return mg / MAGNESIUM_MG_PER_MMOL


def diet(mg: float, days: int, first_day: int = 0) -> list[Dose]:
    """Food in three equal meals."""
    return [Dose(24.0 * (first_day + d) + h, mmol(mg) / 3.0) for d in range(days) for h in MEALS]


def mealtimes(days: int) -> list[float]:
    return [24.0 * d + h for d in range(days) for h in MEALS]


def supplement(mg: float, compound: str, hours: Sequence[float], days: int, first_day: int = 0) -> list[Dose]:
    """A daily amount in equal portions."""
    portion = mmol(mg) / len(hours)
    return [Dose(24.0 * (first_day + d) + h, portion, compound) for d in range(days) for h in hours]


def background() -> float:
    """Basal losses at the reference level [mmol/h]: urine and sweat."""
    course = run(Protocol(1.0, step_h=1.0))
    return float(course.of("kidney_excretion")[0, 0] + body(()).network.parameters["plasma_sweat"])


@dataclass(frozen=True)
class OralDose:
    """Single-dose readouts over the hours of the protocol."""

    rise: float
    peak_h: float
    area: float
    absorbed: float
    share: float
    extra_urine: float


def single_dose(mg: float, compound: str, *, fed: bool = False, hours: float = 24.0, **values: float) -> OralDose:
    """A dose on a flat background: an infusion equal to basal losses, no meals."""
    flat = background()
    protocol = Protocol(
        hours,
        [Dose(0.0, mmol(mg), compound)],
        [Drip(0.0, hours, flat)],
        [0.0] if fed else [],
        values=values,
        step_h=0.05,
    )
    course = run(protocol)
    level = course.of("Mg_plasma")[0]
    rise = level - level[0]
    absorbed = float(course.of("gut_absorbed")[0, -1])
    basal = (flat - body(()).network.parameters["plasma_sweat"]) * hours
    urine = float(course.of("kidney_Mg_urine")[0, -1])
    area = float(np.trapezoid(rise, course.times_h))
    peak = int(rise.argmax())
    return OralDose(float(rise[peak]), float(course.times_h[peak]), area, absorbed, absorbed / mmol(mg), urine - basal)


@dataclass(frozen=True)
class Steady:
    """Daily net absorption and the level at which losses equal it."""

    absorbed: float
    level: float
    urine: float


def steady(mg: float, extra: Sequence[Dose] = (), days: int = 7, **values: float) -> Steady:
    """Seven days of meals; the absorption of the last; the level that balances it."""
    doses = [*diet(mg, days), *extra]
    course = run(Protocol(24.0 * days, doses, meals=mealtimes(days), values=values, step_h=24.0))
    absorbed = float(np.diff(course.of("gut_absorbed")[0])[-1])
    level = balancing_level(absorbed, values)
    return Steady(absorbed, level, 24.0 * losses(level, values)[0])


def losses(level: float, values: Mapping[str, float]) -> tuple[float, float]:
    """Urine and total losses at a plasma level [mmol/h], read from the running model."""
    protocol = Protocol(1e-3, values=values, start={"Mg_plasma": level * 22.0}, step_h=1e-3, tolerance=Tolerance.FAST)
    course = run(protocol)
    rates = [float(course.of(name)[0, 0]) for name in ("kidney_excretion", "plasma_sweating", "kidney_dialysis")]
    return rates[0], sum(rates) + float(course.of("gut_obligatory_loss")[0, 0])


def balancing_level(absorbed_mmol: float, values: Mapping[str, float]) -> float:
    low, high = 0.3, 5.0
    for _ in range(45):
        middle = (low + high) / 2.0
        if 24.0 * losses(middle, values)[1] < absorbed_mmol:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
