"""The Monty learning loop: a minimal loop (``minimal``) and the evidence matcher (``evidence``).

Both follow the semantics of tbp.monty (Thousand Brains Project, MIT): ``minimal`` those of a Rust benchmark
of its core loop, a mean similarity over all that is stored; ``evidence`` those of its evidence-based
learning module. Their packages tell the equations.
"""
