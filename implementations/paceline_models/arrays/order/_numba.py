"""Order statistics by a sample, a bracket and one pass, for Numba: the text of Rust's ``order_select.rs``."""

from __future__ import annotations

import math

import numpy as np

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled

FEW = 600  # fewer values are selected from directly
WIDTH = 4.0  # standard deviations of the sample's rank on each side of the bracket
BLOCK = 512


@compiled
def select(values: Array, rank: int) -> float:
    """Return the value of a rank (Hoare 1961, scattered pivots) of values without NaN; they are reordered."""
    low, high = 0, values.size - 1
    scatter = np.uint64(0x9E3779B97F4A7C15)
    while low < high:
        scatter = scatter * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        pivot = values[low + int((scatter >> np.uint64(33)) % np.uint64(high - low + 1))]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if rank <= j:
            high = j
        elif rank >= i:
            low = i
        else:
            break
    return float(values[rank])


@compiled
def selected(values: Array, rank: int, following: int) -> tuple[float, float]:
    """Return the values of a rank and of the next one, or of the rank twice."""
    second = select(values, following)
    if rank == following:
        return second, second
    first = -math.inf
    for i in range(following):
        first = max(first, values[i])
    return first, second


@compiled
def counted(values: Array, low: float, high: float) -> tuple[int, int, int, int]:
    """Return how many values are not below ``low``, above it, above it and not above ``high``, and NaN."""
    from_low = above_low = to_high = nan = 0
    for i in range(values.size):
        value = values[i]
        from_low += value >= low
        above_low += value > low
        to_high += (value > low) & (value <= high)
        nan += value != value  # noqa: PLR0124
    return from_low, above_low, to_high, nan


@compiled
def passed(values: Array, low: float, high: float, kept: Array) -> tuple[int, int, int, int, int]:
    """Return the same and how many values lie strictly between: these are kept."""
    from_low = above_low = to_high = nan = inside = 0
    for start in range(0, values.size, BLOCK):
        block = values[start : min(start + BLOCK, values.size)]
        counts = counted(block, low, high)
        from_low += counts[0]
        above_low += counts[1]
        to_high += counts[2]
        nan += counts[3]
        for i in range(block.size):
            kept[inside] = block[i]
            inside += (block[i] > low) & (block[i] < high)
    return from_low, above_low, to_high, nan, inside


@compiled
def sample(values: Array) -> Array:
    """Return values at scattered places, each in its own stretch; none where there are few."""
    if values.size < FEW:
        return np.empty(0)
    size = int(1.5 * values.size ** (2.0 / 3.0))
    stretch = values.size // size
    taken = np.empty(size)
    for i in range(size):
        scatter = np.uint64(i) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(33)
        taken[i] = values[i * stretch + int(scatter % np.uint64(stretch))]
    return taken


@compiled
def bracket(taken: Array, count: int, rank: int, following: int) -> tuple[float, float]:
    """Return two values of the sample between which the ranks are likely to lie."""
    share = rank / count
    margin = WIDTH * math.sqrt(taken.size * share * (1.0 - share)) + 2.0
    first = int(max(taken.size * share - margin, 0.0))
    last = min(int(taken.size * (following / count) + margin), taken.size - 1)
    low = select(taken, first)
    return low, select(taken, last)


@compiled
def neighbours(values: Array, taken: Array, rank: int, following: int, kept: Array) -> tuple[float, float]:
    """Return the values of a rank and of the next one (or of the rank twice); NaN where a value is NaN."""
    if taken.size > 0 and not np.isnan(taken).any():
        low, high = bracket(taken, values.size, rank, following)
        from_low, above_low, to_high, nan, inside = passed(values, low, high, kept)
        if nan > 0:
            return math.nan, math.nan
        below, first = values.size - from_low, values.size - above_low
        end, last = first + inside, first + to_high
        if rank >= below and following < max(first, last):
            if first <= rank and following < end:
                return selected(kept[:inside], rank - first, following - first)
            lower = low if rank < first else high
            if first <= rank < end:
                lower = select(kept[:inside], rank - first)
            upper = low if following < first else high
            if first <= following < end:
                upper = select(kept[:inside], following - first)
            return lower, upper
    if np.isnan(values).any():
        return math.nan, math.nan
    kept[: values.size] = values
    return selected(kept[: values.size], rank, following)
