"""The Monty learning loop: the loop of a minimal Rust port, and the real Monty's evidence matcher."""
