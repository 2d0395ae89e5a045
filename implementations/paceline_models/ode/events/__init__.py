"""Events: when a function of the state is zero; it and the right-hand side are Python functions.

``run(fun, event, method, t_span, y0, rtol, atol)`` solves y' = fun(t, y) over ``t_span`` (t0, t1) from ``y0``
(n,), by "RK45", "DOP853", "Radau" or "BDF", with the steps of SciPy's ``solve_ivp``, and returns a
``Crossed``: the zeros of ``event(t, y)``, a number, on the way.
"""
