"""exp, log, sin, cos, tanh for Numba's loop vectoriser: the polynomials of ``rust/src/arrays/vector``.

Numba has had no vector mathematics since 0.62 (Intel's SVML is gone): ``math.exp`` is a call of the C
library for every number. These are plain arithmetic without branches, which LLVM widens as it widens a sum.
Accurate to 4 ulp (sin, cos: 4e-16 absolutely for |x| <= 1e5); NaN, infinities, denormals and signed zeros
as NumPy has them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from paceline_models._numba import njit

ROUNDER = 6755399441055744.0  # 1.5 * 2^52: adding it to a small number rounds that to a whole one
LN2_HIGH, LN2_LOW = 0.6931471805592082, 7.371002565167799e-13
LOG2_E, PER_PI = 1.4426950408889634, 0.3183098861837907
PI_1, PI_2, PI_3 = 3.1415926534682512, 1.2154201012607932e-10, 4.044532497591901e-21
SMALLEST_NORMAL, TWO_54 = 2.2250738585072014e-308, 18014398509481984.0
ANGLES = 1e5

of_floats: Callable[[Any], Callable[..., float]] = intrinsic
of_bits: Callable[[Any], Callable[..., int]] = intrinsic
inlined = njit(cache=True, error_model="numpy", inline="never")


@of_floats
def fma(typingctx: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c, rounded once."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fma(*args)

    return types.float64(types.float64, types.float64, types.float64), codegen


@of_bits
def to_bits(typingctx: Any, x: Any) -> Any:
    """Return the 64 bits of a float64."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return types.uint64(types.float64), codegen


@of_floats
def from_bits(typingctx: Any, bits: Any) -> Any:
    """Return the float64 of 64 bits."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.uint64), codegen


@inlined
def power(exponent: float) -> float:
    """Return 2^exponent for a whole exponent in [-1022, 1023]."""
    return from_bits(to_bits(exponent + (ROUNDER + 1023.0)) << types.uint64(52))


@inlined
def scale(x: float, exponent: float) -> float:
    """Return x * 2^exponent, in two steps of which only the second can round."""
    half = exponent * 0.5 + ROUNDER - ROUNDER
    return x * power(half) * power(exponent - half)


@inlined
def tail(r: float) -> float:
    """Return (exp(r) - 1 - r) / r^2 for |r| <= ln 2 / 2."""
    q = fma(2.510065503606659e-08, r, 2.762043894863442e-07)
    q = fma(q, r, 2.755726789174553e-06)
    q = fma(q, r, 2.480152055701783e-05)
    q = fma(q, r, 0.0001984126986342035)
    q = fma(q, r, 0.0013888888917690603)
    q = fma(q, r, 0.008333333333329989)
    q = fma(q, r, 0.04166666666662317)
    q = fma(q, r, 0.16666666666666666)
    return fma(q, r, 0.5)


@inlined
def exp(x: float) -> float:
    """Return e^x, to 1 ulp."""
    x = 710.0 if x > 710.0 else x
    x = -746.0 if x < -746.0 else x
    n = fma(x, LOG2_E, ROUNDER) - ROUNDER
    r = fma(-n, LN2_LOW, fma(-n, LN2_HIGH, x))
    return scale(fma(tail(r), r * r, r) + 1.0, n)


@inlined
def tanh(x: float) -> float:
    """Return the hyperbolic tangent, to a few ulp."""
    twice = abs(x) + abs(x)
    twice = 40.0 if twice > 40.0 else twice
    n = fma(twice, LOG2_E, ROUNDER) - ROUNDER
    r = fma(-n, LN2_LOW, fma(-n, LN2_HIGH, twice))
    t = scale(fma(tail(r), r * r, r), n) + (scale(1.0, n) - 1.0)
    return math.copysign(t / (t + 2.0), x)


@inlined
def log(x: float) -> float:
    """Return the natural logarithm, to 1 ulp."""
    denormal = x < SMALLEST_NORMAL
    bits = to_bits(x * TWO_54 if denormal else x)
    raised = (bits - types.uint64(0x3FE8000000000000) + types.uint64(0x3FF0000000000000)) >> types.uint64(52)
    k = from_bits(raised | types.uint64(0x4330000000000000)) - (4503599627370496.0 + 1023.0)
    f = from_bits(bits - ((raised - types.uint64(1023)) << types.uint64(52))) - 1.0
    k = k - 54.0 if denormal else k
    s = f / (f + 2.0)
    z = s * s
    series = fma(0.13606021764231465, z, 0.132100997526584)
    series = fma(series, z, 0.15388847910642214)
    series = fma(series, z, 0.18181738124060123)
    series = fma(series, z, 0.2222222304201285)
    series = fma(series, z, 0.2857142856731398)
    series = fma(series, z, 0.40000000000007857)
    series = fma(series, z, 0.6666666666666666)
    half = f * f * 0.5
    value = fma(k, LN2_HIGH, f - (half - fma(s, half + z * series, k * LN2_LOW)))
    value = x if x == math.inf else value
    value = math.nan if x < 0.0 else value
    value = -math.inf if x == 0.0 else value
    return x if x != x else value  # noqa: PLR0124


@inlined
def near_zero(r: float) -> float:
    """Return sin(r) for |r| <= pi/2."""
    z = r * r
    series = fma(2.731344277439919e-15, z, -7.643962232442654e-13)
    series = fma(series, z, 1.6058977059718268e-10)
    series = fma(series, z, -2.5052107613095433e-08)
    series = fma(series, z, 2.7557319219132584e-06)
    series = fma(series, z, -0.0001984126984125486)
    series = fma(series, z, 0.008333333333333316)
    series = fma(series, z, -0.16666666666666666)
    return r * fma(series, z, 1.0)  # a product, so that zero keeps its sign


@inlined
def flip_where_odd(x: float, of: float) -> float:
    """Return x with the other sign where the lowest bit of ``of`` is set."""
    return from_bits(to_bits(x) ^ (to_bits(of) << types.uint64(63)))


@inlined
def sin(x: float) -> float:
    """Return the sine for |x| <= 1e5."""
    raised = fma(x, PER_PI, ROUNDER)
    n = raised - ROUNDER
    r = fma(-n, PI_3, fma(-n, PI_2, fma(-n, PI_1, x)))
    return flip_where_odd(near_zero(r), raised)


@inlined
def cos(x: float) -> float:
    """Return the cosine for |x| <= 1e5."""
    raised = fma(x, PER_PI, -0.5) + ROUNDER
    n = raised - ROUNDER + 0.5
    r = fma(-n, PI_3, fma(-n, PI_2, fma(-n, PI_1, x)))
    return flip_where_odd(-near_zero(r), raised)
