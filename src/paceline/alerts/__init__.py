"""Alerts: what somebody must know of, from its nomination to its end, and where it is sent."""
