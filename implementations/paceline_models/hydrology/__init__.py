"""Rainfall-runoff and snow models: GR2M, GR6J, CemaNeige and HBV-Light.

Every model's package tells its equations, their source, and three tables: ``FIELDS`` (what a row of the
result holds), ``PARAMETERS`` (names, units, domain, usual range) and ``INITIAL`` (how the states start).
All arrays are float64; results are new arrays, a row per time step; arguments are never changed.
"""
