"""A package named as a module of the standard library."""
