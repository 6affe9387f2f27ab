"""A lowered model made ready to run: program, machine code and lanes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from threonate.engine.codegen import Program, build_program, emit_routines
from threonate.engine.codegen.llvm_emitter import assemble
from threonate.engine.kernels.driver import SET_PARAMETER, SET_STATE
from threonate.engine.kernels.explicit_text import ExplicitText
from threonate.engine.kernels.lanes import Code, Lanes, StateEvents, make_lanes
from threonate.engine.kernels.object_code import MachineCode, this_machine
from threonate.engine.kernels.rosenbrock_text import RosenbrockText
from threonate.engine.kernels.step_text import StepText
from threonate.engine.kernels.tableau import Method, Tableau
from threonate.engine.lower import LoweredModel


@dataclass(frozen=True, slots=True)
class Solver:
    """One model with one method, compiled for a number of lanes."""

    model: LoweredModel
    program: Program
    method: Method
    lanes: int
    machine_code: MachineCode

    @property
    def code(self) -> Code:
        """Addresses for the driver; valid as long as this record lives."""
        return Code(*(self.machine_code.address(name) for name in Code._fields))

    @property
    def watched(self) -> StateEvents:
        """The model's own events for the driver."""
        events = self.program.watched
        ranks = sorted({event.priority for event in events})
        targets = [one for event in events for one in event.assignments]
        return StateEvents(
            initial=np.array([float(event.initial_value) for event in events]),
            rank=np.array([ranks.index(event.priority) for event in events], dtype=np.int64),
            first=np.cumsum([0, *(len(event.assignments) for event in events)]),
            kind=np.array([SET_STATE if one.is_state else SET_PARAMETER for one in targets], dtype=np.int64),
            target=np.array([one.index for one in targets], dtype=np.int64),
        )

    def make_lanes(self) -> Lanes:
        """Workspace for one thread."""
        work = step_text(self.program, self.method, self.lanes).work
        return make_lanes(self.program.sizes, work, self.lanes)


def step_text(program: Program, method: Method, lanes: int) -> StepText:
    """The functions of a step with this method."""
    if isinstance(method, Tableau):
        return RosenbrockText(program, method, lanes)
    return ExplicitText(program, method, lanes)


def module_text(program: Program, method: Method, lanes: int) -> str:
    """The whole LLVM module of a model with a method."""
    definitions, declared = emit_routines(program, lanes)
    steps, needed = step_text(program, method, lanes).functions()
    return assemble([*definitions, *steps], declared | needed)


def compile_solver(model: LoweredModel, observables: Sequence[str], method: Method, lanes: int | None = None) -> Solver:
    """Machine code of a model that records these ids.

    lanes     subjects side by side; None for as many as a register of this machine holds
    """
    program = build_program(model, observables)
    width = this_machine().lanes if lanes is None else lanes
    return Solver(model, program, method, width, MachineCode(module_text(program, method, width)))
