"""Monte Carlo: what it costs is random numbers and exp, and chains that cannot be cut.

``mc_pi(n, seed)``: pi from n points in the unit square, a NumPy scalar; point i is (u(seed + 2 i + 1),
u(seed + 2 i + 2)), where u(c) is the output of SplitMix64 (Steele, Lea and Flood 2014, OOPSLA) for the
state c 0x9E3779B97F4A7C15, its upper 53 bits as a number in [0, 1). It is a function of the index alone, so
that all implementations count the same hits in any order: 785045 of 1000003 points for seed 12345.
``black_scholes_paths(z, start, drift, volatility)``: start times the running product of e^(drift +
volatility z), for given normal z (n,); ``random_walk(steps)``: running sums of whole numbers (int64). Both
take ``out=None``, which may be their first argument.
"""
