"""Exploring: what is sensed is appended to a buffer, and then averaged over voxels into a model's nodes.

An observation is a row of 18 float64: position [m] (3), the frame's rows n, d1, d2 (9), is the pose defined
(1), hue, saturation, value (3), log curvatures (2): an object of ``evidence`` is such rows taken apart.

``append(observations)`` takes the rows (S, 18) in one by one, into a buffer that doubles when it is full, and
returns what it holds (S, 18). ``run(observations, voxel=0.003, most=2000)`` returns the nodes (M, 18): the
means over all observations in a voxel, floor(position / voxel), in the order in which the voxels were first
touched; where there are more than ``most``, those of the most observations, the first of equal ones. Sums go
in the order of the observations, so that all implementations are equal bit for bit.

Source: the graphs of tbp.monty (Thousand Brains Project, MIT): 100 voxels along 0.3 m, 2,000 nodes at most.
Hues are averaged as numbers, as there.
"""
