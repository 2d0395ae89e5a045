"""The real Monty's learning module, of the package tbp.monty: one thread, scipy's KD-tree, NumPy.

A peer, of somebody else: https://pypi.org/project/tbp.monty (MIT, Thousand Brains Project). Its
``EvidenceGraphLM`` is given the nodes as they are, and takes in one message after the other: what it costs
includes its buffer of observations, as in its own experiments. It draws no random numbers here.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from tbp.monty.cmp import Message
from tbp.monty.frameworks.experiments.mode import ExperimentMode
from tbp.monty.frameworks.models.evidence_matching.graph_memory import EvidenceGraphMemory
from tbp.monty.frameworks.models.evidence_matching.learning_module import EvidenceGraphLM
from tbp.monty.frameworks.utils.object_model_utils import NumpyGraph
from tbp.monty.geometry import SurfacePoseVectors

from paceline_models.monty.evidence._checks import Array, Settings
from paceline_models.monty.evidence._equations import TOLERANCES, WEIGHTS
from paceline_models.monty.evidence._model import Prepared, Run, matcher, pack

TOLERANCE = (0.0, 1e-6, "Its angles pass through arccos, which loses digits near 1.")
CHANNEL = "patch"
COLUMNS = {
    "node_ids": [0, 1],
    "pose_vectors": [1, 10],
    "pose_fully_defined": [10, 11],
    "hsv": [11, 14],
    "principal_curvatures_log": [14, 16],
}


def prepare(objects: Any) -> Prepared:
    """Return the objects side by side, and for each a model of the package, with its KD-tree."""
    prepared = pack(objects)
    memory = EvidenceGraphMemory(max_nodes_per_graph=2000, max_graph_size=0.3, num_model_voxels_per_dim=100)
    models = []
    for low, high in pairwise(prepared.starts):
        pos, frame, defined, hsv, curv = (array[low:high] for array in prepared.nodes[:5])
        ids = np.arange(high - low, dtype=np.float64)[:, None]
        x = np.concatenate((ids, frame, defined[:, None], hsv, curv), axis=1)
        graph = NumpyGraph({"x": x, "pos": pos, "feature_mapping": dict(COLUMNS)})
        models.append(memory._initialize_model_with_graph("", graph))
    return replace(prepared, made_by="tbp_monty", index=(models,))


def module_of(prepared: Prepared, settings: Settings) -> Any:
    """Return a learning module that knows the objects."""
    rule = "all" if settings.share < 0.0 else f"{100.0 * settings.share:g}%"
    module = EvidenceGraphLM(
        max_match_distance=settings.radius,
        tolerances={CHANNEL: by_feature(TOLERANCES)},
        feature_weights={CHANNEL: by_feature(WEIGHTS)},
        evidence_threshold_config=rule,
        past_weight=settings.past,
        present_weight=settings.present,
        x_percent_threshold=100.0 * settings.possible,
        use_multithreading=False,
        hypotheses_updater_args={"max_nneighbors": settings.k},
    )
    for number, model in enumerate(prepared.index[0]):
        module.graph_memory.models_in_memory[f"o{number}"] = {CHANNEL: model}
    module.mode = ExperimentMode.EVAL
    module.init_from_ltm()
    return module


def by_feature(values: tuple[float, ...]) -> dict[str, Array]:
    """Return the values of the five columns by the names of their features."""
    return {"hsv": np.array(values[:3]), "principal_curvatures_log": np.array(values[3:])}


def message(seen: Array, location: Array) -> Message:
    """Return an observation (15,) at a location as the package's message."""
    return Message(
        location=location,
        morphological_features={
            "pose_vectors": SurfacePoseVectors(seen[:9].reshape(3, 3)),
            "pose_fully_defined": bool(seen[9]),
            "on_object": 1,
        },
        non_morphological_features={"hsv": seen[10:13], "principal_curvatures_log": seen[13:15]},
        confidence=1.0,
        pass_message=True,
        sender_id=CHANNEL,
        sender_type="SM",
        process_features_in_lm=True,
    )


def _kernel(
    prepared: Prepared, settings: Settings, candidates: Array, sensed: Array, displacement: Array, first: int,
    run: Run,
) -> None:  # fmt: skip
    module = module_of(prepared, settings)
    location = np.zeros(3)
    for t, (seen, v) in enumerate(zip(sensed, displacement, strict=True)):
        location = location + v
        module.matching_step(None, [message(seen, location)])
        hypotheses = [module._hypotheses[f"o{o}"] for o in range(run.best.shape[1])]
        run.best[t] = [one.evidence.max() for one in hypotheses]
        run.arg[t] = [one.evidence.argmax() for one in hypotheses]
        if run.history.shape[0]:
            run.history[t] = np.concatenate([one.evidence for one in hypotheses])
    run.ev[:] = np.concatenate([one.evidence for one in hypotheses])
    run.loc[:] = np.concatenate([one.locations for one in hypotheses])
    run.rot[:] = np.concatenate([one.poses for one in hypotheses]).reshape(-1, 9)


run = matcher(_kernel, prepare, index="tbp_monty")
