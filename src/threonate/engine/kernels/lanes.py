"""What the driver works on: subjects, the lanes they run in, and the machine code."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]

_LINE = 8
"""Numbers in a cache line."""
CLASSES = 32
"""Kinds of events whose first step is remembered."""


class Code(NamedTuple):
    """Addresses of the routines."""

    prologue: int
    attempt: int
    accept: int
    prepare: int
    dense: int
    observables: int
    triggers: int
    assignments: int


class StateEvents(NamedTuple):
    """What the driver knows of the model's own events, which happen when a condition becomes true.

    initial     (event,) truth of the condition before the start, 0 or 1
    rank        (event,) the same for events of one priority
    first       (event + 1,) where the assignments of each event begin, in the order of execution
    kind        (assignment,) SET_STATE or SET_PARAMETER
    target      (assignment,) state or parameter
    """

    initial: Array
    rank: Index
    first: Index
    kind: Index
    target: Index


class Subjects(NamedTuple):
    """The subjects of one solve; several threads may work on them, each with lanes of its own.

    parameters   (subject, parameter)
    start        (subject, state)
    first        (subject + 1,) where the events of each subject begin
    event_time, event_kind, event_index, event_value, event_class    (event,)
    times        (time,) increasing; the first is the start
    values       (subject, observable, time) filled by the driver
    status       (subject,) filled by the driver
    counts       (subject, 2) accepted and rejected steps, filled by the driver
    taken        (1,) how many have been taken into a lane; the next free lane takes that number
    """

    parameters: Array
    start: Array
    first: Index
    event_time: Array
    event_kind: Index
    event_index: Index
    event_value: Array
    event_class: Index
    times: Array
    values: Array
    status: Index
    counts: Index
    taken: Index


class Lanes(NamedTuple):
    """State of all lanes; arrays are (index, lane), start at a cache line and are known to the code by address.

    y, yn       states at the begin and at the end of the step on trial
    scale       largest size that each state has had in this subject
    p, q        parameters, and what the prologue makes of them
    t, tn, h    begin, end and length of the step on trial
    stop        end of the segment
    step        wanted step
    live        1 for a lane with a subject
    fresh       1 until the first step after an event is accepted
    due         next time to record
    tol         relative bound, absolute bound, largest number of steps
    counts      accepted and rejected steps
    e, grow     mean squared error, factor for the next step
    ends, good  1 where the step reaches the end of the segment, where it is accepted
    held        1 after a rejected step
    care        (1,) a bit for every lane that the driver must look at after a step
    u, yo, to, o    fraction of the step, states, time and observables of a row that is recorded
    truth, z, v     conditions as they were, as they are, and values of the assignments of the model's events
    low, high   bounds of the moment of an event, as fractions of the step
    work        stages and what else a step keeps, see StepText
    subject     (lane,) row of the subject, -1 for a free lane, -2 when none is left
    kept        (lane, class) first step that suited after the last event of a class
    kind        (lane,) class of the last event while its first step is not known yet, else -1
    event, row  (lane,) next event and next time to record
    struck      (lane,) 1 where an event of the model ends the step on trial
    """

    y: Array
    yn: Array
    scale: Array
    p: Array
    q: Array
    t: Array
    tn: Array
    h: Array
    stop: Array
    step: Array
    live: Array
    fresh: Array
    due: Array
    tol: Array
    counts: Array
    e: Array
    grow: Array
    ends: Array
    good: Array
    held: Array
    care: Index
    u: Array
    yo: Array
    to: Array
    o: Array
    truth: Array
    z: Array
    v: Array
    low: Array
    high: Array
    work: Array
    subject: Index
    kept: Array
    kind: Index
    event: Index
    row: Index
    struck: Index


def aligned(rows: int, lanes: int) -> Array:
    """Zeros (row, lane) in cache lines of their own: two threads that write into one line hinder each other."""
    size = -(-max(1, rows) * lanes // _LINE) * _LINE
    raw = np.zeros(size + _LINE)
    begin = (-raw.ctypes.data % (8 * _LINE)) // 8
    return raw[begin : begin + max(1, rows) * lanes].reshape(max(1, rows), lanes)


def make_lanes(sizes: dict[str, int], work: int, lanes: int) -> Lanes:
    """Lanes for a program with these array lengths."""
    rows = dict.fromkeys(("y", "yn", "scale", "yo"), sizes["y"])
    rows |= {"tol": 3, "counts": 2, "truth": sizes["z"], "work": work}
    rows |= {name: sizes[name] for name in ("p", "q", "o", "z", "v")}
    whole: dict[str, Any] = {
        name: aligned(1, lanes).view(np.int64)[0] for name in ("subject", "kind", "event", "row", "struck")
    }
    whole |= {"care": aligned(1, 1).view(np.int64)[0]}
    other: dict[str, Any] = {"kept": aligned(lanes, CLASSES)}
    vectors: dict[str, Any] = {
        name: aligned(rows.get(name, 1), lanes) for name in Lanes._fields if name not in {*whole, *other}
    }
    vectors["scale"][:] = 1.0
    return Lanes(**vectors, **whole, **other)
