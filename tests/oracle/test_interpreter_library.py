"""A library that holds nothing but its name."""

import ctypes
import platform
import sys

import pytest

from tests.oracle.interpreter_library import _MACHINES, empty_library


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() not in _MACHINES, reason="the loader of Linux is asked"
)
def test_the_loader_accepts_it(tmp_path):
    path = tmp_path / "libnothing.so.1"
    path.write_bytes(empty_library("libnothing.so.1", _MACHINES[platform.machine()]))

    loaded = ctypes.CDLL(str(path))

    with pytest.raises(AttributeError):
        loaded.anything  # noqa: B018
