"""A suite in scikit-image's manner: images as inputs, memory beside time, functions with attributes."""
