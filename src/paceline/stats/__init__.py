"""Pure functions on numbers: no files, no clocks, nothing of ours imported."""
