"""Statements timed in an interpreter of their own: a string, or a string with its setup."""

# ruff: noqa: RUF012

from .common import Benchmark


class Import(Benchmark):
    repeat = 2
    timeout = 30

    def timeraw_import_json(self):
        return "import json"

    def timeraw_repr(self):
        return (
            """
            text = "it's" + ' a "quoted" line {}'
            repr(text * 100)
            """,
            "import json",
        )


class Statement(Benchmark):
    params = [["sum(values)", "max(values)"]]
    repeat = 2

    def timeraw_builtin(self, statement):
        return statement, "values = list(range(1000))"
