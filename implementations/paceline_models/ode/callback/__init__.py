"""Initial-value problems whose right-hand side is a Python function, as users of SciPy write it.

``run(fun, method, t_span, y0, rtol, atol, jac=None)`` solves y' = fun(t, y) over ``t_span`` (t0, t1), also
backwards, from ``y0`` (n,), by "RK45", "DOP853", "Radau" or "BDF", with the steps of SciPy's ``solve_ivp``,
and returns a ``Solution``. ``fun(t, y)`` returns a sequence or an array of n numbers; the tolerances are
numbers, ``atol`` also one for each component; ``jac(t, y)`` returns (n, n), ``None`` asks for finite
differences. The same function object goes to every implementation.
"""
