"""The loop over steps: lanes run at their own time and step, and take the next subject when one is finished.

It knows no model. A lane never looks at another one, so that a subject's result does not depend on its neighbours.
"""

from __future__ import annotations

import numpy as np

from threonate.engine.kernels.lanes import Code, Lanes, Limits, Subjects
from threonate.engine.kernels.native_calls import address_of, borrowed, call, compiled

# Numbers that are compiled in: they live in this file, whose changes make the kept machine code invalid.
FINISHED, STEP_LIMIT, NOT_FINITE, STEP_TOO_SMALL = 0, 1, 2, 3
ADD_STATE, SET_STATE, ADD_PARAMETER, SET_PARAMETER = 0, 1, 2, 3
FREE, NONE_LEFT = -1, -2
_STRETCH = 1.02
_FIRST_SHARE = 1e-4
_SMALLEST_STEP = 1e-14
_RUNNING = -1


@compiled
def drive(code: Code, subjects: Subjects, lanes: Lanes, limits: Limits) -> int:
    """Solve all subjects; returns the number of steps tried by all lanes together."""
    following, tried = int(np.int64(0)), 0  # a bare 0 is a type of its own, for which refill would be compiled again
    subjects, lanes = borrow_subjects(subjects), borrow_lanes(lanes)
    for lane in range(lanes.subject.shape[0]):
        lanes.subject[lane] = FREE
    while True:
        following, live = refill(code, subjects, lanes, limits, following)
        if live == 0:
            return tried
        choose_steps(lanes)
        call(
            code.attempt,
            (
                address_of(lanes.y),
                address_of(lanes.q),
                address_of(lanes.t),
                address_of(lanes.h),
                address_of(lanes.tol),
                address_of(lanes.scale),
                address_of(lanes.yn),
                address_of(lanes.e),
                address_of(lanes.grow),
                address_of(lanes.work),
            ),
        )
        tried += 1
        judge(lanes)
        record(code, subjects, lanes)
        call(code.accept, (address_of(lanes.y), address_of(lanes.yn), address_of(lanes.mask), address_of(lanes.scale)))
        if advance(subjects, lanes, limits):
            call(code.prologue, (address_of(lanes.p), address_of(lanes.q)))


@compiled
def refill(code: Code, subjects: Subjects, lanes: Lanes, limits: Limits, following: int) -> tuple[int, int]:
    """Give free lanes the next subjects, record their first time and let their first events happen."""
    live, fresh = 0, 0
    for lane in range(lanes.subject.shape[0]):
        if lanes.subject[lane] == FREE:
            lanes.subject[lane] = NONE_LEFT
            lanes.kind[lane] = -1
            if following < subjects.status.shape[0]:
                place_subject(subjects, lanes, limits, lane, following)
                following += 1
                fresh += 1
        live += lanes.subject[lane] >= 0
    if fresh > 0:
        call(code.prologue, (address_of(lanes.p), address_of(lanes.q)))
        call(code.observables, (address_of(lanes.y), address_of(lanes.q), address_of(lanes.t), address_of(lanes.o)))
        for lane in range(lanes.subject.shape[0]):
            if lanes.subject[lane] >= 0 and lanes.row[lane] == 0:
                store_row(subjects, lanes, lane)
                begin_segment(subjects, lanes, lane)
                lanes.step[lane] = _FIRST_SHARE * (lanes.stop[lane] - lanes.t[0, lane])
        call(code.prologue, (address_of(lanes.p), address_of(lanes.q)))
    return following, live


@compiled
def place_subject(subjects: Subjects, lanes: Lanes, limits: Limits, lane: int, row: int) -> None:
    """A subject at the start of the run."""
    lanes.subject[lane] = row
    for i in range(subjects.parameters.shape[1]):
        lanes.p[i, lane] = subjects.parameters[row, i]
    for i in range(subjects.start.shape[1]):
        lanes.y[i, lane] = subjects.start[row, i]
        lanes.scale[i, lane] = max(abs(subjects.start[row, i]), limits.smallest_scale)
    lanes.t[0, lane] = subjects.times[0]
    lanes.event[lane] = subjects.first[row]
    lanes.row[lane] = 0
    lanes.held[lane] = 0
    for i in range(lanes.kept.shape[1]):
        lanes.kept[lane, i] = 0.0
    subjects.status[row] = _RUNNING


@compiled
def store_row(subjects: Subjects, lanes: Lanes, lane: int) -> None:
    """The observables of a lane into its next row."""
    row = lanes.row[lane]
    for j in range(subjects.values.shape[2]):
        subjects.values[lanes.subject[lane], row, j] = lanes.o[j, lane]
    lanes.row[lane] = row + 1


@compiled
def begin_segment(subjects: Subjects, lanes: Lanes, lane: int) -> bool:
    """Let everything happen that is due now, and look up the next event; whether a parameter changed."""
    changed = False
    last = subjects.first[lanes.subject[lane] + 1]
    now = lanes.t[0, lane]
    event = lanes.event[lane]
    while event < last and subjects.event_time[event] <= now:
        lanes.kind[lane] = subjects.event_class[event]
        changed |= apply_event(subjects, lanes, lane, event)
        event += 1
    lanes.event[lane] = event
    end = subjects.times[subjects.times.shape[0] - 1]
    lanes.stop[lane] = min(subjects.event_time[event], end) if event < last else end
    kind = lanes.kind[lane]
    if kind >= 0 and lanes.kept[lane, kind] > 0.0:
        lanes.step[lane] = lanes.kept[lane, kind]
    lanes.held[lane] = 0
    return changed


@compiled
def apply_event(subjects: Subjects, lanes: Lanes, lane: int, event: int) -> bool:
    """One jump; whether it was one of a parameter."""
    kind, index, value = subjects.event_kind[event], subjects.event_index[event], subjects.event_value[event]
    if kind in (ADD_STATE, SET_STATE):
        lanes.y[index, lane] = value + (lanes.y[index, lane] if kind == ADD_STATE else 0.0)
        lanes.scale[index, lane] = max(lanes.scale[index, lane], abs(lanes.y[index, lane]))
        return False
    lanes.p[index, lane] = value + (lanes.p[index, lane] if kind == ADD_PARAMETER else 0.0)
    return True


@compiled
def choose_steps(lanes: Lanes) -> None:
    """The wanted step, or what is left of the segment; two equal steps where one would leave a crumb."""
    for lane in range(lanes.subject.shape[0]):
        if lanes.subject[lane] < 0:
            continue
        left = lanes.stop[lane] - lanes.t[0, lane]
        wanted = lanes.step[lane]
        lanes.ends[lane] = 1 if wanted * _STRETCH >= left else 0
        if lanes.ends[lane] == 1:
            lanes.h[0, lane] = left
        else:
            lanes.h[0, lane] = min(wanted, 0.5 * left) if wanted > 0.5 * left else wanted


@compiled
def judge(lanes: Lanes) -> None:
    """Mask of the lanes whose step is good; anything that is not a number is not."""
    for lane in range(lanes.subject.shape[0]):
        good = lanes.subject[lane] >= 0 and lanes.e[0, lane] <= 1.0
        lanes.mask[0, lane] = 1.0 if good else 0.0


@compiled
def record(code: Code, subjects: Subjects, lanes: Lanes) -> None:
    """Rows that lie in the good steps, by dense output; lanes with several rows take part in several rounds."""
    rows = subjects.times.shape[0]
    while True:
        found = 0
        for lane in range(lanes.subject.shape[0]):
            if due(subjects, lanes, lane, rows):
                begin, h = lanes.t[0, lane], lanes.h[0, lane]
                at = subjects.times[lanes.row[lane]]
                lanes.u[0, lane] = 1.0 if lanes.ends[lane] == 1 and at >= lanes.stop[lane] else (at - begin) / h
                lanes.to[0, lane] = at
                found += 1
        if found == 0:
            return
        call(
            code.dense,
            (
                address_of(lanes.y),
                address_of(lanes.yn),
                address_of(lanes.work),
                address_of(lanes.u),
                address_of(lanes.yo),
            ),
        )
        call(code.observables, (address_of(lanes.yo), address_of(lanes.q), address_of(lanes.to), address_of(lanes.o)))
        for lane in range(lanes.subject.shape[0]):
            if due(subjects, lanes, lane, rows):
                store_row(subjects, lanes, lane)


@compiled
def due(subjects: Subjects, lanes: Lanes, lane: int, rows: int) -> bool:
    """Whether the next row of a lane lies in the step that was just accepted."""
    if lanes.mask[0, lane] == 0.0 or lanes.row[lane] >= rows:
        return False
    end = lanes.stop[lane] if lanes.ends[lane] == 1 else lanes.t[0, lane] + lanes.h[0, lane]
    return bool(subjects.times[lanes.row[lane]] <= end)


@compiled
def advance(subjects: Subjects, lanes: Lanes, limits: Limits) -> bool:
    """Move every lane on; whether a parameter of any lane changed."""
    changed = False
    for lane in range(lanes.subject.shape[0]):
        row = lanes.subject[lane]
        if row < 0:
            continue
        if lanes.mask[0, lane] == 1.0:
            subjects.counts[row, 0] += 1
            changed |= after_good_step(subjects, lanes, lane)
        else:
            subjects.counts[row, 1] += 1
            lanes.step[lane] = lanes.h[0, lane] * min(lanes.grow[0, lane], 0.9)
            lanes.held[lane] = 1
            give_up_if_stuck(subjects, lanes, lane)
        if lanes.subject[lane] >= 0 and subjects.counts[row, 0] + subjects.counts[row, 1] >= limits.steps:
            finish(subjects, lanes, lane, STEP_LIMIT)
    return changed


@compiled
def after_good_step(subjects: Subjects, lanes: Lanes, lane: int) -> bool:
    """Time, the next step, and what happens at the end of a segment; whether a parameter changed."""
    h, factor = lanes.h[0, lane], lanes.grow[0, lane]
    following = h * (min(factor, 1.0) if lanes.held[lane] == 1 else factor)
    if lanes.ends[lane] == 1:
        following = max(following, lanes.step[lane])
    lanes.step[lane] = following
    lanes.held[lane] = 0
    if lanes.kind[lane] >= 0:
        lanes.kept[lane, lanes.kind[lane]] = following
        lanes.kind[lane] = -1
    if lanes.ends[lane] == 0:
        lanes.t[0, lane] += h
        return False
    lanes.t[0, lane] = lanes.stop[lane]
    if lanes.stop[lane] >= subjects.times[subjects.times.shape[0] - 1]:
        finish(subjects, lanes, lane, FINISHED)
        return False
    return begin_segment(subjects, lanes, lane)


@compiled
def give_up_if_stuck(subjects: Subjects, lanes: Lanes, lane: int) -> None:
    """End a subject whose step no longer moves time."""
    scale = max(abs(lanes.t[0, lane]), lanes.stop[lane] - lanes.t[0, lane])
    if lanes.step[lane] < _SMALLEST_STEP * scale:
        error = lanes.e[0, lane]
        finish(subjects, lanes, lane, STEP_TOO_SMALL if error - error == 0.0 else NOT_FINITE)


@compiled
def finish(subjects: Subjects, lanes: Lanes, lane: int, status: int) -> None:
    """Write down how a subject ended and free its lane."""
    subjects.status[lanes.subject[lane]] = status
    lanes.subject[lane] = FREE


@compiled
def borrow_subjects(subjects: Subjects) -> Subjects:
    """The same arrays without owners."""
    return Subjects(
        borrowed(subjects.parameters),
        borrowed(subjects.start),
        borrowed(subjects.first),
        borrowed(subjects.event_time),
        borrowed(subjects.event_kind),
        borrowed(subjects.event_index),
        borrowed(subjects.event_value),
        borrowed(subjects.event_class),
        borrowed(subjects.times),
        borrowed(subjects.values),
        borrowed(subjects.status),
        borrowed(subjects.counts),
    )


@compiled
def borrow_lanes(lanes: Lanes) -> Lanes:
    """The same arrays without owners."""
    return Lanes(
        borrowed(lanes.y),
        borrowed(lanes.yn),
        borrowed(lanes.scale),
        borrowed(lanes.p),
        borrowed(lanes.q),
        borrowed(lanes.t),
        borrowed(lanes.h),
        borrowed(lanes.tol),
        borrowed(lanes.e),
        borrowed(lanes.grow),
        borrowed(lanes.mask),
        borrowed(lanes.u),
        borrowed(lanes.yo),
        borrowed(lanes.to),
        borrowed(lanes.o),
        borrowed(lanes.work),
        borrowed(lanes.subject),
        borrowed(lanes.stop),
        borrowed(lanes.step),
        borrowed(lanes.kept),
        borrowed(lanes.kind),
        borrowed(lanes.event),
        borrowed(lanes.row),
        borrowed(lanes.ends),
        borrowed(lanes.held),
    )
