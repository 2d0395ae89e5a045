"""New arrays: what they cost is the call, the allocator and the first touch of every page.

``zeros(n)``, ``ones(n)``: n float64 values. ``linspace(start, stop, n)``: evenly spaced, both ends included.
All take ``out=None``; all have touched every page of the answer when they return: an array of zeros that the
operating system has only promised costs nothing until somebody else pays for it.
"""
