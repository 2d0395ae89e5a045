"""A history of 60 commits, each built, raced and judged for real as CI does for a push: two to three hours.

``python tests/prove_history.py FOLDER`` makes a small project in FOLDER and pushes commit after commit:
a step of 5 %, one of 20 % that recovers, a slow creep of five times 1 %, a case with two modes, a revert, a
case that gets faster, one that stays, and a commit that does not build. After each, ``.ci/history`` runs. At
the end it prints who was named, and ends with 1 when that is not what was done. A second call goes on where
the first was stopped.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from pathlib import Path

import test_ci_end_to_end as ci
from local_peers import http_peer
from test_alerts_command import git
from test_alerts_history import BROKEN, LEVELS

from paceline.alerts import store

COMMITS = 60
WANTED = {
    "step": ("confirmed", 17),
    "large": ("fixed", 20),
    "revert": ("fixed", 42),
    "creep": ("confirmed", None),
}
ROUNDS = 2000
SHARES = {name.split(".")[1].lower(): level for name, level in LEVELS.items()}
KERNEL = """
def {name}():
    x = 1
    for i in range({rounds}):
        x = (x * 5 + i) & 0xFFFF
    return x
"""
MODES = """
import random
SLOW = random.random() < 0.2
def modes():
    x = 1
    for i in range(2080 if SLOW else 2000):
        x = (x * 5 + i) & 0xFFFF
    return x
"""


def source(number: int) -> str:
    """Return the package as it is at a commit."""
    kernels = [
        KERNEL.format(name=name, rounds=round(ROUNDS * math.exp(level(number))))
        for name, level in SHARES.items()
        if name != "modes"
    ]
    return "".join([*kernels, MODES, f"# {number}\n"])


def begin(root: Path, hook: str) -> None:
    """Make the project and the repository that it is pushed to; who is told is the hook."""
    os.environ |= {"PACELINE_WEBHOOK_URL": hook, "BUDGET": "600"}
    if not (root / ".git").is_dir():
        ci.laid(root, "".join(f"def time_{name}(): return kern.{name}()\n" for name in SHARES))
        git(root.parent, "init", "-q", "--bare", str(root.parent / "origin.git"))
        git(root, "remote", "add", "origin", str(root.parent / "origin.git"))
    (root / "paceline.toml").write_text("[alerts.sinks.webhook]\n")


def push(root: Path, number: int) -> int:
    """Commit, unless that was done before it was stopped, and let CI look at it; return CI's exit code."""
    if int(git(root, "rev-list", "--count", "--branches")) == number:
        (root / "kern.py").unlink(missing_ok=True)
        if number not in BROKEN:
            (root / "kern.py").write_text(source(number))
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", f"commit {number}")
    return ci.script(root, "history").returncode


def judged(root: Path, notices: list[str]) -> bool:
    """Print what was named, and tell whether it is what was done."""
    hashes = git(root, "log", "--reverse", "--format=%H").split()
    book = store.read(root / "results").values()
    told = {one.benchmark.partition("time_")[2]: one for one in book if one.told}
    right = set(told) == set(WANTED) and len(notices) == len(set(notices))
    print("\n| case | done at | named | state |\n|---|---|---|---|")
    for name in sorted({*told, *WANTED}):
        one, (state, at) = told.get(name), WANTED.get(name, ("", None))
        named = hashes.index(one.bad) if one and one.culprit else None
        right &= one is not None and (str(one.state), named) == (state, at)
        print(f"| {name} | {at} | {named} | {one.state if one else 'not told'} |")
    print(f"\n{len(notices)} notices; {'as it was done' if right else 'NOT as it was done'}")
    return right


def main() -> int:
    """Push what is missing of the 60 commits; 0 when the right ones were named and no other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--commits", type=int, default=COMMITS, help="stop after so many (60)")
    options = parser.parse_args()
    root = options.folder.resolve() / "project"
    root.parent.mkdir(parents=True, exist_ok=True)
    state = root.parent / "pushed.json"
    pushed, notices = json.loads(state.read_text()) if state.is_file() else (0, [])
    with http_peer(lambda one: (200, {}, {})) as peer:
        begin(root, peer.url)
        for number in range(pushed, options.commits):
            begun = time.monotonic()
            code = push(root, number)
            notices += [one.document["text"].splitlines()[0] for one in peer.asked]
            peer.asked.clear()
            state.write_text(json.dumps([number + 1, notices]))
            spent = time.monotonic() - begun
            print(f"commit {number}: exit code {code}, {spent:.0f} s, {len(notices)} notices", flush=True)
    return 0 if options.commits < COMMITS or judged(root, notices) else 1


if __name__ == "__main__":
    sys.exit(main())
