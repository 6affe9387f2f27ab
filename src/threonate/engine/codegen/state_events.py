"""The model's own events as the native driver needs them: conditions, assignments, and in which order they happen."""

from __future__ import annotations

import math
from dataclasses import dataclass

from threonate.engine.lower import LoweredModel, ModelEvent, UnsupportedModel
from threonate.engine.lower.graph import CONSTANT_OP


@dataclass(frozen=True, slots=True)
class Assignment:
    """What an event sets: a state or a parameter by its index, to the value of a node, in the unit it is kept in."""

    is_state: bool
    index: int
    node: int


@dataclass(frozen=True, slots=True)
class WatchedEvent:
    """One event.

    initial_value   truth of the condition before the start
    priority        events of one priority that happen together must not set the same thing to different values
    """

    id: str
    trigger: int
    initial_value: bool
    priority: float
    assignments: tuple[Assignment, ...]


def watched_events(model: LoweredModel) -> tuple[WatchedEvent, ...]:
    """The events of a model, highest priority first.

    Raises    UnsupportedModel for one with a delay, a priority that changes, a condition whose end takes it back,
              values of a later moment, or a target that a rule gives; the reference solver handles those
    """
    ranked = sorted(model.events, key=lambda event: -_priority(model, event))
    return tuple(_watched(model, event) for event in ranked)


def time_marks(model: LoweredModel) -> tuple[int, ...]:
    """Comparisons inside the conditions that only time and parameters decide.

    A step ends where one of them changes, so that a condition is not missed that holds for a moment only.
    """
    graph = model.graph
    inside = graph.ordered([event.trigger for event in model.events])
    found = []
    for node in (node for node in inside if graph.nodes[node].op in ("lt", "le", "eq")):
        leaves = {graph.nodes[arg].op for arg in graph.ordered([node])}
        if "t" in leaves and "y" not in leaves:
            one = graph.nodes[node]
            found.append(node if one.op != "eq" else graph.compare("lt", *one.args))
    return tuple(dict.fromkeys(found))


def _watched(model: LoweredModel, event: ModelEvent) -> WatchedEvent:
    if event.delay is not None and not _is_zero(model, event.delay):
        raise UnsupportedModel("An event with a delay", event.id)
    if not event.at_trigger and len(model.events) > 1:
        raise UnsupportedModel("An event whose values are taken when it is executed", event.id)
    if not event.persistent and len(model.events) > 1:
        raise UnsupportedModel("An event that the end of its condition takes back", event.id)
    found = tuple(_assignment(model, event, name, node) for name, node in event.assignments.items())
    return WatchedEvent(event.id, event.trigger, event.initial_value, _priority(model, event), found)


def _assignment(model: LoweredModel, event: ModelEvent, name: str, node: int) -> Assignment:
    kept = model.graph.mul(node, model.volumes[name]) if name in model.volumes else node
    if name in model.states:
        _refuse_volume(model, event, model.graph.leaf("y", model.states.index(name)))
        return Assignment(True, model.states.index(name), kept)
    if name in model.parameters:
        _refuse_volume(model, event, model.graph.leaf("p", model.parameters.index(name)))
        return Assignment(False, model.parameters.index(name), kept)
    raise UnsupportedModel(f"An event that sets '{name}'", event.id)


def _refuse_volume(model: LoweredModel, event: ModelEvent, leaf: int) -> None:
    """A volume that changes would change a concentration that is kept as one."""
    if leaf in model.diluted.values():
        raise UnsupportedModel("An event on a volume in which a concentration is kept", event.id)


def _priority(model: LoweredModel, event: ModelEvent) -> float:
    if event.priority is None:
        return -math.inf
    found = model.graph.nodes[event.priority]
    if found.op != CONSTANT_OP:
        raise UnsupportedModel("An event with a priority that is not a number", event.id)
    return float(found.value)


def _is_zero(model: LoweredModel, node: int) -> bool:
    found = model.graph.nodes[node]
    return found.op == CONSTANT_OP and found.value == 0.0
