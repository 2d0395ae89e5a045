"""A continuous solution of a compiled problem: states at any time, from the interpolants of all steps.

``run(problem, method, t_span, y0, params, rtol, atol, times)`` solves a problem of
``paceline_models.ode._right_hand_sides`` with parameters ``params`` (p,) over ``t_span`` (t0, t1) from ``y0``
(n,), by "RK45", "DOP853" or "BDF", with SciPy's steps and interpolants (``dense_output=True``), and returns a
``Sampled``: the states at ``times`` (m,), which ascend and lie within ``t_span``.
"""
