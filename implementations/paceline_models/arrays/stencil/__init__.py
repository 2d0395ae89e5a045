"""Stencils and maps of fields: what they cost is memory, and a temporary for every slice in NumPy.

``laplacian(u)`` of the inner points of a field, five points; ``sobel(u)`` magnitude of central differences;
``box_blur3(u)`` mean of 3 x 3, along rows and then across: all (m, n) to (m - 2, n - 2).
``vector_magnitude(vx, vy)`` sqrt(vx^2 + vy^2) of any shape, also in place.
``heat_step(u, rate, steps)`` explicit steps u += rate (left - 2 u + right) on a rod (n,) whose ends stay.
All take ``out=None``.
"""
