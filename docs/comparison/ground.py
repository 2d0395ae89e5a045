"""The ground that all tools run on: a repository of three commits, and environments made once."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
CASES = ("integer_loop", "polynomial", "memory", "allocation", "text")
TRIALS = {"identical": "same", "slower": "slow"}  # what is compared with "base", by its tag
ROUNDS = "ROUNDS = 100  # as it was at first"
CHANGES = {"same": "ROUNDS = 100  # as ever, said anew", "slow": "ROUNDS = 105  # as ever, said anew"}
PEOPLE = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "side by side"),
        ("EMAIL", "nobody@example.org"),
        ("DATE", "2025-01-01T00:00Z"),
    )
}
ROUNDS_OF = {"base": "100", "same": "100", "slow": "105"}
STOP_SECONDS = 10.0


class StepError(Exception):
    """A tool, or a command that prepares it, did not do what was asked; the text has its last lines."""


@dataclass(frozen=True)
class Ran:
    """How a command ended: exit code, seconds, output with errors, and seconds spent installing."""

    code: int
    seconds: float
    output: str
    installing: float = 0.0


@dataclass(frozen=True)
class Ground:
    """Where a run's things lie, all of them below one temporary folder."""

    folder: Path

    @property
    def repository(self) -> Path:
        """The repository with the tags base, same and slow; its working tree stays at base."""
        return self.folder / "repository"

    @property
    def python(self) -> Path:
        """The interpreter that has pytest-benchmark and pyperf."""
        return self.folder / "venv" / "bin" / "python"

    def site(self, tag: str) -> dict[str, str]:
        """Return the variables that make kernels5 of one commit importable; all are equally long."""
        return {"PYTHONPATH": str(self.folder / "site" / tag)}


def pins(text: str) -> dict[str, str]:
    """Return the versions that a requirements file pins."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return {name: pin for name, _, pin in (line.partition("==") for line in lines) if pin}


def prepare(folder: Path, say: Callable[[str], None]) -> Ground:
    """Make the repository, the virtualenv and one importable copy of kernels5 for each commit."""
    ground = Ground(folder)
    say("making the repository: base, same, slow")
    _repository(ground)
    for tag in ("base", *TRIALS.values()):
        _site(ground, tag)
    say("making the virtualenv of pytest-benchmark and pyperf")
    must(sys.executable, "-m", "venv", str(folder / "venv"), cwd=folder)
    install = ("-m", "pip", "install", "--quiet", "-r", str(HERE / "requirements.txt"))
    must(str(ground.python), *install, cwd=folder)
    for tag, rounds in ROUNDS_OF.items():
        _is_measured(ground, tag, rounds)
    return ground


def _is_measured(ground: Ground, tag: str, rounds: str) -> None:
    """Stop where another commit's kernels would be measured than the one that is named."""
    ask = (str(ground.python), "-m", "timeit", "-n1", "-r1", "import kernels5; print(kernels5.ROUNDS)")
    told = must(*ask, cwd=ground.repository, variables=ground.site(tag)).output.split()[0]
    if told != rounds:
        raise StepError(f"{tag} has {told} rounds where it is imported, not {rounds}")


def _repository(ground: Ground) -> None:
    root = ground.repository
    shutil.copytree(HERE / "kernels5", root, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "gitignore").rename(root / ".gitignore")
    _fill(root / "asv.conf.json")
    must("git", "init", "--quiet", "--initial-branch=main", cwd=root)
    _commit(root, "base")
    source = root / "src" / "kernels5" / "__init__.py"
    text = source.read_text()
    for tag, change in CHANGES.items():
        assert text.count(ROUNDS) == 1
        source.write_text(text.replace(ROUNDS, change))
        _commit(root, tag)
    must("git", "checkout", "--quiet", "base", cwd=root)


def _fill(configuration: Path) -> None:
    pinned = pins((HERE / "requirements.txt").read_text())
    text = configuration.read_text()
    for mark, value in {
        "@PYTHON@": f"{sys.version_info.major}.{sys.version_info.minor}",
        "@NUMPY@": pinned["numpy"],
        "@HATCHLING@": pinned["hatchling"],
        "@ASV_RUNNER@": version("asv_runner"),
    }.items():
        text = text.replace(mark, value)
    configuration.write_text(text)


def _commit(root: Path, tag: str) -> None:
    must("git", "add", "--all", cwd=root)
    must("git", "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", tag, cwd=root)
    must("git", "-c", "tag.gpgsign=false", "tag", tag, cwd=root)


def _site(ground: Ground, tag: str) -> None:
    command = ["git", "archive", "--format=tar", f"{tag}:src", "kernels5"]
    packed = subprocess.run(command, cwd=ground.repository, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(ground.folder / "site" / tag, filter="data")


def must(*command: str, cwd: Path, variables: Mapping[str, str] | None = None) -> Ran:
    """Run a command that has to succeed."""
    ran = run(command, cwd, variables)
    if ran.code:
        raise StepError(f"{' '.join(command)}: exit code {ran.code}\n{last_lines(ran.output)}")
    return ran


def run(
    command: Sequence[str],
    cwd: Path,
    variables: Mapping[str, str] | None = None,
    installs: Callable[[str], bool] = lambda line: False,
) -> Ran:
    """Run a command in a process group of its own; whatever happens, leave none of it behind.

    The time from a line that ``installs`` knows to the next line is counted as installing.
    """
    began = seen = time.monotonic()
    installing, busy = 0.0, False
    lines: list[str] = []
    child = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **PEOPLE, "PYTHONUNBUFFERED": "1", "COLUMNS": "200", **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        assert child.stdout is not None
        for line in child.stdout:
            now = time.monotonic()
            installing += now - seen if busy else 0.0
            seen, busy = now, installs(line)
            lines.append(line)
        code = child.wait()
    finally:
        _end(child)
    return Ran(code, time.monotonic() - began, "".join(lines), installing)


def _end(child: subprocess.Popen[str]) -> None:
    """End a command; it is first asked by SIGINT, for asv's own children are in groups that only it knows."""
    for sign in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(child.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=STOP_SECONDS)
    if child.stdout is not None:
        child.stdout.close()


def last_lines(output: str, count: int = 12) -> str:
    """Return the end of an output, for an error's text."""
    return "\n".join(output.strip().splitlines()[-count:])
