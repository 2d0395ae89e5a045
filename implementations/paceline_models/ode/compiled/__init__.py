"""Initial-value problems whose right-hand side is machine code.

``run(problem, method, t_span, y0, params, rtol, atol, jac=False)`` solves a problem of
``paceline_models.ode._right_hand_sides`` with parameters ``params`` (p,) over ``t_span`` (t0, t1), also
backwards, from ``y0`` (n,), by "RK45", "DOP853", "Radau" or "BDF", with the steps of SciPy's ``solve_ivp``,
and returns a ``Solution``. The tolerances are numbers, ``atol`` also one for each component. ``jac`` asks for
the analytic Jacobian of a problem that has one, instead of finite differences.
"""
