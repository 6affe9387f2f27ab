"""From a lowered model to a solver: program, machine code, and the plan that is kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from threonate.engine.codegen import Program, build_program, emit_routines
from threonate.engine.codegen.llvm_emitter import assemble
from threonate.engine.kernels.driver import SET_PARAMETER, SET_STATE
from threonate.engine.kernels.explicit_text import ExplicitText
from threonate.engine.kernels.object_code import MachineCode, this_machine
from threonate.engine.kernels.prepared import Plan, Solver
from threonate.engine.kernels.rosenbrock_text import RosenbrockText
from threonate.engine.kernels.step_text import StepText
from threonate.engine.kernels.tableau import Method, Tableau
from threonate.engine.lower import LoweredModel
from threonate.engine.start_values import derived_parameters


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


def plan_of(model: LoweredModel, program: Program, method: Method, lanes: int) -> Plan:
    """What a solve needs to know."""
    events = program.watched
    ranks = sorted({event.priority for event in events})
    targets = [one for event in events for one in event.assignments]
    return Plan(
        states=tuple(model.states),
        parameters=tuple(model.parameters),
        defaults=tuple(model.defaults),
        sizes=program.sizes,
        work=step_text(program, method, lanes).work,
        method=method.name,
        lanes=lanes,
        initial=tuple(float(event.initial_value) for event in events),
        rank=tuple(ranks.index(event.priority) for event in events),
        first=tuple(accumulate((len(event.assignments) for event in events), initial=0)),
        kind=tuple(SET_STATE if one.is_state else SET_PARAMETER for one in targets),
        target=tuple(one.index for one in targets),
        derived=derived_parameters(model, frozenset()),
    )


def make_solver(model: LoweredModel, program: Program, method: Method, lanes: int) -> Solver:
    """Machine code of a program."""
    code = MachineCode(module_text(program, method, lanes))
    return Solver(plan_of(model, program, method, lanes), code, lambda: (model, program))


def compile_solver(model: LoweredModel, observables: Sequence[str], method: Method, lanes: int | None = None) -> Solver:
    """Machine code of a model that records these ids.

    lanes     subjects side by side; None for as many as a register of this machine holds
    """
    width = this_machine().lanes if lanes is None else lanes
    return make_solver(model, build_program(model, observables), method, width)
