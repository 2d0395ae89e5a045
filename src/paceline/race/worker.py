"""A worker: runs inside the measured interpreter, and obeys one-line JSON commands over its pipe.

Usage: python worker.py BENCHMARKS. Standard library and asv_runner only, in the Python of the oldest
interpreter that is measured (3.7). Commands come on standard input; answers go to a duplicate of standard
output, because benchmarks may print. Commands are read from a duplicate of standard input, for benchmarks
may read, too; they find it empty. Protocol 2; one case is loaded at a time::

    {"do": "hello"}                         -> {"protocol": 2, "python": "3.11.7"}
    {"do": "cache", CASE, "folder": F}      -> {"status": "ready"}: setup_cache has run, its value lies in F
    {"do": "load", CASE, "folder": F}       -> {"status": "ready", "each": false, "setups": true,
                                                "raw": false, "version": "...", "timeout": null,
                                                "setup": 0.01}
    {"do": "probe"}                         -> {"status": "ready", "each": true, "reason": "..."}
    {"do": "warm", "calls": 20, "seconds": 0.3, "each": false}
                                            -> {"status": "ready", "seconds": 1e-6, "wall": 1e-6, "calls": 3}
    {"do": "batch", "calls": 6, "loops": 9, "drop": 1, "each": false}
                                            -> {"status": "ready", "best": 1e-6, "wall": ..., "cpu": ...}
    {"do": "answer"}                        -> {"status": "ready", "sha": "...", "shape": "a(3,)",
                                                "numbers": "base64"}
    {"do": "cores"}                         -> {"status": "ready", "wall": 0.01, "cpu": 0.02, "own": 0.01}
    {"do": "peak"}, {"do": "track"}         -> {"status": "ready", "value": 1.0}
    {"do": "unload"}                        -> {"status": "ready"}
    {"do": "agree", CASE, "folder": F}      -> {"status": "agrees", "max_abs": 0.0, ...}

CASE is ``"benchmark": "m.C.time_x", "index": 3, "params": ["'a'", "10"]``; params (asv's texts of the
values) may be left out, and are believed more than the index where both are there. Any answer may have the
status "skipped" (NotImplementedError, skip_params), "failed" (anything else was raised), "absent" (no such
case here) or "cache" (setup_cache has to run first), with a reason.
"""

import gc
import importlib.util
import json
import os
import pickle
import platform
import random
import resource
import sys
import time
from typing import Any, Dict, List, Optional

PROTOCOL = 2
ALONE_SECONDS = 5e-2  # calls this long are one a batch, after a setup
BLOCK_BYTES = (520, 20000)  # above what Python's own allocator serves, below what gets pages of its own
MOST_BLOCKS = 100


def beside(name: str) -> Any:
    """Return a module by its place beside this file, whatever the path for imports is."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".py")
    spec = importlib.util.spec_from_file_location("paceline" + os.path.basename(name), path)
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


CASE = beside("_case")
DISCOVERY = beside(os.path.join(os.pardir, "suite", "_discovery"))


def main(root: str) -> None:
    """Answer commands until standard input ends."""
    sys.path.pop(0)  # this script's own folder: its modules must not shadow the suite's
    commands, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    # asv_runner imports pympler for mem_ benchmarks, which are not raced, and pympler imports NumPy: most of
    # a worker's start, and nothing that a suite without NumPy should have in its process
    blocked = sys.modules.setdefault("pympler", None)  # type: ignore[arg-type]
    from asv_runner._aux import update_sys_path

    if blocked is None:
        del sys.modules["pympler"]
    update_sys_path(root)
    worker = Worker(root)
    for line in commands:
        answers.write(json.dumps(worker.obey(json.loads(line))) + "\n")
        answers.flush()


class Worker:
    """The commands, and the case that is loaded."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.case = None  # type: Optional[Any]
        self.command = {}  # type: Dict[str, Any]  # that the case was loaded by
        self.ballast = []  # type: List[bytearray]

    def obey(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Do one command; whatever is raised, even ``sys.exit``, is an answer."""
        try:
            told = {"status": "ready"}  # type: Dict[str, Any]
            told.update(getattr(self, command["do"])(command))
        except CASE.Told as answer:
            told = answer.args[0]
        except BaseException as error:
            told = failure(error)
        return told

    def hello(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Tell the protocol, so that a driver of another version notices."""
        return {"protocol": PROTOCOL, "python": platform.python_version()}

    def cache(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Run setup_cache in its folder, as asv does, and keep its value there."""
        os.chdir(command["folder"])
        value = self._find(command).do_setup_cache()
        with open(
            os.path.join(command["folder"], "cache.pickle"), "wb"
        ) as file:  # it may have gone elsewhere
            pickle.dump(value, file)
        return {}

    def _find(self, command: Dict[str, Any]) -> Any:
        """Return a command's benchmark, found by the names that discovery gives to values."""
        return CASE.find(self.root, command, DISCOVERY.named)

    def load(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Find a case and set it up; the one before is torn down."""
        self.unload(command)
        case = CASE.Case(self._find(command), command.get("folder"))
        start = time.perf_counter()
        case.setup()
        self.command = command
        self.case = case  # only now: what was not set up must not be torn down
        return dict(case.described(), setup=time.perf_counter() - start)

    def probe(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Tell whether calls without setup in between are another thing than calls with it."""
        case = self.loaded()
        if case.each or not case.benchmark._setups:
            return {"each": case.each, "reason": ""}
        start = time.perf_counter()
        alone = case.fresh()
        dear = time.perf_counter() - start - alone > CASE.DEAR_SETUP
        if alone > ALONE_SECONDS:
            case.again()
            return {"each": False, "reason": ""}  # each of its calls has a setup of its own anyway
        twin = self.twin()
        try:
            reason = case.spoiled(twin, CASE.PROBED_LESS if dear else CASE.PROBED_CALLS)
        finally:
            if twin is not None:
                twin.benchmark.do_teardown()
        return {"each": bool(reason), "reason": reason}

    def warm(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Call until warm; tell how long a call takes, and how long with all that belongs to it."""
        case, each = self.loaded(), command["each"]
        walls = []  # type: List[float]
        best, end = float("inf"), time.perf_counter() + command["seconds"]
        while True:
            start = time.perf_counter()
            alone = each or (walls and best > ALONE_SECONDS)
            best = min(best, case.fresh() if alone else case.time())
            now = time.perf_counter()
            walls.append(now - start)
            if len(walls) >= command["calls"] or now >= end:
                break
        calls = len(walls)
        if not (each or case.raw) and best < CASE.LOOPED_SECONDS:
            best, wall = case.looped_estimate()
            walls.append(wall)
        gc.collect()
        if hasattr(gc, "freeze"):
            gc.freeze()
        return {"seconds": best, "wall": min(walls), "first": walls[0], "calls": calls}

    def batch(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Time a few calls in a row; tell the best, and what they cost."""
        case, each, loops = self.loaded(), command["each"], command["loops"]
        wall = time.perf_counter()
        self.ballast = []
        self.ballast = ballast()
        if command.get("again", True) and not each and case.benchmark._setups:
            case.again()
        before = resource.getrusage(resource.RUSAGE_SELF)
        gc.disable()
        try:
            times = [case.fresh() if each else case.time(loops) for _ in range(command["calls"])]
        finally:
            gc.enable()
        after = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "best": min(times[command["drop"] :]),
            "wall": time.perf_counter() - wall,
            "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            "faults": after.ru_minflt - before.ru_minflt,
            "switches": after.ru_nivcsw - before.ru_nivcsw,
        }

    def answer(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Call once and tell the answer, as far as it is made of numbers and text."""
        case = self.loaded()
        value = case.answer()
        told = beside("_encoding").encoded(value)  # before the next setup, which may change it
        case.again()
        return dict(told)

    def cores(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Call for a moment; tell the seconds of the wall, of all threads, and of the one that calls."""
        return dict(self.loaded().cores())

    def peak(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Call once and tell the most memory that this process has had, in bytes."""
        case = self.loaded()
        case.benchmark.func(*case.params())
        return {"value": float(most_memory())}

    def track(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Call once and tell the number that the benchmark tracks."""
        case = self.loaded()
        value = case.benchmark.func(*case.params())
        words = {name: getattr(case.owner, name, None) for name in ("better", "repeatable")}
        return {"value": float(value), **words}

    def unload(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Tear the loaded case down."""
        case, self.case = self.case, None
        if case is not None:
            if hasattr(gc, "unfreeze"):
                gc.unfreeze()
            case.benchmark.do_teardown()
        return {}

    def agree(self, command: Dict[str, Any]) -> Dict[str, Any]:
        """Set one case up and ask its class whether it agrees; a case without the method is unchecked."""
        self.case = None
        case = CASE.Case(self._find(command), command.get("folder"), lasting=True)
        try:
            case.setup()
            agreement = getattr(case.owner, "agreement", None)
            told = plain(agreement(*case.params())) if agreement else {"status": "unchecked"}
        except CASE.Told as answer:
            told = answer.args[0]
        except BaseException as error:
            told = failure(error)
        try:
            case.benchmark.do_teardown()
        except BaseException as error:
            if told["status"] in ("agrees", "unchecked"):
                told = failure(error)
        told.setdefault("status", "None")  # the driver finds out that it is none
        return told

    def twin(self) -> Optional[Any]:
        """Return the loaded case once more, of another instance; None where there can be no other.

        Its setup cools the caches as the case's own would, and leaves the case's data as they are.
        """
        case = self.loaded()
        if not hasattr(case.benchmark.func, "__self__"):
            return None  # a function's setup works on the module, which there is one of
        try:
            twin = CASE.Case(self._find(self.command), self.command.get("folder"))
            twin.setup()
        except Exception:  # two at once is too much for this setup: do without
            return None
        return twin

    def loaded(self) -> Any:
        """Return the case that is loaded."""
        if self.case is None:
            raise RuntimeError("no case is loaded")
        return self.case


def ballast() -> List[bytearray]:
    """Return blocks of random sizes with holes between them, to be held for a batch.

    They move what the benchmark allocates. Otherwise one process keeps the good or bad luck of its addresses
    for all of its batches, and that luck is most of what is left of the noise between pairs.
    """
    blocks = [bytearray(random.randrange(*BLOCK_BYTES)) for _ in range(random.randrange(MOST_BLOCKS))]
    return [block for block in blocks if random.random() < 0.5]


def most_memory() -> int:
    """Return the most memory that this process has had, in bytes.

    The kernel's peak of this process's own memory: getrusage would count what the driver had when it started
    this process.
    """
    try:
        with open("/proc/self/status") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def failure(error: BaseException) -> Dict[str, Any]:
    """Return the answer that an exception makes."""
    if isinstance(error, NotImplementedError):
        return {"status": "skipped", "reason": CASE.brief(str(error)) or "setup raised NotImplementedError"}
    return {"status": "failed", "reason": CASE.said(error)}


def plain(told: Dict[str, Any]) -> Dict[str, Any]:
    """Return what agreement told with numbers that JSON can carry."""
    if not isinstance(told, dict):
        raise TypeError("agreement told {!r}, not a dictionary".format(told))
    return {key: float(told[key]) if key.startswith("max_") else str(told[key]) for key in told}


if __name__ == "__main__":
    main(sys.argv[1])
