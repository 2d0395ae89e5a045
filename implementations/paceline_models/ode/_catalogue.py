"""Which problems there are in the compiled regime; nothing is compiled or imported to know it."""

ANY = 0
"""For a size that the caller chooses."""

SIZES = {
    "vdp": (2, 1), "lotka": (2, 4), "brusselator": (2, 2), "lorenz": (3, 3), "arenstorf": (4, 1),
    "pleiades": (28, 0), "linear": (ANY, 0), "robertson": (3, 3), "hires": (8, 0), "orego": (3, 3),
    "e5": (4, 0), "pollution": (20, 0), "ringmod": (15, 0), "heat1d": (ANY, 0), "fall": (2, 1),
    "cannon": (4, 2),
}  # fmt: skip
"""Number of equations and of parameters, by problem."""

WITH_JACOBIAN = ("vdp", "robertson", "orego", "e5")
"""The problems that have an analytic Jacobian: those whose counts were made with it, too."""
