"""When something happens to a subject: the one table that regimens write and engines read."""

from __future__ import annotations

from dataclasses import dataclass

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
