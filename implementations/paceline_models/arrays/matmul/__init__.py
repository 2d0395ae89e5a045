"""Matrix products: what they cost is the cache hierarchy, or the call where they are small.

``matmul(a, b)`` (m, k) by (k, n); ``matmul_small_batch(a, b)`` stacks of matrices (B, k, k), one by one,
unrolled for k of 2, 3 and 4; ``matrix_power(a)`` the fourth power of (n, n), as the square of the square;
``transpose(a)`` a C-contiguous copy of the transposed (m, n). All take ``out=None``.
"""
