"""Elementary functions on lanes, without any library: the same digits on every system.

Measured against correctly rounded values (see tests): exp, log, sin, cos, atan within 1.5 units in the last place
(sin and cos: of 1, for arguments up to 1e6; beyond that they give NaN rather than lose digits). A power is
exp(b log a), so its error grows with |b log a|: about (1 + |b log a|) units.
The polynomials of log, sin, cos and atan are those of FreeBSD's msun (Sun Microsystems, 1993).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from threonate.engine.codegen.llvm_builder import FunctionText, define_formula

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_ROUNDER = 6755399441055744.0
_ROUNDER_BITS = 0x4338000000000000
_SIGN_BIT = -(2**63)
_LARGEST_EXPONENT, _SMALLEST_EXPONENT = 709.79, -745.2
_LARGEST_ANGLE = 1e6
_EXP = (
    2.5100424157005067e-08,
    2.7620138719733994e-07,
    2.7557268378684192e-06,
    2.480152119021773e-05,
    1.9841269863105968e-04,
    1.3888888917281794e-03,
    8.333333333330051e-03,
    4.166666666662399e-02,
    1.6666666666666669e-01,
    5.000000000000001e-01,
    1.0,
    1.0,
)
"""Through 1 + r + r^2 q(r), where q meets (e^r - 1 - r)/r^2 at ten Chebyshev points of |r| <= 0.34675; off by 2e-17,
most of it the rounding of the coefficients. A test computes them anew."""
_LEAST_NORMAL_BITS, _INFINITE_BITS = 0x0010000000000000, 0x7FF0000000000000
_SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
_LOG = (
    1.479819860511658591e-01,
    1.531383769920937332e-01,
    1.818357216161805012e-01,
    2.222219843214978396e-01,
    2.857142874366239149e-01,
    3.999999999940941908e-01,
    6.666666666666735130e-01,
)
_SIN = (
    1.58969099521155010221e-10,
    -2.50507602534068634195e-08,
    2.75573137070700676789e-06,
    -1.98412698298579493134e-04,
    8.33333333332248946124e-03,
    -1.66666666666666324348e-01,
)
_COS = (
    -1.13596475577881948265e-11,
    2.08757232129817482790e-09,
    -2.75573143513906633035e-07,
    2.48015872894767294178e-05,
    -1.38888888888741095749e-03,
    4.16666666666666019037e-02,
)
_ATAN = (
    1.62858201153657823623e-02,
    -3.65315727442169155270e-02,
    4.97687799461593236017e-02,
    -5.83357013379057348645e-02,
    6.66107313738753120669e-02,
    -7.69187620504482999495e-02,
    9.09088713343650656196e-02,
    -1.11111104054623557880e-01,
    1.42857142725034663711e-01,
    -1.99999999998764832476e-01,
    3.33333333333329318027e-01,
)
_HALF_PI = (
    1.57079632673412561417e00,
    6.07710050630396597660e-11,
    2.02226624871116645580e-21,
    8.47842766036889956997e-32,
)


def _exp(f: FunctionText) -> str:
    x = f.choose(f.compare("ogt", "%x", f.number(_LARGEST_EXPONENT)), f.number(_LARGEST_EXPONENT), "%x")
    x = f.choose(f.compare("olt", x, f.number(_SMALLEST_EXPONENT)), f.number(_SMALLEST_EXPONENT), x)
    shifted = f.add(f.mul(x, f.number(1.0 / math.log(2.0))), f.number(_ROUNDER))
    whole = f.whole_op("sub", f.bits(shifted), f.integer(_ROUNDER_BITS))
    n = f.sub(shifted, f.number(_ROUNDER))
    r = f.less(x, n, f.number(_LN2_HIGH))
    r = f.less(r, n, f.number(_LN2_LOW))
    series = f.polynomial(r, _EXP)
    half = f.whole_op("ashr", whole, f.integer(1))
    series = f.from_bits(f.whole_op("add", f.bits(series), f.whole_op("shl", half, f.integer(52))))
    rest = f.whole_op("add", f.whole_op("sub", whole, half), f.integer(1023))
    return f.mul(series, f.from_bits(f.whole_op("shl", rest, f.integer(52))))


def _log(f: FunctionText) -> str:
    return _log_of(f, "%x", f.number(0.0))


def _not_normal(f: FunctionText) -> str:
    """Where x is anything but an ordinary positive number."""
    above = f.whole_op("sub", f.bits("%x"), f.integer(_LEAST_NORMAL_BITS))
    return f.value(f"icmp uge {f.whole} {above}, {f.integer(_INFINITE_BITS - _LEAST_NORMAL_BITS)}")


def _log_of_any(f: FunctionText) -> str:
    tiny = f.compare("olt", "%x", f.number(2.0**-1022))
    x = f.choose(tiny, f.mul("%x", f.number(2.0**54)), "%x")
    found = _log_of(f, x, f.choose(tiny, f.number(54.0), f.number(0.0)))
    found = f.choose(f.compare("oeq", "%x", f.number(math.inf)), f.number(math.inf), found)
    found = f.choose(f.compare("oeq", "%x", f.number(0.0)), f.number(-math.inf), found)
    return f.choose(f.compare("oge", "%x", f.number(0.0)), found, f.number(math.nan))


def _log_of(f: FunctionText, x: str, less: str) -> str:
    """The logarithm of x / 2^less for a normal positive x."""
    bits = f.bits(x)
    exponent = f.whole_op("ashr", f.whole_op("sub", bits, f.integer(_SQRT_HALF_BITS)), f.integer(52))
    mantissa = f.from_bits(f.whole_op("sub", bits, f.whole_op("shl", exponent, f.integer(52))))
    k = f.value(f"sitofp {f.whole} {exponent} to {f.vector}")
    k = k if less == f.number(0.0) else f.sub(k, less)
    m = f.sub(mantissa, f.number(1.0))
    half_square = f.mul(f.number(0.5), f.mul(m, m))
    s = f.div(m, f.add(f.number(2.0), m))
    z = f.mul(s, s)
    r = f.mul(z, f.polynomial(z, _LOG))
    inner = f.fused(s, f.add(half_square, r), f.mul(k, f.number(_LN2_LOW)))
    return f.sub(f.mul(k, f.number(_LN2_HIGH)), f.sub(f.sub(half_square, inner), m))


def _turned(f: FunctionText, quarter: int) -> str:
    """The cosine of x (quarter = 1) or its sine (0): reduce by quarter turns, then choose series and sign."""
    shifted = f.add(f.mul("%x", f.number(2.0 / math.pi)), f.number(_ROUNDER))
    n = f.sub(shifted, f.number(_ROUNDER))
    turns = f.whole_op("add", f.bits(shifted), f.integer(quarter))
    r = "%x"
    for part in _HALF_PI:
        r = f.less(r, n, f.number(part))
    z = f.mul(r, r)
    sine = f.fused(f.mul(z, r), f.polynomial(z, _SIN), r)
    half = f.mul(f.number(0.5), z)
    w = f.sub(f.number(1.0), half)
    lost = f.sub(f.sub(f.number(1.0), w), half)
    cosine = f.add(w, f.fused(f.mul(z, z), f.polynomial(z, _COS), lost))
    odd = f.value(f"trunc {f.whole} {turns} to {f.truth}")
    sign = f.whole_op("shl", f.whole_op("and", turns, f.integer(2)), f.integer(62))
    found = f.from_bits(f.whole_op("xor", f.bits(f.choose(odd, cosine, sine)), sign))
    return f.choose(f.compare("ole", f.intrinsic("fabs", "%x"), f.number(_LARGEST_ANGLE)), found, f.number(math.nan))


def _atan(f: FunctionText) -> str:
    size = f.intrinsic("fabs", "%x")
    large = f.compare("ogt", size, f.number(1.0))
    inside = f.choose(large, f.div(f.number(1.0), size), size)
    middle = f.compare("ogt", inside, f.number(math.tan(math.pi / 8.0)))
    moved = f.div(f.sub(inside, f.number(1.0)), f.add(inside, f.number(1.0)))
    r = f.choose(middle, moved, inside)
    z = f.mul(r, r)
    found = f.less(r, r, f.mul(z, f.polynomial(z, _ATAN)))
    found = f.choose(middle, f.add(found, f.number(math.pi / 4.0)), found)
    found = f.choose(large, f.sub(f.number(math.pi / 2.0), found), found)
    sign = f.whole_op("and", f.bits("%x"), f.integer(_SIGN_BIT))
    return f.from_bits(f.whole_op("or", f.bits(found), sign))


def _size_of_power(f: FunctionText) -> str:
    """The power a^b for a positive a, from b and log a."""
    return f.call("lane_exp", f.mul("%b", "%l"))


def _power(f: FunctionText) -> str:
    """The power a^b from a, b and log|a|: the sign of a negative base follows a whole exponent."""
    size = _size_of_power(f)
    whole = f.compare("oeq", f.intrinsic("floor", "%b"), "%b")
    half = f.mul("%b", f.number(0.5))
    even = f.compare("oeq", f.intrinsic("floor", half), half)
    return _signed_power(f, size, f.choose(whole, f.choose(even, size, f.negative(size)), f.number(math.nan)))


def _known_power(f: FunctionText) -> str:
    """The same where the sign s that a negative base gives is known."""
    size = _size_of_power(f)
    return _signed_power(f, size, f.mul("%s", size))


def _signed_power(f: FunctionText, size: str, signed: str) -> str:
    found = f.choose(f.compare("olt", "%a", f.number(0.0)), signed, size)
    return f.choose(f.compare("oeq", "%b", f.number(0.0)), f.number(1.0), found)


def _not_positive(f: FunctionText) -> str:
    """Where a is not a positive finite number."""
    return f.negated(f.both(f.compare("ogt", "%a", f.number(0.0)), f.compare("olt", "%a", f.number(math.inf))))


def _wanted(f: FunctionText) -> str:
    return f.compare("une", "%a", f.number(0.0))


def _where(wave: str) -> Callable[[FunctionText], str]:
    """A wave of x where its amplitude a is not zero, else zero."""
    return lambda f: f.choose(_wanted(f), f.call(wave, "%x"), f.number(0.0))


@dataclass(frozen=True, slots=True)
class Formula:
    """An elementary function on lanes.

    usual        what it is in all lanes where `rare` is false
    rare         lanes that need more; with one of them all lanes go the way of `otherwise`
    otherwise    what it is everywhere; the same as `usual` to the last digit where both hold
    """

    arguments: tuple[str, ...]
    usual: Callable[[FunctionText], str]
    rare: Callable[[FunctionText], str] | None = None
    otherwise: Callable[[FunctionText], str] | None = None


_FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        "lane_exp": Formula(("x",), _exp),
        "lane_log": Formula(("x",), _log, _not_normal, _log_of_any),
        "lane_sin": Formula(("x",), lambda f: _turned(f, 0)),
        "lane_cos": Formula(("x",), lambda f: _turned(f, 1)),
        "lane_sin_where": Formula(("x", "a"), lambda f: f.number(0.0), _wanted, _where("lane_sin")),
        "lane_cos_where": Formula(("x", "a"), lambda f: f.number(0.0), _wanted, _where("lane_cos")),
        "lane_atan": Formula(("x",), _atan),
        "lane_pow": Formula(("a", "b", "l"), _size_of_power, _not_positive, _power),
        "lane_known_pow": Formula(("a", "b", "l", "s"), _size_of_power, _not_positive, _known_power),
    }
)


def math_module(lanes: int) -> tuple[list[str], set[str]]:
    """Definitions of all elementary functions, and the intrinsics they need."""
    definitions, declared = [], set()
    for name, formula in _FORMULAS.items():
        text = FunctionText(lanes)
        usual = partial(formula.usual, text)
        if formula.rare is None or formula.otherwise is None:
            result = usual()
        else:
            result = text.unless(formula.rare(text), usual, partial(formula.otherwise, text))
        definitions.append(define_formula(text, name, formula.arguments, result))
        declared |= text.declared
    return definitions, declared
