"""A study is streamed to its folder: its memory does not grow with the number of subjects."""

from __future__ import annotations

from benchmarks.memory import LIMIT_MIB, measure_apart

GROWTH_MIB = 96
"""What the allocators of two workers keep."""


def test_memory_does_not_grow_with_the_subjects():
    few, many = (measure_apart(subjects, days=1) for subjects in (1024, 4096))

    assert many["subjects"] == 4096
    assert many["peak_mib"] < LIMIT_MIB
    assert many["peak_mib"] - few["peak_mib"] < GROWTH_MIB
