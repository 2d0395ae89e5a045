"""What a pull request waits for: ``python tests/prove_pull_request.py FOLDER``, on two idle cores.

Runs the steps of the workflow, ``.ci/pull-request``, in clean clones of this repository: for a change of
code (Rust and Python) with 12 cases and nothing kept from before; for the next change, with what the workflow
keeps (pip's and cargo's downloads, compiled crates, the base's wheel); and for a change of documentation
alone. Prints a table of minutes. Ends with 1 where one took longer than it may, ended with another exit code
than 0, or left a comment of more than 12 visible lines. Some fifteen minutes; names of rows after FOLDER take
these only (the second needs the first).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BENCH = r"^(ode\.EventsCallback|monty\.Nodes)\.time_run$"
CASES, LINES = 12, 12
KEPT = Path(".paceline", "wheels")  # of the clone; all else that is kept lies in the caches' folder
MODELS = "implementations/paceline_models/monty/nodes/__init__.py"


def code(clone: Path, number: int) -> None:
    """Change what is compiled and what is installed, and nothing that takes time."""
    append(clone / "implementations" / "rust" / "src" / "lib.rs", f"// {number}\n")
    append(clone / MODELS, f"\n_PROVED = {number}\n")


def documentation(clone: Path, number: int) -> None:
    """Change a page."""
    append(clone / "docs" / "ci.md", f"\n{number}\n")


@dataclass(frozen=True)
class Row:
    """A change, how many minutes it may take, what was kept from which row, and how many cases it races."""

    name: str
    change: Callable[[Path, int], None]
    minutes: float
    cases: int
    kept: str = ""


ROWS = (
    Row("cold", code, 12, CASES),
    Row("warm", code, 7, CASES, kept="cold"),
    Row("documentation", documentation, 1, 0),
)


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=ci", "-c", "user.email=ci@localhost", "-c", "commit.gpgsign=false")
    told = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True)
    return told.stdout.strip()


def surroundings(caches: Path) -> dict[str, str]:
    """Return the variables of a runner whose caches are a folder; where packages come from stays as it is."""
    cargo = caches / "cargo"
    cargo.mkdir(parents=True, exist_ok=True)
    usual = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    for name in ("config.toml", "config"):
        if (usual / name).is_file():
            shutil.copy2(usual / name, cargo / name)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PACELINE"))}
    return {
        **kept,
        "CI": "true",
        "XDG_CACHE_HOME": str(caches),
        "XDG_DATA_HOME": str(caches / "data"),
        "PIP_CACHE_DIR": str(caches / "pip"),
        "CARGO_HOME": str(cargo),
    }


def cloned(row: Row, folder: Path, number: int) -> tuple[Path, str]:
    """Clone this repository's HEAD, put in what was kept, and commit the change; return clone and base."""
    clone = folder / row.name
    shutil.rmtree(clone, ignore_errors=True)
    git(folder, "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone))
    base = git(clone, "rev-parse", "HEAD")
    if row.kept:
        shutil.copytree(folder / row.kept / KEPT, clone / KEPT, symlinks=True)
    row.change(clone, number)
    git(clone, "commit", "--quiet", "--all", "--message", f"{row.name} {number}")
    return clone, base


def proved(row: Row, folder: Path, number: int) -> bool:
    """Do what the workflow does, print its row, and tell whether that is what it should be."""
    caches = folder / "caches"
    if not row.kept:
        shutil.rmtree(caches, ignore_errors=True)
    clone, base = cloned(row, folder, number)
    words = (".ci/pull-request", base, "HEAD", "out", "--bench", BENCH)
    start = time.monotonic()
    with (folder / f"{row.name}.log").open("w") as log:
        ran = subprocess.run(
            words, cwd=clone, env=surroundings(caches), stdout=log, stderr=subprocess.STDOUT, check=False
        )
    minutes = (time.monotonic() - start) / 60
    found, lines = verdicts(clone / "out"), visible(clone / "out" / "comment.md")
    told = ", ".join(f"{count} {word}" for word, count in found.items()) or "nothing to measure"
    print(
        f"| {row.name} | {row.minutes:g} | {minutes:.1f} | {ran.returncode} | {told} | {lines} |", flush=True
    )
    right = ran.returncode == 0 and found.total() == row.cases and lines <= LINES
    return right and minutes <= row.minutes


def verdicts(out: Path) -> Counter[str]:
    """Return how many cases have which verdict; none where nothing was compared."""
    path = out / "compare.json"
    told = json.loads(path.read_text()) if path.is_file() else {"verdicts": []}
    return Counter(one["verdict"] for one in told["verdicts"])


def visible(comment: Path) -> int:
    """Return how many lines of a comment are seen before anything is unfolded."""
    text = comment.read_text() if comment.is_file() else ""
    text = re.sub(r"<details>.*?</details>", "<details>", text, flags=re.DOTALL)
    return sum(bool(line) and not line.startswith(("<!--", "|---")) for line in text.splitlines())


def main(folder: Path, *names: str) -> int:
    """Prove the rows of these names, or all; return the exit code."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    print("| change | may take, min | took, min | exit | verdicts | lines of comment |")
    print("|---|---|---|---|---|---|")
    rows = [row for row in ROWS if not names or row.name in names]
    right = [proved(row, folder, number) for number, row in enumerate(rows)]
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
