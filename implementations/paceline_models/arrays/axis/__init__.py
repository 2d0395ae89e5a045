"""Reductions of a matrix x (r, c) along an axis.

``sum_axis0(x)``, ``var_axis0(x)`` (c,): down the columns; ``sum_axis1(x)``, ``std_axis1(x)`` (r,): along
the rows. Variances are those of the population. All take ``out=None``.
"""
