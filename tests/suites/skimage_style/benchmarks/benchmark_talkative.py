"""Benchmarks that use the standard streams as if these were theirs."""

import os
import sys


class Talks:
    def setup(self):
        print("setup prints", file=sys.stderr)

    def time_print(self):
        print("progress: 50 %")
        print("{}")

    def teardown(self):
        print("teardown prints")


class WritesPastPython:
    def time_write(self):
        os.write(1, b"[1, 2, 3]\n")


class Asks:
    def time_ask(self):
        assert sys.stdin.read() == "", "somebody answered"
