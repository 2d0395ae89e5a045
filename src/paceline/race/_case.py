"""A case as a worker has it: found by asv_runner, set up and called as asv does.

The worker loads it from beside itself. Standard library and asv_runner only, in the Python of the oldest
interpreter that is measured (3.7).
"""

import functools
import itertools
import os
import pickle
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

LOOPED_SECONDS = 1e-4  # shorter calls are looped inside one timing
MOST_LOOPED_SECONDS = 1e-2  # of the wall: a clock of the processor's time stands still while a call waits
PROBED_CALLS = 5
PROBED_TWICE = 2
PROBED_LESS = 2  # where a setup takes longer than so many seconds:
DEAR_SETUP = 0.5
COLD_SECONDS = 5e-6  # by as much a call may differ because setup has just used the caches
REHEARSED = (30, 0.02, 0.5)  # calls and seconds, and the seconds that they must not exceed
SHORTEST = 1e-9  # of what a timer can tell: a coarse one says 0, one that was set back says less
CORES_SECONDS = 1e-2
CORES_TIMES = 3  # as often is asked who seems to use other threads
FEW_OTHERS = 0.05  # of the processors' time
SETTLE_SECONDS = 0.5
RESTING = (
    0.2  # of one processor, at most: threads of a library that begin, or wait, by spinning take all of it
)
MOST_LETTERS = 400  # of a reason
CACHES = {}  # type: Dict[str, Any]  # what setup_cache returned, where a worker serves many cases


class Told(Exception):
    """Carries the answer that ends a command early."""


class Case:
    """A benchmark of asv_runner with its parameters, set up and called as asv does."""

    def __init__(self, benchmark: Any, folder: Optional[str], lasting: bool = False) -> None:
        self.benchmark = benchmark
        self.owner = getattr(benchmark.func, "__self__", benchmark.func)
        self.raw = hasattr(benchmark, "_timeraw_env") or type(benchmark).__name__.startswith("Timeraw")
        self.timer = getattr(benchmark, "timer", time.perf_counter)
        self.call = benchmark.func  # type: Callable[[], Any]
        if benchmark.setup_cache_key is not None:
            self._take_cache(folder, lasting)

    @property
    def each(self) -> bool:
        """Whether the benchmark says that a sample is one call; setup may say so, too."""
        return int(getattr(self.benchmark, "number", 0) or 0) == 1 and not self.raw

    def setup(self) -> None:
        """Run every setup, and bind what is timed: the class's own thunk, where it has one."""
        if tuple(self.benchmark._current_params) in [tuple(one) for one in self.benchmark._skip_tuples]:
            raise Told({"status": "skipped", "reason": "skip_params of the suite"})
        params = self.params()
        for setup in self.benchmark._setups:
            setup(*params)
        if hasattr(self.benchmark, "_load_vars"):
            self.benchmark._load_vars()  # setup may change them
        if self.raw:
            self.call = lambda: None
        else:
            self.call = self._bound(params)

    def again(self) -> None:
        """Tear down and set up, as asv does between samples."""
        self.benchmark.do_teardown()
        self.setup()

    def fresh(self) -> float:
        """Time one call right after a setup of its own; in seconds."""
        if self.benchmark._setups:
            self.again()
        return self.time()

    def spoiled(self, twin: Optional["Case"], probed: int = PROBED_CALLS) -> str:
        """Return why a call must not be made again without setup; nothing when it may."""
        times = 1.0
        for _ in range(PROBED_TWICE):  # a noisy moment must not change what is timed
            fresh = min(self.fresh() for _ in range(probed))
            self.again()
            try:
                stale = min([self.stale(twin) for _ in range(probed + 1)][1:])
                self.rehearse()
            except Exception as error:
                return "a later call without setup raises {}".format(said(error))
            finally:
                self.again()
            if not apart(fresh, stale):
                return ""
            times = stale / fresh
        return "calls without setup take {:.2g}x as long".format(times)

    def stale(self, twin: Optional["Case"]) -> float:
        """Time one call without a setup of its own, but right after its twin's, where it has one."""
        if twin is not None:
            twin.again()
        return self.time()

    def time(self, loops: int = 1) -> float:
        """Time ``loops`` calls in a row; in seconds a call."""
        if self.raw:
            number = max(1, int(self.benchmark.number))
            return max(SHORTEST, float(self.benchmark._get_timer(*self.params()).timeit(number))) / number
        call, timer, turns = self.call, self.timer, itertools.repeat(None, loops)
        start = timer()
        for _ in turns:
            call()
        return max(SHORTEST, float(timer() - start)) / loops

    def answer(self) -> Any:
        """Return what the class calls its result, where it has such a method; else what the call returns."""
        result = getattr(self.owner, "result", None)
        return result(*self.params()) if callable(result) else self.call()

    def rehearse(self) -> None:
        """Call as often without setup as warming and a batch will, in case a later call raises."""
        calls, least, most = REHEARSED
        start = time.perf_counter()
        for number in itertools.count():
            spent = time.perf_counter() - start
            if spent >= most or (number >= calls and spent >= least):
                break
            self.call()

    def looped_estimate(self) -> Tuple[float, float]:
        """Return the seconds of a call too short to be timed alone: by its own clock, and on the wall."""
        loops = 1
        while True:
            start = time.perf_counter()
            seconds = self.time(loops)
            spent = time.perf_counter() - start
            if seconds * loops >= LOOPED_SECONDS or spent >= MOST_LOOPED_SECONDS:
                return max(seconds, 1e-10), spent / loops
            loops *= 2

    def cores(self) -> Dict[str, float]:
        """Call for a moment; tell the seconds of the wall, of all threads, and of the one that calls.

        Other threads are believed when they take part time after time: what is left of an import may have
        seemed to rest, because a busy computer did not let it run.
        """
        if self.raw:
            return dict.fromkeys(clocks(), 0.0)  # its calls are processes of their own
        self.fresh()  # pools of threads are started, code is compiled
        found: List[Dict[str, float]] = []
        while len(found) < CORES_TIMES and (not found or others(found[-1]) > FEW_OTHERS):
            settle()
            found.append(self._watched())
        return min(found, key=others)

    def _watched(self) -> Dict[str, float]:
        before, end = clocks(), time.perf_counter() + CORES_SECONDS
        while True:
            self.fresh()
            if time.perf_counter() >= end:
                break
        return {name: value - before[name] for name, value in clocks().items()}

    def params(self) -> Tuple[Any, ...]:
        """Return the arguments of setup and benchmark; setup_cache's value comes first."""
        return tuple(self.benchmark._build_params())

    def described(self) -> Dict[str, Any]:
        """Return what the driver must know of this case."""
        return {
            "each": self.each,
            "setups": bool(self.benchmark._setups),
            "raw": self.raw,
            "version": str(self.benchmark.version),
            "timeout": self.benchmark.timeout,
        }

    def _bound(self, params: Tuple[Any, ...]) -> Callable[[], Any]:
        thunk = getattr(self.owner, "thunk", None)
        if callable(thunk):
            return thunk(*params)  # type: ignore[no-any-return]
        return functools.partial(self.benchmark.func, *params) if params else self.benchmark.func

    def _take_cache(self, folder: Optional[str], lasting: bool) -> None:
        key = self.benchmark.setup_cache_key
        if key in CACHES:
            self.benchmark.set_cache(CACHES[key])
        elif folder is not None and os.path.exists(os.path.join(folder, "cache.pickle")):
            os.chdir(folder)
            with open("cache.pickle", "rb") as file:
                self.benchmark.set_cache(pickle.load(file))
        elif lasting:
            CACHES[key] = self.benchmark.do_setup_cache()
            self.benchmark.set_cache(CACHES[key])
        else:
            raise Told({"status": "cache", "key": key, "timeout": self.benchmark.setup_cache_timeout})


def find(root: str, command: Dict[str, Any], named: Callable[[List[str]], List[str]]) -> Any:
    """Return a benchmark of asv_runner with its parameters set; one that is not here is absent.

    ``named`` makes names of the texts of values, as discovery does.
    """
    from asv_runner.discovery import get_benchmark_from_name

    name, index, params = command["benchmark"], command["index"], command.get("params")
    try:
        benchmark = get_benchmark_from_name(root, name)
    except ValueError as error:
        raise Told({"status": "absent", "reason": str(error).strip().splitlines()[0]})
    if not benchmark._params:
        return benchmark
    texts = list(itertools.product(*[named([str(one) for one in values]) for values in benchmark.params]))
    if params is not None and (index >= len(texts) or texts[index] != tuple(params)):
        if tuple(params) not in texts:
            told = "its parameters have no value {} here".format(", ".join(params))
            raise Told({"status": "absent", "reason": told})
        index = texts.index(tuple(params))
    benchmark.set_param_idx(index)
    return benchmark


def clocks() -> Dict[str, float]:
    """Return the seconds of the wall, of this process's threads together, and of this one thread."""
    return {"wall": time.perf_counter(), "cpu": time.process_time(), "own": time.thread_time()}


def others(told: Dict[str, float]) -> float:
    """Return the share of the processors' time that other threads than the calling one have had."""
    return (told["cpu"] - told["own"]) / told["cpu"] if told["cpu"] > 0 else 0.0


def settle() -> None:
    """Wait until the threads of this process rest, as long as that may take those that wait by spinning."""
    end = time.perf_counter() + SETTLE_SECONDS
    while time.perf_counter() < end:
        before = time.process_time()
        time.sleep(CORES_SECONDS)
        if time.process_time() - before < RESTING * CORES_SECONDS:
            return


def apart(fresh: float, stale: float) -> bool:
    """Tell whether two times of a call are another thing: twice as long, and not by a cold cache alone."""
    return max(fresh, stale) > 2.0 * min(fresh, stale) and abs(fresh - stale) > COLD_SECONDS


def said(error: BaseException) -> str:
    """Return an exception in one line."""
    return brief("{}: {}".format(type(error).__name__, error))


def brief(text: str) -> str:
    """Return a text in one line that is not too long and that any terminal and file can take."""
    line = " ".join(text.split()).encode("utf-8", "backslashreplace").decode()
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 3] + "..."
