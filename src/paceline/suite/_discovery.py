"""Runs inside the measured interpreter: tells the benchmarks of a suite as JSON. Nothing of ours is imported.

Usage: python _discovery.py BENCHMARKS. Standard library and asv_runner only; the answer goes to a duplicate
of standard output, because benchmarks may print while they are imported.
"""

import json
import os
import re
import sys
from typing import Any, Dict, List

ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def main(root: str) -> None:
    sys.path.pop(0)  # this script's own folder: its modules must not shadow the suite's
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    from asv_runner._aux import update_sys_path
    from asv_runner.discovery import disc_benchmarks

    update_sys_path(root)
    json.dump([described(benchmark) for benchmark in disc_benchmarks(root)], answer)
    answer.close()


def described(benchmark: Any) -> Dict[str, Any]:
    owner = getattr(benchmark.func, "__self__", None)
    words = {}
    for name in ("package", "reference", "baseline"):
        value = getattr(owner, name, None)
        words[name] = value if isinstance(value, str) else None
    return {
        "name": benchmark.name,
        "kind": benchmark.type,
        "param_names": list(benchmark.param_names),
        "params": [named([str(value) for value in values]) for values in benchmark.params],
        "checkable": callable(getattr(owner, "agreement", None)),
        **words,
    }


def named(texts: List[str]) -> List[str]:
    """Return the texts of values without addresses, which every process has of its own; twins are numbered.

    asv does so where a value is nothing but an object with an address. The worker goes by these names, too.
    """
    plain = [ADDRESS.sub("", text) for text in texts]
    if plain == texts:
        return texts
    numbered = []  # type: List[str]
    for at, text in enumerate(plain):
        alone = plain.count(text) == 1
        numbered.append(text if alone else "{} ({})".format(text, plain[:at].count(text)))
    return numbered


if __name__ == "__main__":
    main(sys.argv[1])
