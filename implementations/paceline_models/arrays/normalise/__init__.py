"""Normalisation: moments, then a map. Variances are those of the population; e = 1e-5.

``zscore(x)``: (x - mean) / std of all elements; ``zscore_2d(x)``: of each row of x (r, c).
``layer_norm(x, gamma, beta)``: (x - mean) / sqrt(var + e) gamma + beta, arrays of one shape;
``layer_norm_rows(x, gamma, beta)``: of each row of x (r, c), gamma and beta (c,).
``batch_norm(x, m, v, g, b)``: (x - m) / sqrt(v + e) g + b, x (r, c), the others (c,).
``image_normalize(img)``: (img - min) / (max - min).
All take ``out=None``. Ba, Kiros and Hinton (2016); Ioffe and Szegedy (2015).
"""

EPSILON = 1e-5
