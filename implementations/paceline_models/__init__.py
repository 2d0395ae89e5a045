"""The reference suite: models from real projects, each in pure NumPy, Numba and Rust behind one interface.

``paceline_models.<family>.<model>.<implementation>.run(*inputs)`` computes a model. The file is the
registration: a module in a model's folder is an implementation of it; names with a leading underscore are
shared parts. ``paceline_models._rust`` is the compiled extension, absent from a pure build.
"""

__version__ = "0.1.0"
