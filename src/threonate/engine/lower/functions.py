"""Elementary functions built from the few that generated code knows.

Where a formula loses digits near zero, a series takes over; both branches are computed and one is chosen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from threonate.engine.lower.graph import Graph

_SERIES_UP_TO = 0.35
_SERIES_TERMS = 8


def tan(g: Graph, x: int) -> int:
    """Sine over cosine."""
    return g.div(g.unary("sin", x), g.unary("cos", x))


def sinh(g: Graph, x: int) -> int:
    """Hyperbolic sine."""
    up = g.unary("exp", x)
    large = g.mul(g.constant(0.5), g.sub(up, g.recip(up)))
    return g.select(_is_small(g, x), _sinh_series(g, x), large)


def cosh(g: Graph, x: int) -> int:
    """Hyperbolic cosine."""
    up = g.unary("exp", x)
    return g.mul(g.constant(0.5), g.add(up, g.recip(up)))


def tanh(g: Graph, x: int) -> int:
    """The sign times (1 - q) / (1 + q) with q = exp(-2 |x|), which never overflows."""
    q = g.unary("exp", g.mul(g.constant(-2.0), g.unary("abs", x)))
    one = g.constant(1.0)
    large = _with_sign(g, x, g.div(g.sub(one, q), g.add(one, q)))
    return g.select(_is_small(g, x), g.div(_sinh_series(g, x), cosh(g, x)), large)


def arcsin(g: Graph, x: int) -> int:
    """In [-pi/2, pi/2]."""
    one = g.constant(1.0)
    other = g.unary("sqrt", g.mul(g.sub(one, x), g.add(one, x)))
    return g.unary("atan", g.div(x, other))


def arccos(g: Graph, x: int) -> int:
    """In [0, pi]."""
    one = g.constant(1.0)
    half = g.unary("atan", g.unary("sqrt", g.div(g.sub(one, x), g.add(one, x))))
    return g.mul(g.constant(2.0), half)


def arcsinh(g: Graph, x: int) -> int:
    """Inverse of sinh."""
    size = g.unary("abs", x)
    square = g.mul(size, size)
    one = g.constant(1.0)
    root = g.unary("sqrt", g.add(square, one))
    return _with_sign(g, x, log1p(g, g.add(size, g.div(square, g.add(one, root)))))


def arccosh(g: Graph, x: int) -> int:
    """Inverse of cosh, at least 0; NaN below 1."""
    one = g.constant(1.0)
    above = g.sub(x, one)
    root = g.unary("sqrt", g.mul(above, g.add(x, one)))
    return g.select(g.compare("lt", x, one), g.constant(math.nan), log1p(g, g.add(above, root)))


def arctanh(g: Graph, x: int) -> int:
    """Inverse of tanh."""
    inside = g.div(g.mul(g.constant(2.0), x), g.sub(g.constant(1.0), x))
    return g.mul(g.constant(0.5), log1p(g, inside))


def arccot(g: Graph, x: int) -> int:
    """In (-pi/2, pi/2], as SBML software computes it: arctan(1 / x)."""
    return g.unary("atan", g.recip(x))


def log1p(g: Graph, x: int) -> int:
    """ln(1 + x), right to the last digits for small x: the rounding of 1 + x is divided out."""
    one = g.constant(1.0)
    up = g.add(one, x)
    gained = g.sub(up, one)
    corrected = g.mul(g.unary("log", up), g.div(x, gained))
    exact = g.compare("eq", gained, g.constant(0.0))
    endless = g.compare("eq", up, g.constant(math.inf))
    return g.select(exact, x, g.select(endless, up, corrected))


def remainder(g: Graph, a: int, b: int) -> int:
    """What is left of a after the whole multiples of b: a - b quotient(a, b); it has the sign of a."""
    return g.sub(a, g.mul(b, quotient(g, a, b)))


def quotient(g: Graph, a: int, b: int) -> int:
    """The whole part of a / b, towards zero."""
    ratio = g.div(a, b)
    below = g.compare("lt", ratio, g.constant(0.0))
    return g.select(below, g.unary("ceil", ratio), g.unary("floor", ratio))


def logarithm(g: Graph, base: int, x: int) -> int:
    """Logarithm of x to a base."""
    return g.div(g.unary("log", x), g.unary("log", base))


def root(g: Graph, degree: int, x: int) -> int:
    """The degree-th root of x."""
    return g.power(x, g.recip(degree))


def _with_sign(g: Graph, x: int, size: int) -> int:
    return g.select(g.compare("lt", x, g.constant(0.0)), g.neg(size), size)


def _is_small(g: Graph, x: int) -> int:
    return g.compare("lt", g.unary("abs", x), g.constant(_SERIES_UP_TO))


def _sinh_series(g: Graph, x: int) -> int:
    square = g.mul(x, x)
    found = g.constant(0.0)
    for k in reversed(range(_SERIES_TERMS)):
        found = g.add(g.mul(found, square), g.constant(1.0 / math.factorial(2 * k + 1)))
    return g.mul(x, found)


def _inverse(function: Callable[[Graph, int], int]) -> Callable[[Graph, int], int]:
    return lambda g, x: g.recip(function(g, x))


def _of_inverse(function: Callable[[Graph, int], int]) -> Callable[[Graph, int], int]:
    return lambda g, x: function(g, g.recip(x))


def _basic(name: str) -> Callable[[Graph, int], int]:
    return lambda g, x: g.unary(name, x)


ONE_ARGUMENT: Mapping[str, Callable[[Graph, int], int]] = MappingProxyType(
    {
        "exp": _basic("exp"),
        "ln": _basic("log"),
        "abs": _basic("abs"),
        "floor": _basic("floor"),
        "ceiling": _basic("ceil"),
        "sin": _basic("sin"),
        "cos": _basic("cos"),
        "tan": tan,
        "sec": _inverse(_basic("cos")),
        "csc": _inverse(_basic("sin")),
        "cot": _inverse(tan),
        "sinh": sinh,
        "cosh": cosh,
        "tanh": tanh,
        "sech": _inverse(cosh),
        "csch": _inverse(sinh),
        "coth": _inverse(tanh),
        "arcsin": arcsin,
        "arccos": arccos,
        "arctan": _basic("atan"),
        "arcsec": _of_inverse(arccos),
        "arccsc": _of_inverse(arcsin),
        "arccot": arccot,
        "arcsinh": arcsinh,
        "arccosh": arccosh,
        "arctanh": arctanh,
        "arcsech": _of_inverse(arccosh),
        "arccsch": _of_inverse(arcsinh),
        "arccoth": _of_inverse(arctanh),
    }
)
"""MathML name -> builder."""
