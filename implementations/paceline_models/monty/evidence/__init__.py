"""Matching an object and its pose by evidence, as the learning module of the real Monty does.

Source: tbp.monty (Thousand Brains Project, MIT), ``EvidenceGraphLM``; see also Leadholm, Clay, Hawkins et al.
(2025), "Thousand-brains systems: sensorimotor intelligence for rapid, robust learning and inference".

A sensor touches an object at one point after the other; each time it tells its displacement v, the frame
that it feels there (normal n, principal directions d1, d2), colour and log curvatures. A hypothesis says:
this is object o, the sensor is at loc, and rot turns the sensor's frame into the object's. Its evidence ev
grows with every observation that fits the stored nodes (position p_j, frame N_j, colour, curvatures) around
it.

Start, for every candidate frame F of the first observation and every node j, h = f M + j::

    rot_h = N_j^T F        loc_h = p_j        ev_h = feature evidence of j
    candidates: (n, d1, d2), (n, -d1, -d2), or eight turns about n where the sensed pose is not defined

Feature evidence of a node, weights w = (2, .5, .5, 1, 1), tolerances (.1, .2, .2, 1, 1)::

    phi_j = sum(w max(0, tol - |delta|) / tol) / sum(w)        delta: hue (circular), s, v, two log curvatures

Every further observation::

    loc_h += rot_h v                      n_h = rot_h n        d_h = rot_h d1
    tested: all, or those with ev_h >= best - x best, best over all objects       (rule "all", "x%")
    nodes: the min(k, M) nearest to loc_h, by (distance, index)
    D_j   = |delta| + |delta . n_h| / (kappa + 1/2)      delta = p_j - loc_h, kappa = max |log curvature|
    e_j   = 1/2 - sin(angle(n_j, n_h) / 2)
            + [both poses defined] (1/2 - sin(pi/2 - |angle(d1_j, d_h) - pi/2|)) + phi_j       where D_j < R
    e_j   = -1                                                                                 elsewhere
    new_h = max_j e_j;  untested: max(0, least new of the object's tested); none tested: ev stays as it is
    ev_h  = past ev_h + present new_h

With c the dot product of two directions (neither is normalised), clipped to [-1, 1], the sines are
sqrt((1 - c)/2) and sqrt(1 - c^2). Positions are in metres.

``run(objects, sensed, displacement, k, history=False, **options)``: ``objects`` is a list of tuples (pos
(M, 3), frame (M, 9), pose_defined (M,), hsv (M, 3), curv (M, 2)), or what ``prepare(objects)`` returned;
``sensed`` (S, 15) holds the frame's rows n, d1, d2, pose_defined, hsv and log curvatures; ``displacement``
(S, 3), its first row unused; all float64. ``k`` nodes are compared, all where an object has fewer. Options:
``rule`` ("all", "80%"), ``radius`` R = 0.01, ``past`` and ``present`` (1, 1), ``x_percent`` = 20 for the
possible objects, ``terminate`` (stop at a terminal condition) with ``time_out`` = 500. ``run_steps`` is the
same with one call per observation.

All implementations of float64 do the same operations in the same order: their evidence is equal bit for
bit.
"""

from paceline_models.monty.evidence._answer import Evidence, rotation_error

__all__ = ["Evidence", "rotation_error"]
