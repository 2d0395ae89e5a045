"""asv's own command line, with another results folder: ``python -m paceline.suite.asv_main RESULTS ARGS...``.

asv has no option for it, and quick results must not overwrite full ones.
"""

from __future__ import annotations

import sys
from typing import Any

from asv.config import Config
from asv.main import main


def with_results(folder: str) -> None:
    """Let every configuration that asv loads name this results folder."""
    load = Config.load

    def load_and_redirect(path: str | None = None) -> Any:
        config = load(path)
        config.results_dir = folder
        return config

    Config.load = load_and_redirect


if __name__ == "__main__":
    with_results(sys.argv[1])
    sys.argv = ["asv", *sys.argv[2:]]
    main()
