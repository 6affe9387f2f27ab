"""What is translated means what Python means, to the last bit, or is refused with its line."""

from __future__ import annotations

import ctypes
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.engine import decay, test_state_events
from threonate.engine import native
from threonate.engine.kernels.driver import drive
from threonate.engine.kernels.lanes import Array, Index
from threonate.engine.kernels.native_calls import address_of, call, call_table, take_next
from threonate.engine.kernels.object_code import MachineCode
from threonate.engine.kernels.translate import translate
from threonate.errors import EngineError

LIMIT = 3


class Numbers(NamedTuple):
    """Arrays of one to three axes, and a whole number."""

    routine: int
    real: Array
    whole: Index
    grid: Array
    block: Array


def numbers(real, whole, routine=0):
    return Numbers(
        routine, np.array(real, dtype=float), np.array(whole, dtype=np.int64),
        np.arange(12.0).reshape(3, 4), np.arange(24.0).reshape(2, 3, 4),
    )  # fmt: skip


def compiled(function):
    code = MachineCode(translate(function))
    entry = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)(code.address("entry"))

    def run(*arguments):
        table = call_table(arguments)
        return code and entry(table.ctypes.data)

    return run


def agree(function, machine, *arguments):
    """Both ways on copies of the arguments; what they return and what they leave behind is the same."""
    copies = [Numbers(*(np.copy(x) if isinstance(x, np.ndarray) else x for x in arguments[0])) for _ in range(2)]
    with np.errstate(all="ignore"):
        expected = function(copies[0], *arguments[1:])
    assert machine(copies[1], *arguments[1:]) == expected
    for one, other in zip(*copies, strict=True):
        np.testing.assert_array_equal(one, other)


def formulas(numbers: Numbers, x: float) -> int:
    """Every operation on real numbers."""
    a, b = numbers.real[0], numbers.real[1]
    numbers.real[2] = a + b * x - a / b
    numbers.real[3] = max(abs(a), b)
    numbers.real[4] = min(a, b)
    numbers.real[5] = -a if a < b and not b > x else (b if a >= b or x != a else 0.5)
    numbers.real[6] = numbers.whole[0] if a > x else 2
    return int(a <= b)


def counting(numbers: Numbers, x: float) -> int:
    """Every operation on whole numbers, and loops."""
    total, seen = 0, False
    for i in range(numbers.whole.shape[0]):
        value = numbers.whole[i]
        if value == -1:
            continue
        if value in (LIMIT, 5):
            seen = True
        elif value < 0:
            total -= 2 * value
        else:
            total += value << 2 | value >> 1 & 7
        if total > 500:
            break
        i = 0
        total += i
    while total > 100:
        total -= 7
        seen |= total == 99
    for i in range(1, 3):
        for j in range(i, numbers.grid.shape[1]):
            numbers.grid[i, j] += numbers.block[1, i, j] * total
    numbers.whole[0] = seen
    return total


def pair(numbers: Numbers, of: int, by: float) -> tuple[int, float, bool]:
    if of < 0:
        return 0, by, False
    return of + 1, numbers.real[0] * by, of > 2


def note(numbers: Numbers, at: int) -> None:
    if at > 2:
        return
    numbers.real[at] = np.inf


def calling(numbers: Numbers, x: float) -> int:
    """Functions that return several values, or none."""
    count, scaled, large = pair(numbers, numbers.whole[0], x)
    numbers.real[3], numbers.real[4] = scaled, numbers.real[3]
    note(numbers, count)
    return count + large


def outward(numbers: Numbers, x: float) -> int:
    """Machine code at an address."""
    call(numbers.routine, (address_of(numbers.real), address_of(numbers.grid)))
    return int(x)


MACHINE = {function: compiled(function) for function in (formulas, counting, calling, outward)}
REALS = st.floats(width=64, allow_subnormal=True)


@given(st.lists(REALS, min_size=7, max_size=7), REALS)
@example([np.nan, 1.0, 0, 0, 0, 0, 0], 2.0)
@example([1.0, np.nan, 0, 0, 0, 0, 0], 2.0)
@example([0.0, -0.0, 0, 0, 0, 0, 0], 0.0)
@example([0.1, 0.2, 0, 0, 0, 0, 0], 0.3)
def test_real_numbers(real, x):
    agree(formulas, MACHINE[formulas], numbers(real, [0]), x)


@given(st.lists(st.integers(-9, 200), min_size=1, max_size=9))
def test_whole_numbers_and_loops(whole):
    agree(counting, MACHINE[counting], numbers([0.0], whole), 0.0)


@given(st.integers(-3, 6), REALS)
def test_functions(first, x):
    agree(calling, MACHINE[calling], numbers([0.5, 1.0, 2.0, 3.0, 4.0], [first]), x)


def test_machine_code_at_an_address():
    seen = []
    routine = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(lambda *addresses: seen.append(addresses))
    given = numbers([1.0], [2], ctypes.cast(routine, ctypes.c_void_p).value)

    assert outward(given, 4.0) == MACHINE[outward](given, 4.0) == 4
    assert seen == [(given.real.ctypes.data, given.grid.ctypes.data)] * 2


def stepping(numbers: Numbers, x: float) -> int:
    for i in range(0, 6, 2):
        numbers.real[i] = x
    return 0


def chained(numbers: Numbers, x: float) -> int:
    return int(0.0 < x < 1.0)


def printing(numbers: Numbers, x: float) -> int:
    print(x)
    return 0


def remainder(numbers: Numbers, x: float) -> int:
    return numbers.whole[0] % 2


def renaming(numbers: Numbers, x: float) -> int:
    real = numbers.real
    return int(real[0])


def retyped(numbers: Numbers, x: float) -> int:
    count = 0
    count = x
    return 0 if count else 1


@pytest.mark.parametrize(
    ("function", "line", "what"),
    [
        (stepping, 1, "a range with a step"),
        (chained, 1, "comparisons in a chain"),
        (printing, 1, "'print' cannot be called here"),
        (remainder, 1, "Mod is not understood"),
        (retyped, 2, "changes its type from double to i64"),
        (renaming, 1, "'real' is an array"),
    ],
)
def test_anything_else_is_refused(function, line, what):
    with pytest.raises(EngineError, match=what) as error:
        translate(function)
    if "type" not in what:
        assert f"{function.__name__}, line {function.__code__.co_firstlineno + line}:" in str(error.value)


def test_arrays_that_do_not_lie_row_by_row_are_refused():
    given = numbers([0.0], [0])._replace(grid=np.arange(12.0).reshape(3, 4).T)

    with pytest.raises(EngineError, match="'grid' must lie row by row"):
        call_table((given, 1.0))


def test_the_driver_in_python_gives_the_same_bits(monkeypatch):
    events = [decay.dose(0, 1.0, 2.0), decay.switch(1, 0.5, "k", 0.9), decay.dose(2, 0.0, 1.0), decay.dose(2, 0.0, 1.0)]
    times = np.linspace(0.0, 6.0, 9)
    inputs = decay.subjects(11, k=np.linspace(0.1, 2.0, 11))
    machine = decay.solve(inputs, events, times)
    monkeypatch.setattr(native, "launch", drive)

    np.testing.assert_array_equal(decay.solve(inputs, events, times).values, machine.values)


def test_the_driver_in_python_finds_the_same_events(monkeypatch):
    ball = test_state_events.compiled(test_state_events.BALL, ("h", "v", "hits"))
    times = np.linspace(0.0, 4.0, 9)
    columns = {"rest": [0.5, 0.7, 0.8]}
    machine = test_state_events.solve(ball, columns, times)
    monkeypatch.setattr(native, "launch", drive)

    np.testing.assert_array_equal(test_state_events.solve(ball, columns, times).values, machine.values)
    assert machine.values[:, -1, 2].min() >= 2.0


def taking(numbers: Numbers, x: float) -> int:
    """Mark every number that is taken until none is left."""
    taken = 0
    following = take_next(numbers.whole)
    while following < numbers.real.shape[0]:
        numbers.real[following] = numbers.real[following] + x
        taken += 1
        following = take_next(numbers.whole)
    return taken


def test_a_counter_is_taken_from_as_in_python():
    agree(taking, compiled(taking), numbers([0.0] * 7, [0]), 1.0)


def test_two_threads_never_take_the_same_number():
    shared, machine = numbers([0.0] * 200_000, [0]), compiled(taking)
    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(lambda _: machine(shared, 1.0), range(2)))

    assert sum(taken) == len(shared.real)
    np.testing.assert_array_equal(shared.real, 1.0)
