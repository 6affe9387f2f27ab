"""State events of a model as graph nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import libsbml

from threonate.engine.lower.formula import lower_condition, lower_formula
from threonate.engine.lower.scope import Scope
from threonate.engine.unsupported import UnsupportedModel


@dataclass(frozen=True, slots=True)
class ModelEvent:
    """One SBML event, all formulas in the running scope.

    trigger         condition node
    delay           node [time of the model], or None
    priority        node, or None
    persistent      once triggered it happens, even if the condition ends before
    initial_value   truth of the condition before the start
    at_trigger      assignments are computed when triggered, not when executed
    assignments     id -> node, in the meaning that formulas give the id (a concentration for a species read as one)
    """

    id: str
    trigger: int
    delay: int | None
    priority: int | None
    persistent: bool
    initial_value: bool
    at_trigger: bool
    assignments: Mapping[str, int]


def read_events(model: libsbml.Model, scope: Scope) -> tuple[ModelEvent, ...]:
    """Events that can happen; one without a trigger or without any assignment never does anything."""
    events = (model.getEvent(i) for i in range(model.getNumEvents()))
    return tuple(_event(event, scope) for event in events if event.isSetTrigger() and event.getTrigger().isSetMath())


def _event(event: libsbml.Event, scope: Scope) -> ModelEvent:
    name = event.getId() or event.getIdAttribute() or "event"
    trigger = event.getTrigger()
    assignments = {}
    for i in range(event.getNumEventAssignments()):
        assignment = event.getEventAssignment(i)
        if assignment.getVariable() in scope.declared.assigned:
            raise UnsupportedModel(f"An event that sets '{assignment.getVariable()}', which a rule gives", name)
        if assignment.getMath() is not None:
            assignments[assignment.getVariable()] = lower_formula(assignment.getMath(), scope, name)
    return ModelEvent(
        id=name,
        trigger=lower_condition(trigger.getMath(), scope, name),
        delay=_optional(event.getDelay(), scope, name),
        priority=_optional(event.getPriority(), scope, name),
        persistent=bool(trigger.getPersistent()),
        initial_value=bool(trigger.getInitialValue()),
        at_trigger=bool(event.getUseValuesFromTriggerTime()),
        assignments=assignments,
    )


def _optional(part: libsbml.SBase | None, scope: Scope, name: str) -> int | None:
    if part is None or part.getMath() is None:
        return None
    return lower_formula(part.getMath(), scope, name)
