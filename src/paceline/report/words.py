"""Numbers as people read them: the last formatters, and the sentence that says a ratio."""

from __future__ import annotations

import math

from paceline.stats.ratio import Ratio

_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns"))
UNPAIRED_BELOW = 1.1  # what changes on a host between two runs of asv is often as much
_SIZES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def seconds(value: float) -> str:
    """Return a time with three digits and the unit that suits it: "1.20 ms"."""
    return _scaled(value, _TIMES)


def memory(value: float) -> str:
    """Return bytes with three digits in kB, MB or GB (powers of ten)."""
    return _scaled(value, _SIZES) if abs(value) >= 1e3 else f"{value:.0f} B"


def amount(value: float, unit: str) -> str:
    """Return a number in the unit that asv records for its benchmark."""
    if unit == "seconds":
        return seconds(value)
    if unit == "bytes":
        return memory(value)
    return f"{three_digits(value)} {unit}".strip()


def three_digits(value: float) -> str:
    """Return a number in three digits without an exponent where it is not far from 1."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if not 1e-4 <= abs(value) < 1e6:
        return f"{value:.3g}"
    return f"{value:,.{_decimals(value)}f}"


def ratio(value: Ratio) -> str:
    """Return a ratio with its interval: "0.526 (0.510-0.541)"; without one it says so."""
    if value.low is None or value.high is None:
        return f"{_ratio_digits(value.value, value.value)} (no interval)"
    return f"{_ratio_digits(value.value, value.value)} ({_between(value.value, value.low, value.high)})"


def ratio_and_spread(value: Ratio) -> str:
    """Return a ratio with the wider half of its interval in per cent: "0.526 ±1.4%"."""
    digits = _ratio_digits(value.value, value.value)
    if value.low is None or value.high is None or not value.value:
        return f"{digits} (no interval)"
    spread = 100.0 * max(value.high / value.value - 1.0, 1.0 - value.low / value.value)
    return f"{digits} ±{spread:.1f}%" if spread < 10.0 else f"{digits} ±{spread:.0f}%"


def size(value: object) -> str:
    """Return a parameter's value; whole numbers with thousands separators."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def raced(names: tuple[str, str], value: Ratio, verdict: str, threshold: float, where: str) -> str:
    """Say a paired ratio: "rust_tuned runs 1.90x faster than numba_jit (1.87-1.94) at n = 36,500"."""
    contender, baseline = names
    told, between = factor(value)
    if verdict == "same":
        return f"{contender} is as fast as {baseline} {within(threshold)} ({interval(value)}){where}"
    if verdict in ("faster", "slower"):
        return f"{contender} runs {told} than {baseline} ({between}){where}"
    return f"{contender} is undecided against {baseline} (ratio {interval(value)}){where}"


def unpaired(names: tuple[str, str], value: Ratio, where: str) -> str:
    """Say a ratio of asv's medians: "about", and nothing of a difference that they cannot show."""
    contender, baseline = names
    told, _ = factor(value)
    if value.low is None or value.high is None:
        return f"{contender} ran about {told} than {baseline}{where}, but too few samples to decide anything"
    if claims(value):
        return f"{contender} runs about {told} than {baseline}{where}, by asv's medians"
    about = _ratio_digits(value.value, value.value)
    return f"{contender} cannot be told apart from {baseline} by asv's medians (ratio about {about}){where}"


def claims(value: Ratio) -> bool:
    """Whether a ratio of asv's medians says anything: its interval is clear of 1, and it is off by 10 %."""
    return value.decided and not 1 / UNPAIRED_BELOW < value.value < UNPAIRED_BELOW


def factor(value: Ratio) -> tuple[str, str]:
    """Return a ratio as prose has it, and its interval: "1.90x faster", "1.87-1.94"; "" for no interval."""
    times = _turned(value) if value.value < 1 else value
    told = f"{_ratio_digits(times.value, times.value)}x {'faster' if value.value < 1 else 'slower'}"
    if times.low is None or times.high is None:
        return told, ""
    return told, _between(times.value, times.low, times.high)


def interval(value: Ratio) -> str:
    """Return a ratio's interval alone: "0.510-0.541"."""
    if value.low is None or value.high is None:
        return "no interval"
    return _between(value.value, value.low, value.high)


def percent(value: float) -> str:
    """Return a small fraction in per cent with two digits: "2.5 %"."""
    return f"{100 * value:.2g} %" if abs(value) < 0.995 else f"{100 * value:.0f} %"


def within(threshold: float) -> str:
    """Say what "the same" is held to: its own limit, which an interval of 98 % may reach beyond."""
    return f"within {percent(threshold)} at 95 %"


def _turned(value: Ratio) -> Ratio:
    """Return baseline / contender: the factor that "faster" is said with."""
    low, high = value.low, value.high
    turned = 1 / value.value if value.value else math.inf
    return Ratio(turned, 1 / high if high else None, 1 / low if low else None)


def _between(value: float, low: float, high: float) -> str:
    return f"{_ratio_digits(low, value)}-{_ratio_digits(high, value)}"


def _ratio_digits(number: float, like: float) -> str:
    """Return a number to the digits of a ratio like it: three, and a fourth near 1."""
    if not 1e-4 <= like < 1e6 or not 1e-4 <= number < 1e6:
        return f"{number:.3g}"
    return f"{number:,.{3 if 0.9 <= like < 1.1 else _decimals(like)}f}"


def _decimals(value: float) -> int:
    """Return how many decimals make three digits; rounding up to the next power counts."""
    exponent = math.floor(math.log10(float(f"{abs(value):.2e}")))
    return max(0, 2 - exponent)


def _scaled(value: float, units: tuple[tuple[float, str], ...]) -> str:
    if not math.isfinite(value):
        return str(value)
    rounded = abs(float(f"{value:.3g}"))
    scale, unit = next((pair for pair in units if rounded >= pair[0]), units[-1])
    return f"{three_digits(value / scale)} {unit}"
