"""Measuring: workers, turns and agreement."""
