"""Fourier transforms in Rust by the crate `rustfft`: AVX2 where the processor has it, one plan a length."""

from paceline_models._rust import arrays_fft_lowpass as fft_lowpass
from paceline_models._rust import arrays_fft_roundtrip as fft_roundtrip
from paceline_models._rust import arrays_power_spectrum as power_spectrum

__all__ = ["fft_lowpass", "fft_roundtrip", "power_spectrum"]
