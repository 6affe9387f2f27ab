"""The loop over steps: lanes run at their own time and step, and take the next subject when one is finished.

It knows no model. A lane never looks at another one, so that a subject's result does not depend on its neighbours.
Most steps need nothing but the generated code; it marks the lanes where something happens, and only those are looked at
here.
"""

from __future__ import annotations

import numpy as np

from threonate.engine.kernels.lanes import Code, Lanes, StateEvents, Subjects
from threonate.engine.kernels.native_calls import address_of, call, take_next

# Numbers that are compiled in: machine code is kept under a digest of the sources, this file among them.
RUNNING = -1
FINISHED, STEP_LIMIT, NOT_FINITE, STEP_TOO_SMALL, ENDLESS_EVENTS, RIVAL_EVENTS = 0, 1, 2, 3, 4, 5
ADD_STATE, SET_STATE, ADD_PARAMETER, SET_PARAMETER = 0, 1, 2, 3
FREE, NONE_LEFT = -1, -2
_FIRST_SHARE = 1e-3
_SMALLEST_STEP = 1e-14
_HALVINGS = 52
_MOST_ROUNDS = 1000


def drive(code: Code, subjects: Subjects, watched: StateEvents, lanes: Lanes, smallest_scale: float) -> int:
    """Solve subjects until none is left to take; returns the number of steps tried by all lanes together."""
    tried = 0
    for lane in range(lanes.subject.shape[0]):
        lanes.subject[lane] = FREE
    free = True
    while True:
        if free:
            live = refill(code, subjects, watched, lanes, smallest_scale)
            if live == 0:
                return tried
        try_step(code, lanes)
        tried += 1
        if watched.initial.shape[0] > 0:
            watch(code, watched, lanes)
        care = lanes.care[0]
        if care:
            record(code, subjects, lanes, care)
            if watched.initial.shape[0] > 0:
                shorten(code, lanes)
        take_steps(code, lanes)
        free = care != 0 and after_step(code, subjects, watched, lanes, care)


def try_step(code: Code, lanes: Lanes) -> None:
    """One trial step of every lane."""
    call(
        code.attempt,
        (
            address_of(lanes.y),
            address_of(lanes.q),
            address_of(lanes.t),
            address_of(lanes.stop),
            address_of(lanes.step),
            address_of(lanes.live),
            address_of(lanes.fresh),
            address_of(lanes.due),
            address_of(lanes.tol),
            address_of(lanes.counts),
            address_of(lanes.scale),
            address_of(lanes.h),
            address_of(lanes.ends),
            address_of(lanes.tn),
            address_of(lanes.yn),
            address_of(lanes.e),
            address_of(lanes.grow),
            address_of(lanes.good),
            address_of(lanes.care),
            address_of(lanes.work),
        ),
    )


def take_steps(code: Code, lanes: Lanes) -> None:
    """Make the good steps count."""
    call(
        code.accept,
        (
            address_of(lanes.y),
            address_of(lanes.yn),
            address_of(lanes.scale),
            address_of(lanes.t),
            address_of(lanes.tn),
            address_of(lanes.h),
            address_of(lanes.ends),
            address_of(lanes.good),
            address_of(lanes.live),
            address_of(lanes.grow),
            address_of(lanes.step),
            address_of(lanes.held),
            address_of(lanes.counts),
        ),
    )


def run_prologue(code: Code, lanes: Lanes) -> None:
    """Everything that only depends on parameters."""
    call(code.prologue, (address_of(lanes.p), address_of(lanes.q)))


def refill(code: Code, subjects: Subjects, watched: StateEvents, lanes: Lanes, smallest_scale: float) -> int:
    """Fill free lanes until none is left that could be filled; how many are at work then."""
    while any_free(lanes):
        fresh = 0
        for lane in range(lanes.subject.shape[0]):
            if lanes.subject[lane] == FREE:
                lanes.subject[lane] = NONE_LEFT
                lanes.kind[lane] = -1
                following = take_next(subjects.taken)
                if following < subjects.status.shape[0]:
                    place_subject(subjects, watched, lanes, smallest_scale, lane, following)
                    fresh += 1
        if fresh > 0:
            begin_subjects(code, subjects, watched, lanes)
    live = 0
    for lane in range(lanes.subject.shape[0]):
        live += lanes.subject[lane] >= 0
    return live


def begin_subjects(code: Code, subjects: Subjects, watched: StateEvents, lanes: Lanes) -> None:
    """Record the first time of new subjects and let happen what is due then."""
    run_prologue(code, lanes)
    call(code.observables, (address_of(lanes.y), address_of(lanes.q), address_of(lanes.t), address_of(lanes.o)))
    for lane in range(lanes.subject.shape[0]):
        if lanes.subject[lane] >= 0 and lanes.row[lane] == 0:
            store_row(subjects, lanes, lane)
            begin_segment(subjects, lanes, lane)
            lanes.step[0, lane] = _FIRST_SHARE * (lanes.stop[0, lane] - lanes.t[0, lane])
            lanes.struck[lane] = 1
    run_prologue(code, lanes)
    let_happen(code, subjects, watched, lanes)


def any_free(lanes: Lanes) -> bool:
    """Whether a lane waits for a subject."""
    found = False
    for lane in range(lanes.subject.shape[0]):
        found |= lanes.subject[lane] == FREE
    return found


def place_subject(
    subjects: Subjects, watched: StateEvents, lanes: Lanes, smallest_scale: float, lane: int, row: int
) -> None:
    """A subject at the start of the run."""
    lanes.subject[lane] = row
    for i in range(subjects.parameters.shape[1]):
        lanes.p[i, lane] = subjects.parameters[row, i]
    for i in range(subjects.start.shape[1]):
        lanes.y[i, lane] = subjects.start[row, i]
        lanes.scale[i, lane] = max(abs(subjects.start[row, i]), smallest_scale)
    for i in range(watched.initial.shape[0]):
        lanes.truth[i, lane] = watched.initial[i]
    lanes.t[0, lane] = subjects.times[0]
    lanes.event[lane] = subjects.first[row]
    lanes.row[lane] = 0
    lanes.held[0, lane] = 0.0
    lanes.fresh[0, lane] = 0.0
    lanes.live[0, lane] = 1.0
    lanes.counts[0, lane] = 0.0
    lanes.counts[1, lane] = 0.0
    for i in range(lanes.kept.shape[1]):
        lanes.kept[lane, i] = 0.0
    subjects.status[row] = RUNNING


def store_row(subjects: Subjects, lanes: Lanes, lane: int) -> None:
    """The observables of a lane into its next row."""
    row = lanes.row[lane]
    for j in range(subjects.values.shape[1]):
        subjects.values[lanes.subject[lane], j, row] = lanes.o[j, lane]
    lanes.row[lane] = row + 1
    lanes.due[0, lane] = subjects.times[row + 1] if row + 1 < subjects.times.shape[0] else np.inf


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
    lanes.stop[0, lane] = min(subjects.event_time[event], end) if event < last else end
    kind = lanes.kind[lane]
    if kind >= 0:
        lanes.fresh[0, lane] = 1.0
        left = lanes.stop[0, lane] - now
        first = lanes.kept[lane, kind] if lanes.kept[lane, kind] > 0.0 else _FIRST_SHARE * left
        lanes.step[0, lane] = first
    return changed


def apply_event(subjects: Subjects, lanes: Lanes, lane: int, event: int) -> bool:
    """One jump; whether it was one of a parameter."""
    kind, index, value = subjects.event_kind[event], subjects.event_index[event], subjects.event_value[event]
    if kind in (ADD_STATE, SET_STATE):
        set_state(lanes, lane, index, value + (lanes.y[index, lane] if kind == ADD_STATE else 0.0))
        return False
    lanes.p[index, lane] = value + (lanes.p[index, lane] if kind == ADD_PARAMETER else 0.0)
    return True


def set_state(lanes: Lanes, lane: int, index: int, value: float) -> None:
    """A state after a jump, and how large it has been."""
    lanes.y[index, lane] = value
    lanes.scale[index, lane] = max(lanes.scale[index, lane], abs(value))


def record(code: Code, subjects: Subjects, lanes: Lanes, care: int) -> None:
    """Rows that lie in the good steps; lanes with several rows take part in several rounds."""
    ready = False
    while True:
        found, inside = 0, 0
        for lane in range(lanes.subject.shape[0]):
            if care >> lane & 1 and is_due(lanes, lane):
                at = lanes.due[0, lane]
                found += 1
                inside += at < lanes.tn[0, lane]
                lanes.u[0, lane] = (at - lanes.t[0, lane]) / lanes.h[0, lane] if at < lanes.tn[0, lane] else 1.0
                lanes.to[0, lane] = at
        if found == 0:
            return
        if inside > 0:
            if not ready:
                run_prepare(code, lanes)
                ready = True
            run_dense(code, lanes)
            call(
                code.observables,
                (address_of(lanes.yo), address_of(lanes.q), address_of(lanes.to), address_of(lanes.o)),
            )
        else:
            call(
                code.observables,
                (address_of(lanes.yn), address_of(lanes.q), address_of(lanes.tn), address_of(lanes.o)),
            )
        for lane in range(lanes.subject.shape[0]):
            if care >> lane & 1 and is_due(lanes, lane):
                store_row(subjects, lanes, lane)


def is_due(lanes: Lanes, lane: int) -> bool:
    """Whether the next row of a lane lies in its good step."""
    return float(lanes.good[0, lane]) == 1.0 and float(lanes.due[0, lane]) <= float(lanes.tn[0, lane])


def run_prepare(code: Code, lanes: Lanes) -> None:
    """What the interpolation of the steps on trial needs."""
    call(
        code.prepare,
        (
            address_of(lanes.y),
            address_of(lanes.q),
            address_of(lanes.t),
            address_of(lanes.tn),
            address_of(lanes.h),
            address_of(lanes.yn),
            address_of(lanes.work),
        ),
    )


def run_dense(code: Code, lanes: Lanes) -> None:
    """States at the fraction u of the steps on trial."""
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


def after_step(code: Code, subjects: Subjects, watched: StateEvents, lanes: Lanes, care: int) -> bool:
    """Events, ends and failures of the lanes that were marked; whether a lane became free."""
    changed, happened = False, False
    for lane in range(lanes.subject.shape[0]):
        if care >> lane & 1:
            if lanes.good[0, lane] == 1.0:
                changed |= after_good_step(subjects, lanes, lane)
            else:
                give_up_if_stuck(subjects, lanes, lane)
            give_up_if_worn(subjects, lanes, lane)
            happened |= lanes.struck[lane] == 1
    if changed:
        run_prologue(code, lanes)
    if happened:
        let_happen(code, subjects, watched, lanes)
    return any_free(lanes)


def after_good_step(subjects: Subjects, lanes: Lanes, lane: int) -> bool:
    """Remember the first step after an event, and begin the next segment; whether a parameter changed."""
    if lanes.fresh[0, lane] > 0.0:
        lanes.kept[lane, lanes.kind[lane]] = lanes.step[0, lane]
        lanes.kind[lane] = -1
        lanes.fresh[0, lane] = 0.0
    if lanes.t[0, lane] < lanes.stop[0, lane]:
        return False
    if lanes.stop[0, lane] >= subjects.times[subjects.times.shape[0] - 1]:
        finish(subjects, lanes, lane, FINISHED)
        return False
    lanes.struck[lane] = 1
    return begin_segment(subjects, lanes, lane)


def watch(code: Code, watched: StateEvents, lanes: Lanes) -> None:
    """Find good steps in which a condition becomes true or time passes a mark, and end them there."""
    call(code.triggers, (address_of(lanes.yn), address_of(lanes.q), address_of(lanes.tn), address_of(lanes.z)))
    count, found = watched.initial.shape[0], 0
    for lane in range(lanes.subject.shape[0]):
        lanes.struck[lane] = 0
        lanes.u[0, lane] = 1.0
        lanes.low[0, lane] = 0.0
        if lanes.good[0, lane] == 1.0:
            if has_changed(lanes, lane, count):
                lanes.struck[lane] = 1
                found += 1
            else:
                for k in range(lanes.z.shape[0]):
                    lanes.truth[k, lane] = lanes.z[k, lane]
    if found > 0:
        run_prepare(code, lanes)
        search(code, lanes, count)


def search(code: Code, lanes: Lanes, count: int) -> None:
    """The first moment at which a struck lane has changed, by halving, on the dense output."""
    for _ in range(_HALVINGS):
        for lane in range(lanes.subject.shape[0]):
            if lanes.struck[lane] == 1:
                lanes.high[0, lane] = lanes.u[0, lane]
                lanes.u[0, lane] = 0.5 * (lanes.low[0, lane] + lanes.high[0, lane])
            lanes.to[0, lane] = lanes.t[0, lane] + lanes.u[0, lane] * lanes.h[0, lane]
        run_dense(code, lanes)
        call(code.triggers, (address_of(lanes.yo), address_of(lanes.q), address_of(lanes.to), address_of(lanes.z)))
        for lane in range(lanes.subject.shape[0]):
            if lanes.struck[lane] == 1 and not has_changed(lanes, lane, count):
                lanes.low[0, lane] = lanes.u[0, lane]
                lanes.u[0, lane] = lanes.high[0, lane]
    for lane in range(lanes.subject.shape[0]):
        if lanes.struck[lane] == 1:
            lanes.low[0, lane] = lanes.u[0, lane]
            lanes.care[0] |= 1 << lane
            if lanes.u[0, lane] < 1.0:
                lanes.ends[0, lane] = 0.0
                lanes.tn[0, lane] = lanes.t[0, lane] + lanes.u[0, lane] * lanes.h[0, lane]


def has_changed(lanes: Lanes, lane: int, count: int) -> bool:
    """Whether a condition that was false is true, or time has passed one of its marks."""
    changed = False
    for k in range(count):
        changed |= lanes.z[k, lane] > lanes.truth[k, lane]
    for k in range(count, lanes.z.shape[0]):
        changed |= lanes.z[k, lane] != lanes.truth[k, lane]
    return changed


def shorten(code: Code, lanes: Lanes) -> None:
    """The state at the event becomes the end of the step; rows after it have not been recorded."""
    found = 0
    for lane in range(lanes.subject.shape[0]):
        if lanes.struck[lane] == 1 and lanes.low[0, lane] < 1.0:
            lanes.u[0, lane] = lanes.low[0, lane]
            found += 1
    if found == 0:
        return
    run_dense(code, lanes)
    for lane in range(lanes.subject.shape[0]):
        if lanes.struck[lane] == 1 and lanes.low[0, lane] < 1.0:
            for i in range(lanes.y.shape[0]):
                lanes.yn[i, lane] = lanes.yo[i, lane]


def let_happen(code: Code, subjects: Subjects, watched: StateEvents, lanes: Lanes) -> None:
    """Events of the model in the struck lanes, one round after another; a subject where they never end is given up."""
    if watched.initial.shape[0] == 0:
        return
    for _ in range(_MOST_ROUNDS):
        call(code.triggers, (address_of(lanes.y), address_of(lanes.q), address_of(lanes.t), address_of(lanes.z)))
        call(code.assignments, (address_of(lanes.y), address_of(lanes.q), address_of(lanes.t), address_of(lanes.v)))
        found = 0
        for lane in range(lanes.subject.shape[0]):
            if lanes.struck[lane] == 1 and lanes.subject[lane] >= 0:
                if rivals(watched, lanes, lane):
                    finish(subjects, lanes, lane, RIVAL_EVENTS)
                else:
                    lanes.struck[lane] = 1 if execute(watched, lanes, lane) else 0
                    found += lanes.struck[lane]
        if found == 0:
            return
        run_prologue(code, lanes)
    for lane in range(lanes.subject.shape[0]):
        if lanes.struck[lane] == 1 and lanes.subject[lane] >= 0:
            finish(subjects, lanes, lane, ENDLESS_EVENTS)


def execute(watched: StateEvents, lanes: Lanes, lane: int) -> bool:
    """Assignments of all events whose condition has become true, with the values that they have now."""
    happened = False
    for k in range(watched.initial.shape[0]):
        if lanes.z[k, lane] > lanes.truth[k, lane]:
            happened = True
            lanes.held[0, lane] = 1.0
            for i in range(watched.first[k], watched.first[k + 1]):
                if watched.kind[i] == SET_STATE:
                    set_state(lanes, lane, watched.target[i], lanes.v[i, lane])
                else:
                    lanes.p[watched.target[i], lane] = lanes.v[i, lane]
    for k in range(lanes.z.shape[0]):
        lanes.truth[k, lane] = lanes.z[k, lane]
    return happened


def rivals(watched: StateEvents, lanes: Lanes, lane: int) -> bool:
    """Whether two events of one priority now set the same thing to different values."""
    found = False
    for k in range(watched.initial.shape[0]):
        for other in range(k):
            both = lanes.z[k, lane] > lanes.truth[k, lane] and lanes.z[other, lane] > lanes.truth[other, lane]
            if both and watched.rank[k] == watched.rank[other]:
                found |= differ(watched, lanes, lane, k, other)
    return found


def differ(watched: StateEvents, lanes: Lanes, lane: int, one: int, other: int) -> bool:
    """Whether two events set the same thing to different values."""
    found = False
    for i in range(watched.first[one], watched.first[one + 1]):
        for j in range(watched.first[other], watched.first[other + 1]):
            same = watched.kind[i] == watched.kind[j] and watched.target[i] == watched.target[j]
            found |= same and lanes.v[i, lane] != lanes.v[j, lane]
    return found


def give_up_if_worn(subjects: Subjects, lanes: Lanes, lane: int) -> None:
    """End a subject that has used up its steps."""
    if lanes.subject[lane] >= 0 and lanes.counts[0, lane] + lanes.counts[1, lane] >= lanes.tol[2, lane]:
        finish(subjects, lanes, lane, STEP_LIMIT)


def give_up_if_stuck(subjects: Subjects, lanes: Lanes, lane: int) -> None:
    """End a subject whose step no longer moves time."""
    scale = max(abs(lanes.t[0, lane]), lanes.stop[0, lane] - lanes.t[0, lane])
    if lanes.step[0, lane] < _SMALLEST_STEP * scale:
        error = lanes.e[0, lane]
        finish(subjects, lanes, lane, STEP_TOO_SMALL if error - error == 0.0 else NOT_FINITE)


def finish(subjects: Subjects, lanes: Lanes, lane: int, status: int) -> None:
    """Write down how a subject ended and free its lane."""
    row = lanes.subject[lane]
    subjects.status[row] = status
    subjects.counts[row, 0] = int(lanes.counts[0, lane])
    subjects.counts[row, 1] = int(lanes.counts[1, lane])
    lanes.subject[lane] = FREE
    lanes.live[0, lane] = 0.0
    lanes.struck[lane] = 0
