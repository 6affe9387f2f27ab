"""Errors reach whoever started a process as they were raised in it."""

import pickle

import pytest

from threonate.engine.unsupported import UnsupportedModel
from threonate.errors import CatalogueError, EngineError


@pytest.mark.parametrize(
    "error",
    [
        CatalogueError(["a.toml, line 1: no unit.", "b.toml: unknown key."]),
        UnsupportedModel("delay", "r1"),
        EngineError("no"),
    ],
)
def test_an_error_says_the_same_in_another_process(error: Exception) -> None:
    there = pickle.loads(pickle.dumps(error))

    assert type(there) is type(error)
    assert str(there) == str(error)
    assert vars(there) == vars(error)
