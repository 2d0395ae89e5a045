"""Implementations that misbehave when their agreement is asked, each in a way of its own."""

import ctypes
import mmap
import os
import resource
import signal
import sys
import time

print("garbage at import")
os.write(1, b'{"status": "agrees"}\n\xff\xfe\n')


class Troubles:
    params = ([
        "first", "differs", "not_here", "raises_in_setup", "raises", "prints", "writes_to_fd_1",
        "reads_stdin", "exits", "exits_0", "aborts", "segfaults", "kills_itself", "real_time_signal", "hangs",
        "closes_pipes", "no_memory", "needs_memory", "tears_down_badly", "odd_status", "tells_nothing",
        "tells_text", "tells_nan", "interrupts_itself", "leaves_children", "last",
    ],)  # fmt: skip
    param_names = ("implementation",)

    def setup(self, implementation):
        if implementation == "not_here":
            raise NotImplementedError("no such compiler here")
        if implementation == "raises_in_setup":
            raise OSError("setup has no file")

    def time_run(self, implementation):
        pass

    def teardown(self, implementation):
        if implementation == "tears_down_badly":
            raise ValueError("teardown is broken")

    def agreement(self, implementation):
        told = getattr(self, implementation, dict)()
        return told or {"status": "agrees", "max_abs": 0.0, "max_rel": 0.0, "reason": ""}

    def differs(self):
        return {
            "status": "differs",
            "max_abs": 2.5,
            "max_rel": 0.5,
            "reason": "result[3] is 7.5, expected 5.0",
        }

    def raises(self):
        raise ZeroDivisionError("of all things")

    def prints(self):
        print("[1, 2]\n" * 3, flush=True)

    def writes_to_fd_1(self):
        os.write(1, b"not an answer\n" * 1000)

    def reads_stdin(self):
        assert sys.stdin.readline() == ""

    def exits(self):
        sys.exit("enough")

    def exits_0(self):
        sys.exit(0)

    def aborts(self):
        os.abort()

    def segfaults(self):
        ctypes.string_at(0)

    def kills_itself(self):
        os.kill(os.getpid(), signal.SIGKILL)

    def real_time_signal(self):
        os.kill(os.getpid(), signal.SIGRTMIN + 3)

    def hangs(self):
        time.sleep(600)

    def closes_pipes(self):
        os.closerange(3, 256)

    def no_memory(self):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, hard))  # and it stays: the next case needs more
        bytearray(1 << 40)

    def needs_memory(self):
        mmap.mmap(-1, 1 << 31).close()

    def odd_status(self):
        return {"status": "splendid"}

    def tells_nothing(self):
        return {"max_abs": 0.0}

    def tells_text(self):
        return "agrees"

    def tells_nan(self):
        return {"status": "differs", "max_abs": float("nan"), "max_rel": float("inf"), "reason": "nan"}

    def interrupts_itself(self):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(10)

    def leaves_children(self):
        if os.fork() == 0:
            time.sleep(600)
            os._exit(0)
        os._exit(7)


class Unchecked:
    params = (["one", "two"], [1, 2])
    param_names = ("implementation", "n")

    def time_run(self, implementation, n):
        pass


class Skipping:
    params = (["one", "two"], [1, 2])
    param_names = ("implementation", "n")
    skip_params = (("two", 2),)

    def time_run(self, implementation, n):
        pass

    def agreement(self, implementation, n):
        return {"status": "agrees", "max_abs": 0.0, "max_rel": 0.0}
