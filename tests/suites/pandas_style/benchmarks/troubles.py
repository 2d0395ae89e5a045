"""Benchmarks that go wrong; their neighbours must not suffer."""

# ruff: noqa: RUF012, SIM105

import sys

try:
    from a_package_that_nobody_has import run
except ImportError:
    pass  # as many suites do: the name is missed only when it is called


class Raises:
    params = [[1, 2, 0]]
    param_names = ["divisor"]

    def time_divide(self, divisor):
        return 1 // divisor


class RaisesInSetup:
    def setup(self):
        raise FileNotFoundError("no such data: prices.csv")

    def time_never(self):
        pass


class Exits:
    params = [["politely", "with words", "never"]]
    param_names = ["how"]

    def time_exit(self, how):
        if how == "politely":
            sys.exit(0)
        if how == "with words":
            sys.exit("enough")


class NotImported:
    def time_name_error(self):
        run()


def time_neighbour():
    return sum(range(200))
