"""Fourier transforms of real signals, as complex numbers: what they cost is butterflies and cache.

``fft_roundtrip(x)`` there and back; ``fft_lowpass(x)`` the same with all frequencies but the lowest quarter
on either side taken away; ``power_spectrum(x)`` squared magnitudes, float64. Signals (n,) are float64, not
empty, and finite: what NaN and infinities give depends on the algorithm. The shortcut of real input
(``rfft``) is not taken by any implementation: it does half the work. Answers of the first two are
complex128. All take ``out=None``.
"""
