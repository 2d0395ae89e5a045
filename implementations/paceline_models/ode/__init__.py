"""Initial-value problems y' = f(t, y), y(t0) = y0, solved with the steps of SciPy's ``solve_ivp``.

Two models that are never mixed in one ratio: in ``callback`` the right-hand side is a Python function, in
``compiled`` it is machine code (one of ``_right_hand_sides``). Two small ones ask for more than the steps:
``dense`` for the states between them (compiled), ``events`` for zeros of a function (callback).
``rust_pyo3.solve_ivp`` is the drop-in.
"""
