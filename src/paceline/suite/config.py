"""A suite's configuration: asv's own file, and where things lie by it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from paceline.outcome import PacelineError


@dataclass(frozen=True)
class Suite:
    """Where a suite lies: its asv configuration, benchmarks, results and environments."""

    config: Path
    project: str
    benchmarks: Path
    results: Path
    environments: Path
    repository: Path | None = None  # of what is measured, where it lies on this computer
    branch: str = ""  # the first that asv looks at; asv's own default is none
    commit_url: str = ""  # what a commit's hash is put behind, for a browser

    @property
    def root(self) -> Path:
        """The folder of the configuration, from which asv is run."""
        return self.config.parent

    @property
    def written(self) -> tuple[Path, ...]:
        """What measuring itself writes, wherever asv's configuration puts it: no change of the project."""
        return self.results, self.environments, self.root / "reports", self.root / ".paceline"


def load(config: Path) -> Suite:
    """Read asv's configuration file; its paths are relative to its folder."""
    from asv.config import Config
    from asv.util import UserError

    path = config.resolve()
    if not path.is_file():
        raise PacelineError(
            f"no asv configuration at {config}; run in a folder that has one, or use --config"
        )
    try:
        asv = Config.load(str(path))
    except (UserError, ValueError, TypeError, OSError) as error:
        raise PacelineError(f"cannot read {config}: {error}") from error
    root = path.parent
    return Suite(
        config=path,
        project=str(asv.project),
        benchmarks=(root / asv.benchmark_dir).resolve(),
        results=(root / asv.results_dir).resolve(),
        environments=(root / asv.env_dir).resolve(),
        branch=str((asv.branches or [""])[0] or ""),
        repository=(root / asv.repo).resolve() if (root / str(asv.repo)).is_dir() else None,
        commit_url=str(asv.show_commit_url or ""),
    )
