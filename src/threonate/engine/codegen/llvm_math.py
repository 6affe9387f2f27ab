"""Elementary functions on lanes, without any library: the same digits on every system.

Measured against correctly rounded values (see tests): exp, log, sin, cos, atan within 1.5 units in the last place
(sin and cos: of 1, for arguments up to 1e6; beyond that they give NaN rather than lose digits). A power is
exp(b log a), so its error grows with |b log a|: about (1 + |b log a|) units.
The polynomials of log, sin, cos and atan are those of FreeBSD's msun (Sun Microsystems, 1993).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from threonate.engine.codegen.llvm_builder import FunctionText, define_formula

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_ROUNDER = 6755399441055744.0
_ROUNDER_BITS = 0x4338000000000000
_SIGN_BIT = -(2**63)
_LARGEST_EXPONENT, _SMALLEST_EXPONENT = 709.79, -745.2
_LARGEST_ANGLE = 1e6
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
    series = f.polynomial(r, [1.0 / math.factorial(k) for k in range(13, -1, -1)])
    half = f.whole_op("ashr", whole, f.integer(1))
    for part in (half, f.whole_op("sub", whole, half)):
        biased = f.whole_op("add", part, f.integer(1023))
        series = f.mul(series, f.from_bits(f.whole_op("shl", biased, f.integer(52))))
    return series


def _log(f: FunctionText) -> str:
    tiny = f.compare("olt", "%x", f.number(2.0**-1022))
    x = f.choose(tiny, f.mul("%x", f.number(2.0**54)), "%x")
    bits = f.bits(x)
    exponent = f.whole_op("ashr", f.whole_op("sub", bits, f.integer(_SQRT_HALF_BITS)), f.integer(52))
    mantissa = f.from_bits(f.whole_op("sub", bits, f.whole_op("shl", exponent, f.integer(52))))
    k = f.value(f"sitofp {f.whole} {exponent} to {f.vector}")
    k = f.sub(k, f.choose(tiny, f.number(54.0), f.number(0.0)))
    m = f.sub(mantissa, f.number(1.0))
    half_square = f.mul(f.number(0.5), f.mul(m, m))
    s = f.div(m, f.add(f.number(2.0), m))
    z = f.mul(s, s)
    r = f.mul(z, f.polynomial(z, _LOG))
    inner = f.fused(s, f.add(half_square, r), f.mul(k, f.number(_LN2_LOW)))
    found = f.sub(f.mul(k, f.number(_LN2_HIGH)), f.sub(f.sub(half_square, inner), m))
    found = f.choose(f.compare("oeq", "%x", f.number(math.inf)), f.number(math.inf), found)
    found = f.choose(f.compare("oeq", "%x", f.number(0.0)), f.number(-math.inf), found)
    return f.choose(f.compare("oge", "%x", f.number(0.0)), found, f.number(math.nan))


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


def _power(f: FunctionText) -> str:
    """The power a^b from a, b and log|a|: the sign of a negative base follows a whole exponent."""
    size = f.call("lane_exp", f.mul("%b", "%l"))
    whole = f.compare("oeq", f.intrinsic("floor", "%b"), "%b")
    half = f.mul("%b", f.number(0.5))
    even = f.compare("oeq", f.intrinsic("floor", half), half)
    signed = f.choose(whole, f.choose(even, size, f.negative(size)), f.number(math.nan))
    found = f.choose(f.compare("olt", "%a", f.number(0.0)), signed, size)
    return f.choose(f.compare("oeq", "%b", f.number(0.0)), f.number(1.0), found)


def _known_power(f: FunctionText) -> str:
    """The same where the sign s that a negative base gives is known."""
    size = f.call("lane_exp", f.mul("%b", "%l"))
    found = f.choose(f.compare("olt", "%a", f.number(0.0)), f.mul("%s", size), size)
    return f.choose(f.compare("oeq", "%b", f.number(0.0)), f.number(1.0), found)


_FORMULAS: Mapping[str, tuple[tuple[str, ...], Callable[[FunctionText], str]]] = MappingProxyType(
    {
        "lane_exp": (("x",), _exp),
        "lane_log": (("x",), _log),
        "lane_sin": (("x",), lambda f: _turned(f, 0)),
        "lane_cos": (("x",), lambda f: _turned(f, 1)),
        "lane_atan": (("x",), _atan),
        "lane_pow": (("a", "b", "l"), _power),
        "lane_known_pow": (("a", "b", "l", "s"), _known_power),
    }
)


def math_module(lanes: int) -> tuple[list[str], set[str]]:
    """Definitions of all elementary functions, and the intrinsics they need."""
    definitions, declared = [], set()
    for name, (arguments, build) in _FORMULAS.items():
        text = FunctionText(lanes)
        result = build(text)
        definitions.append(define_formula(text, name, arguments, result))
        declared |= text.declared
    return definitions, declared
