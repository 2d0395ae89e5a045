"""Pipelines: what users chain all day, each as one function, so that fusion across operations can be seen.

``image(rgb)``: luminance, contrast stretched from [0.2, 0.8] to [0, 1], mean of 3 x 3, magnitude of central
differences, 1 where it exceeds one half: (m, n, 3) to (m - 4, n - 4). ``mlp(x, w1, b1, w2, b2)``: two
layers with a rectifier between, a batch (b, i) to (b, o). ``signal(x)``: the linear trend taken away,
smoothed by (1/4, 1/2, 1/4), differenced, and the variance of every 256: (n,) to ((n - 1) // 256,), n at
least 3. ``adam(weights, gradient, first, second)``: one update of the optimiser (Kingma and Ba 2015) at
step 100 with the usual constants, (n,) four times to new weights, first and second moments (3, n). All take
``out=None``.
"""
