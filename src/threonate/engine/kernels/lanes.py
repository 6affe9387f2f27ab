"""What the driver works on: the subjects of one chunk, the lanes they run in, and the machine code."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]

CLASSES = 32
"""Kinds of events whose first step is remembered."""


class Code(NamedTuple):
    """Addresses of the routines."""

    prologue: int
    attempt: int
    accept: int
    dense: int
    observables: int


class Subjects(NamedTuple):
    """The subjects of one chunk.

    parameters   (subject, parameter)
    start        (subject, state)
    first        (subject + 1,) where the events of each subject begin
    event_time, event_kind, event_index, event_value, event_class    (event,)
    times        (time,) increasing; the first is the start
    values       (subject, time, observable) filled by the driver
    status       (subject,) filled by the driver
    counts       (subject, 2) accepted and rejected steps, filled by the driver
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


class Lanes(NamedTuple):
    """State of all lanes; arrays are (index, lane), start at a cache line and are known to the code by address.

    subject     (lane,) row of the subject, -1 for a free lane, -2 when none is left
    stop        (lane,) end of the segment
    step        (lane,) wanted step
    kept        (lane, class) first step that suited after the last event of a class
    kind        (lane,) class of the last event while its first step is not known yet, else -1
    event, row  (lane,) next event and next time to record
    ends        (lane,) whether the step on trial reaches the end of the segment
    held        (lane,) 1 after a rejected step
    """

    y: Array
    yn: Array
    scale: Array
    p: Array
    q: Array
    t: Array
    h: Array
    tol: Array
    e: Array
    grow: Array
    mask: Array
    u: Array
    yo: Array
    to: Array
    o: Array
    work: Array
    subject: Index
    stop: Array
    step: Array
    kept: Array
    kind: Index
    event: Index
    row: Index
    ends: Index
    held: Index


class Limits(NamedTuple):
    """When to give up, and how large a state is at least taken to be."""

    steps: int
    smallest_scale: float


def aligned(rows: int, lanes: int) -> Array:
    """Zeros (row, lane) that start at a cache line."""
    size = max(1, rows) * lanes
    raw = np.zeros(size + 8)
    begin = (-raw.ctypes.data % 64) // 8
    return raw[begin : begin + size].reshape(max(1, rows), lanes)


def make_lanes(sizes: dict[str, int], work: int, lanes: int) -> Lanes:
    """Lanes for a program with these array lengths."""
    states = sizes["y"]
    lane_state = Lanes(
        y=aligned(states, lanes),
        yn=aligned(states, lanes),
        scale=aligned(states, lanes),
        p=aligned(sizes["p"], lanes),
        q=aligned(sizes["q"], lanes),
        t=aligned(1, lanes),
        h=aligned(1, lanes),
        tol=aligned(2, lanes),
        e=aligned(1, lanes),
        grow=aligned(1, lanes),
        mask=aligned(1, lanes),
        u=aligned(1, lanes),
        yo=aligned(states, lanes),
        to=aligned(1, lanes),
        o=aligned(sizes["o"], lanes),
        work=aligned(work, lanes),
        subject=np.zeros(lanes, dtype=np.int64),
        stop=np.zeros(lanes),
        step=np.zeros(lanes),
        kept=np.zeros((lanes, CLASSES)),
        kind=np.zeros(lanes, dtype=np.int64),
        event=np.zeros(lanes, dtype=np.int64),
        row=np.zeros(lanes, dtype=np.int64),
        ends=np.zeros(lanes, dtype=np.int64),
        held=np.zeros(lanes, dtype=np.int64),
    )
    lane_state.scale[:] = 1.0
    return lane_state
