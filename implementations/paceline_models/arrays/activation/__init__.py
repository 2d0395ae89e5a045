"""Fused chains of element functions: what they cost is temporaries in NumPy, and exp everywhere.

``sigmoid(x)``: 1 / (1 + e^-x). ``swish(x)``: x sigmoid(x). ``gelu(x)``: x (1 + tanh z) / 2 with
z = sqrt(2/pi) (x + 0.044715 x^3) (Hendrycks and Gimpel 2016). ``relu_scale_bias(x)``: 0.1 max(x, 0) + 0.5.
``softmax(x)``, ``log_softmax(x)``: over all elements. ``exp_sin_chain(a, b)``: sin(e^(a + b)).
All take ``out=None``.
"""
