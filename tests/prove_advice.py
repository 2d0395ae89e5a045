"""Whether ``paceline advise`` comes true: what it says of runs, beside fresh processes that do them.

``python tests/prove_advice.py RESULTS [MODEL...]`` prints a table; 1 where what takes a tenth of a second
or more was off by over 20 %. Every process begins with an empty compilation cache, and is started three
times; the median counts. Results must be this machine's, measured shortly before, and the machine idle.
Once, each process has let go of a large array, as programs have that read data: before that, glibc gives the
top of the heap back after every call, which makes one that grows vectors (``hbv_light.rust_push_fluxes``)
three times as slow.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
MODELS = {"gr2m": 1_200, "gr6j": 3_650, "hbv_light": 3_650}
RUNS = (1, 100, 5_000)
MOST_SECONDS = 20.0  # what is said to take longer is left out
OFF, LEAST = 0.2, 0.1  # the share, and the seconds below which nobody chooses by it
CHILD = """
import importlib, pickle, sys, time
import numpy, scipy
name, runs, file = sys.argv[1:]
numpy.ones(1 << 20)
arguments = pickle.load(open(file, "rb"))
start = time.perf_counter()
run = importlib.import_module(name).run
for _ in range(int(runs)):
    run(*arguments)
print(time.perf_counter() - start)
"""


def advised(results, model, n, runs):
    """Return what advise says, by implementation, where import and first call are known."""
    words = ["advise", model, "--n", str(n), "--runs", str(runs), "--results", str(results), "--json", "-"]
    told = subprocess.run(
        [sys.executable, "-m", "paceline", *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    document = json.loads(told.stdout)
    known = [one for one in document["costs"] if one["startup_measured"]]
    return {one["implementation"]: one["seconds"] for one in known}


def taken(model, name, n, runs):
    """Return the median seconds of three fresh processes that import and run."""
    from benchmarks.model import inputs_of
    from benchmarks.startup import MODELS as KINDS

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "arguments.pickle")
        file.write_bytes(pickle.dumps(inputs_of(KINDS[model], n)))
        command = [sys.executable, "-c", CHILD, f"{KINDS[model].package}.{name}", str(runs), str(file)]
        seconds = []
        for cache in "abc":
            own = {"NUMBA_CACHE_DIR": str(Path(folder, cache)), "PATH": "", "HOME": folder}
            told = subprocess.run(command, env=own, capture_output=True, text=True, check=True)
            seconds.append(float(told.stdout))
    return median(seconds)


def main(results, models):
    """Print the table; return whether every advice came true."""
    print("| model | runs | implementation | advised | taken | off |", "|---|--:|---|--:|--:|--:|", sep="\n")
    good = True
    for model in models:
        for runs in RUNS:
            for name, said in advised(results, model, MODELS[model], runs).items():
                if said > MOST_SECONDS:
                    continue
                real = taken(model, name, MODELS[model], runs)
                off = said / real - 1
                wrong = abs(off) > OFF and max(said, real) >= LEAST
                good = good and not wrong
                mark = " (!)" if wrong else ""
                print(
                    f"| {model} | {runs:,} | {name} | {said:.3g} s | {real:.3g} s | {off:+.0%}{mark} |",
                    flush=True,
                )
    return good


if __name__ == "__main__":
    sys.exit(not main(Path(sys.argv[1]).resolve(), sys.argv[2:] or MODELS))
