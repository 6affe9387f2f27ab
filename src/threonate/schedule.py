"""When something happens to a subject: the one table that regimens write and engines read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

ADD = 0
SET = 1


@dataclass(frozen=True, slots=True)
class EventTable:
    """Jumps at known times, sorted by subject, then time.

    subject    (event,) index of the subject
    times_h    (event,) clock of the run [h]
    target     (event,) index into `targets`
    operation  (event,) ADD to a state, or SET a parameter
    value      (event,) in the unit of the target
    targets    SBML ids that the events act on
    """

    subject: NDArray[np.int64]
    times_h: NDArray[np.float64]
    target: NDArray[np.int64]
    operation: NDArray[np.int8]
    value: NDArray[np.float64]
    targets: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.times_h)

    def rows(self, wanted: NDArray[np.int64] | NDArray[np.bool_]) -> EventTable:
        """Some of the events.

        wanted   their places in the order to keep, or for each event whether it is kept
        """
        return EventTable(
            self.subject[wanted],
            self.times_h[wanted],
            self.target[wanted],
            self.operation[wanted],
            self.value[wanted],
            self.targets,
        )

    def of(self, subjects: NDArray[np.int64]) -> EventTable:
        """The events of each of these subjects, who are counted anew.

        subjects   (row,) in any order, as often as needed

        >>> doses = EventTable(*np.array([[0, 1, 1], [8, 8, 20], [0, 0, 0], [0, 0, 0], [3, 4, 5]]), targets=("gut",))
        >>> again = doses.of(np.array([1, 0, 1]))
        >>> again.subject.tolist(), again.value.tolist()
        ([0, 0, 1, 2, 2], [4, 5, 3, 4, 5])
        """
        first = np.searchsorted(self.subject, subjects)
        count = np.searchsorted(self.subject, subjects, side="right") - first
        row = np.repeat(np.arange(len(subjects)), count)
        place = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        return replace(self.rows(place), subject=row)

    def between(self, begin_h: float, end_h: float) -> EventTable:
        """The events from one time to before another, on a clock that begins at the first.

        >>> doses = EventTable(*np.array([[0, 1, 1], [8, 8, 20], [0, 0, 0], [0, 0, 0], [3, 4, 5]]), targets=("gut",))
        >>> evening = doses.between(12.0, 24.0)
        >>> evening.times_h.tolist(), evening.value.tolist()
        ([8.0], [5])
        """
        return self.rows((self.times_h >= begin_h) & (self.times_h < end_h)).moved(-begin_h)

    def moved(self, hours: float) -> EventTable:
        """The same events so much later."""
        return replace(self, times_h=self.times_h + hours)


NO_EVENTS = EventTable(np.empty(0, int), np.empty(0), np.empty(0, int), np.empty(0, np.int8), np.empty(0), ())
