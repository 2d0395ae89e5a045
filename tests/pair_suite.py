"""A suite of everything that a pair has to bear: what `test_pair.py` measures."""

SUITE = '''
import os
import random
import sys
import time
from pathlib import Path

NOTES = Path(os.environ["NOTES"])

def note(word):
    with (NOTES / os.environ["SIDE"]).open("a") as file:
        print(word, file=file)

def time_tiny():
    pass

def time_slow():
    time.sleep(0.06)

class Sorts:
    def setup(self):
        self.values = random.Random(1).sample(range(20000), 20000)
    def time_sort(self):
        self.values.sort()

class Drains:
    def setup(self):
        self.left = {"only": 1}
    def time_pop(self):
        del self.left["only"]

class Pops:
    """Has enough for a few calls, not for a batch."""
    def setup(self):
        self.left = list(range(60))
    def time_pop(self):
        self.left.pop()

class Once:
    number = 1
    def setup(self):
        self.fresh = True
    def time_once(self):
        assert self.fresh, "called twice after one setup"
        self.fresh = False

class OnceSaysSetup:
    def setup(self):
        self.number, self.calls = 1, 0
    def time_once(self):
        self.calls += 1
        assert self.calls == 1

class SlowOnce:
    """Slow calls are not probed: each has a setup of its own."""
    def setup(self):
        self.fresh = True
    def time_once(self):
        assert self.fresh, "called twice after one setup"
        self.fresh = False
        time.sleep(0.06)

class Waits:
    """Its clock stands still while it waits: it cannot be looped until the clock has moved."""
    timer = time.process_time
    def time_wait(self):
        time.sleep(0.06)

class Noted:
    def setup(self):
        note("setup")
    def teardown(self):
        note("teardown")
    def time_noted(self):
        time.sleep(0.002)

class Cached:
    params = [1, 2]
    def setup_cache(self):
        note("cache")
        Path("data.txt").write_text("kept")
        return {"value": 7}
    def setup(self, cache, n):
        assert Path("data.txt").read_text() == "kept"
    def time_cached(self, cache, n):
        return cache["value"] * n
    def time_other(self, cache, n):
        return -cache["value"] * n

class Sized:
    """Cannot be torn down where it was not set up."""
    params = [1, 2, 3, 4]
    skip_params = [(2,)]
    def setup(self, n):
        if n == 3:
            raise NotImplementedError("three is not here")
        self.data = [n]
    def teardown(self, n):
        del self.data
    def time_sized(self, n):
        return self.data[0]

class Thunked:
    def thunk(self):
        return lambda: 42
    def time_thunk(self):
        raise AssertionError("the wrapper was timed")

class Files:
    """Each worker writes the same name, and removes it."""
    def setup(self):
        with open("scratch.txt", "x") as file:
            file.write("mine")
    def teardown(self):
        os.remove("scratch.txt")
    def time_read(self):
        with open("scratch.txt") as file:
            assert file.read() == "mine"

class Stopped:
    """Its clock does not move."""
    number = 1
    timer = staticmethod(lambda: 3.0)
    def time_stopped(self):
        pass

class Still:
    """Its clock does not move either, and its calls may be looped."""
    timer = staticmethod(lambda: 3.0)
    def time_still(self):
        pass

class Backwards:
    timer = staticmethod(lambda: -time.perf_counter())
    def time_backwards(self):
        time.sleep(0.001)

class Cold:
    def setup(self):
        self.kept = bytes(400_000)
        self.fill = b"x" * 64_000_000
    def time_cold(self):
        self.kept.count(1)

class Talks:
    def setup(self):
        print("setup")
    def time_talk(self):
        print('{"status": "ready"}')
        os.write(1, b"garbage \\xff\\n")
        assert sys.stdin.read() == ""

def timeraw_statement():
    return "sum(range(10))"

def time_place():
    names = ("OMP_NUM_THREADS", "RAYON_NUM_THREADS", "PYTHONHASHSEED")
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return [here, *(int(os.environ[name]) for name in names), "PYTHONPATH" in os.environ]

class Answers:
    params = ["same", "close", "other", "object", "none"]
    def time_answer(self, kind):
        head = os.environ["SIDE"] == "head"
        if kind == "same":
            return {"a": [1, 2.5], "b": "text"}
        if kind == "close":
            return 1.0 + head * 1e-9
        if kind == "other":
            return "text" * (1 + head)
        return object() if kind == "object" else None

class Results:
    def setup(self):
        self.head = os.environ["SIDE"] == "head"
    def time_result(self):
        pass
    def result(self):
        return 1.0 + self.head * 1e-9

class Swapped:
    params = [["a", "b"]] if os.environ["SIDE"] == "base" else [["b", "new", "a"]]
    def time_swapped(self, letter):
        return letter

if os.environ["SIDE"] == "base":
    def time_gone():
        pass
'''
