"""The two-process core: length and period of sleep."""

from __future__ import annotations

import numpy as np
import pytest

from tests.responses import compose_response

STEP_H = 0.01


def test_sleep_length_and_period() -> None:
    late = np.arange(24.0 * 18, 24.0 * 20, STEP_H)
    course = compose_response("two_process").run(np.array([0.0, *late]), "two_process.TST", "two_process.awake")
    turns = np.diff(course["two_process.awake"][1:])

    assert course["two_process.TST"][-1] / 60.0 == pytest.approx(8.39, abs=0.006)
    assert np.diff(late[1:][turns < 0.0]) == pytest.approx(24.0, abs=2 * STEP_H)
