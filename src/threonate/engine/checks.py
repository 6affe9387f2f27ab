"""Whether names, shapes and times of a question fit its network; asked before anything is solved."""

from __future__ import annotations

import numpy as np

from threonate.engine.compiled import CompiledNetwork
from threonate.engine.trajectories import Array, SubjectInputs
from threonate.errors import EngineError, nearest
from threonate.schedule import EventTable


def check_inputs(compiled: CompiledNetwork, inputs: SubjectInputs, events: EventTable, times_h: Array) -> None:
    """Refuse what cannot be solved as asked.

    Raises    EngineError naming what does not fit
    """
    network = compiled.network
    settable = {*network.parameters, *network.states}
    for name in (*inputs.symbols, *inputs.states, *events.targets):
        if name not in settable:
            raise EngineError(f"'{name}' cannot be set in this network. {nearest(name, settable)}")
    if inputs.states != network.states:
        raise EngineError("start must give every state of the network, in its order.")
    if len(times_h) < 2 or not np.all(np.diff(times_h) > 0.0) or not np.isfinite(times_h).all():
        raise EngineError("times_h must hold at least two increasing, finite times.")
    _check_events(events, len(inputs))


def _check_events(events: EventTable, subjects: int) -> None:
    if not len(events):
        return
    step = np.diff(events.subject)
    if (step < 0).any() or ((step == 0) & (np.diff(events.times_h) < 0.0)).any():
        raise EngineError("events must be sorted by subject, then time.")
    if events.subject[0] < 0 or events.subject[-1] >= subjects:
        raise EngineError(f"events name subject {events.subject[-1]}; there are {subjects}, counted from 0.")
    if not np.isfinite(events.times_h).all():
        raise EngineError("events must have finite times.")
