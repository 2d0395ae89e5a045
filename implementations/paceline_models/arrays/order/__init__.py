"""Order statistics and counts: what they cost is branches that cannot be predicted.

``median(x)`` of all elements, a NumPy scalar: NaN where one is NaN or there are none. ``percentile(x, q)``
of all elements, by linear interpolation between neighbours (Hyndman and Fan 1996, type 7), for percentages
q (k,); ``bincount(x, minlength)``: how often whole numbers (int64, not negative) occur. Both take
``out=None``.
"""
