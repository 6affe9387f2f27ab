"""A lowered model made ready to run: program, machine code and lanes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from threonate.engine.codegen import Program, build_program, emit_routines
from threonate.engine.codegen.llvm_emitter import assemble
from threonate.engine.kernels.lanes import Code, Lanes, make_lanes
from threonate.engine.kernels.object_code import MachineCode, this_machine
from threonate.engine.kernels.step_text import layout_of, step_functions
from threonate.engine.kernels.tableau import Tableau
from threonate.engine.lower import LoweredModel


@dataclass(frozen=True, slots=True)
class Solver:
    """One model with one method, compiled for a number of lanes."""

    model: LoweredModel
    program: Program
    method: Tableau
    lanes: int
    machine_code: MachineCode

    @property
    def code(self) -> Code:
        """Addresses for the driver; valid as long as this record lives."""
        return Code(*(self.machine_code.address(name) for name in Code._fields))

    def make_lanes(self) -> Lanes:
        """Workspace for one thread."""
        work = layout_of(self.program, self.method).parts["end"]
        return make_lanes(self.program.sizes, work, self.lanes)


def module_text(program: Program, method: Tableau, lanes: int) -> str:
    """The whole LLVM module of a model with a method."""
    definitions, declared = emit_routines(program, lanes)
    steps, needed = step_functions(program, method, lanes)
    return assemble([*definitions, *steps], declared | needed)


def compile_solver(
    model: LoweredModel, observables: Sequence[str], method: Tableau, lanes: int | None = None
) -> Solver:
    """Machine code of a model that records these ids.

    lanes     subjects side by side; None for as many as a register of this machine holds
    """
    program = build_program(model, observables)
    width = this_machine().lanes if lanes is None else lanes
    return Solver(model, program, method, width, MachineCode(module_text(program, method, width)))
