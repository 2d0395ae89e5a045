"""The host: its fingerprint, and whether it is fit to measure."""
