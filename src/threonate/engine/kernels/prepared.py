"""A model made ready to run: its machine code, and what a solve needs to know besides."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from threonate.engine.kernels.kept import keep, key_of, makers, read_kept
from threonate.engine.kernels.lanes import Code, Lanes, StateEvents, make_lanes
from threonate.engine.kernels.object_code import MachineCode, compiler

if TYPE_CHECKING:
    from threonate.engine.codegen import Program
    from threonate.engine.lower import LoweredModel


@dataclass(frozen=True, slots=True)
class Plan:
    """What is kept beside the machine code of a model.

    states, parameters    ids in the order of the arrays
    defaults              (parameter,) values as written; NaN where none is
    derived               parameters whose start value is not the one written, see `begin_parameters`
    sizes                 array -> length
    work                  vectors of the work array
    method                name of the method
    lanes                 subjects side by side
    initial, rank, first, kind, target     the model's own events, see `StateEvents`
    """

    states: tuple[str, ...]
    parameters: tuple[str, ...]
    defaults: tuple[float, ...]
    sizes: Mapping[str, int]
    work: int
    method: str
    lanes: int
    initial: tuple[float, ...] = ()
    rank: tuple[int, ...] = ()
    first: tuple[int, ...] = (0,)
    kind: tuple[int, ...] = ()
    target: tuple[int, ...] = ()
    derived: tuple[int, ...] = ()


Lowered = Callable[[], "tuple[LoweredModel, Program]"]


@dataclass(frozen=True, slots=True)
class Solver:
    """One model with one method, compiled for a number of lanes.

    lowered    formulas and routines, for those who look into them; made when asked for
    """

    plan: Plan
    machine_code: MachineCode
    lowered: Lowered

    @property
    def model(self) -> LoweredModel:
        """The formulas."""
        return self.lowered()[0]

    @property
    def program(self) -> Program:
        """The routines that were compiled."""
        return self.lowered()[1]

    @property
    def lanes(self) -> int:
        """Subjects side by side."""
        return self.plan.lanes

    @property
    def code(self) -> Code:
        """Addresses for the driver; valid as long as this record lives."""
        return Code(*(self.machine_code.address(name) for name in Code._fields))

    @property
    def watched(self) -> StateEvents:
        """The model's own events for the driver."""
        plan = self.plan
        return StateEvents(
            initial=np.array(plan.initial, dtype=np.float64),
            rank=_whole(plan.rank),
            first=_whole(plan.first),
            kind=_whole(plan.kind),
            target=_whole(plan.target),
        )

    def make_lanes(self) -> Lanes:
        """Workspace for one thread."""
        return make_lanes(dict(self.plan.sizes), self.plan.work, self.plan.lanes)


def _whole(numbers: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(numbers, dtype=np.int64)


def kept_solver(question: Sequence[str], make: Callable[[], Solver], lowered: Lowered) -> Solver:
    """The solver that an earlier process kept, or a new one that is kept for the next.

    question   everything that decides the solver, besides this source and this machine
    make       a new one
    lowered    formulas and routines of a kept one
    """
    known = makers()
    name = f"{key_of(known, *question, *compiler())}.plan"
    found = _read(name, lowered) if known else None
    if found is None:
        found = make()
        if known:
            keep(name, json.dumps({"code": found.machine_code.name, "plan": asdict(found.plan)}).encode())
    return found


def _read(name: str, lowered: Lowered) -> Solver | None:
    body = read_kept(name)
    if body is None:
        return None
    whole = json.loads(body)
    code = MachineCode.kept(whole["code"])
    if code is None:
        return None
    plan: dict[str, Any] = {
        field: tuple(value) if isinstance(value, list) else value for field, value in whole["plan"].items()
    }
    return Solver(Plan(**plan), code, lowered)
