"""A worker: runs inside the measured interpreter, and obeys one-line JSON commands over its pipe.

Usage: python worker.py BENCHMARKS. Standard library and asv_runner only, in the Python of the oldest
interpreter that is measured (3.7). Commands come on standard input; answers go to a duplicate of standard
output, because benchmarks may print. Protocol 1::

    {"do": "hello"}                                        -> {"protocol": 1, "python": "3.11.7"}
    {"do": "agree", "benchmark": "m.C.time_x", "index": 3} -> {"status": "agrees", "max_abs": 0.0, ...}

An answer to "agree" has a status: what ``agreement`` told ("agrees", "differs"), "unchecked" where the class
has none, "skipped" where NotImplementedError was raised, "failed" where anything else was. Commands are read
from a duplicate of standard input, for benchmarks may read, too; they find it empty.
"""

import json
import os
import platform
import sys
from typing import Any, Dict

PROTOCOL = 1


def main(root: str) -> None:
    """Answer commands until standard input ends."""
    sys.path.pop(0)  # this script's own folder: its modules must not shadow the suite's
    commands, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    from asv_runner._aux import update_sys_path

    update_sys_path(root)
    for line in commands:
        command = json.loads(line)
        answer = DOES[command["do"]](root, command)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def hello(root: str, command: Dict[str, Any]) -> Dict[str, Any]:
    """Tell the protocol, so that a driver of another version notices."""
    return {"protocol": PROTOCOL, "python": platform.python_version()}


def agree(root: str, command: Dict[str, Any]) -> Dict[str, Any]:
    """Set one case up and ask its class whether it agrees; even ``sys.exit`` costs one case only."""
    from asv_runner.discovery import get_benchmark_from_name

    try:
        benchmark = get_benchmark_from_name(root, "{benchmark}-{index}".format(**command))
    except BaseException as error:
        return failure(error)
    try:
        told = asked(benchmark)
    except BaseException as error:
        told = failure(error)
    try:
        benchmark.do_teardown()
    except BaseException as error:
        if told["status"] in ("agrees", "unchecked"):
            told = failure(error)
    return told


def asked(benchmark: Any) -> Dict[str, Any]:
    """Set a benchmark up as asv does, and return what its class tells about its agreement."""
    if benchmark._current_params in [tuple(skipped) for skipped in benchmark._skip_tuples]:
        return {"status": "skipped", "reason": "skip_params of the suite"}
    key = benchmark.setup_cache_key
    if key is not None:
        if key not in CACHES:
            CACHES[key] = benchmark.do_setup_cache()
        benchmark.set_cache(CACHES[key])
    params = benchmark._build_params()  # the cache, where there is one, comes first
    for setup in benchmark._setups:
        setup(*params)
    agreement = getattr(getattr(benchmark.func, "__self__", None), "agreement", None)
    return plain(agreement(*params)) if agreement else {"status": "unchecked"}


def failure(error: BaseException) -> Dict[str, Any]:
    """Return the answer that an exception makes."""
    if isinstance(error, NotImplementedError):
        return {"status": "skipped", "reason": str(error) or "setup raised NotImplementedError"}
    return {"status": "failed", "reason": "{}: {}".format(type(error).__name__, error)}


def plain(told: Dict[str, Any]) -> Dict[str, Any]:
    """Return what agreement told with numbers that JSON can carry."""
    if not isinstance(told, dict):
        raise TypeError("agreement told {!r}, not a dictionary".format(told))
    return {key: float(told[key]) if key.startswith("max_") else str(told[key]) for key in told}


CACHES: Dict[str, Any] = {}
DOES = {"hello": hello, "agree": agree}


if __name__ == "__main__":
    main(sys.argv[1])
