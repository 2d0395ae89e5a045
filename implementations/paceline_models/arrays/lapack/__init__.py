"""Factorisations, left to LAPACK: one reference row in NumPy, so that the tables show what is not rewritten.

``svd_lstsq(a)`` singular values (k,) and vectors U (m, k), V^T (k, n); ``kalman_predict(f, x, p, q)`` the
predicted state F x and covariance F P F^T + Q; ``qr(a)`` Q and R; ``cholesky(a)`` the lower factor;
``eigh(a)`` eigenvalues and vectors. Arguments are float64 arrays of two dimensions (x: one), and finite.
"""
