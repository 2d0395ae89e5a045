"""Print the megabytes of its own that a process holds once it has matched a file of a million observations.

.venv/bin/python docs/monty/memory.py mapped|read
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from paceline_models._rust import MontyFile, monty_minimal


def anonymous() -> float:
    """Return the megabytes of this process that are not a file's."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(float(line.split()[1]) / 1e3 for line in lines if line.startswith("RssAnon"))


def held(way: str) -> float:
    """Load a file and match one query; return the megabytes that this process holds more than before."""
    with tempfile.NamedTemporaryFile() as file:
        np.zeros((1_000_000, 4), np.float32).tofile(file)
        file.flush()
        query, evidence = np.ones((1, 4), np.float32), np.empty(1, np.float32)
        start = anonymous()
        if way == "mapped":
            kept: Any = MontyFile(file.name)
            kept.run(query, 1, 1, np.inf, evidence)
        else:
            kept = np.fromfile(file.name, np.float32).reshape(-1, 4)
            monty_minimal(kept, query, 1, 1, np.inf, evidence)
        return anonymous() - start


if __name__ == "__main__":
    print(held(sys.argv[1]))
