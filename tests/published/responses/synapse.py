"""Synapses after stopping, against what was said of the memory of rats."""

from __future__ import annotations

import numpy as np

from tests.published.bench import Row
from tests.published.rat import Arm, run


def left(days: float) -> float:
    """Share of the gain over controls that is left some days after sixty days on MgT [%]."""
    course = run([Arm("MgT", "THREONATE"), Arm("controls", "THREONATE")], [0.0, 60.0, 60.0 + days], stop_day=60.0)
    gain: np.ndarray = course.of("synapse_D")[0] / course.of("synapse_D")[1] - 1.0
    return 100.0 * float(gain[2] / gain[1])


MEANING = """The model has no age; the young rats lost what the aged kept."""

ROWS = [
    Row(
        "synapse_off_aged", "aged rats, 12 d after MgT", "gain of synapses left, %",
        lambda: left(12.0), 108.5, 0.3, 50.0, 150.0, "V", "SP019", note="memory lasted up to 12 d; interval is ours",
    ),
    Row(
        "synapse_off_young", "young rats, 12 d after MgT", "gain of synapses left, %",
        lambda: left(12.0), 108.5, 0.3, 0.0, 50.0, "V", "SP019", meets=False,
        note="memory was lost, when is not told; the model has no age; interval is ours",
    ),
]  # fmt: skip
