"""Functions of each element: ``exp(x)``, ``log(x)``, ``sin(x)``, ``cos(x)``, ``tanh(x)``, ``sqrt(x)``.

All take ``out=None``; sine and cosine are of radians. Where there is no answer it is NaN, without NumPy's
warning.
"""
