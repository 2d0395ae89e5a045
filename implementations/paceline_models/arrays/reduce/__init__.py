"""Full reductions, over all elements of arrays of any shape; they return a NumPy scalar.

``sum(x)``; ``norm(x)``: root of the sum of squares; ``var(x)``, ``std(x)``: of the population (by n);
``weighted_mean(x, w)``: sum(x w) / sum(w); ``covariance(x, y)``: mean((x - mean x) (y - mean y));
``mse(a, b)``: mean((a - b)^2); ``corrcoef(X, out=None)``: coefficients (r, r) of the rows of X (r, n).
Of nothing, means are NaN.
"""
