"""Differences and running sums of a series x (n,), and its smoothing.

``diff(x)`` (n - 1,); ``diff2(x)``: differences of differences (n - 2,); ``gradient(x)``: central
differences, one-sided at the ends, n >= 2; ``cumsum(x)``; ``diff_cumsum(x)``: running sum of the differences
(n - 1,); ``convolve3(x)``: with (1/4, 1/2, 1/4) and zeros beyond the ends, n >= 3. All take ``out=None``.
"""
