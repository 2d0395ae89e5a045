"""A suite whose modules are called as some of paceline's are: each must get its own."""

import contextlib
import importlib
import sys

from . import check, json5, outcome, process, schedule, worker

OURS = (schedule, json5, process, check, worker, outcome)


class Shadows:
    params = (["module", "path"],)
    param_names = ("implementation",)

    def time_run(self, implementation):
        pass

    def agreement(self, implementation):
        return {"status": "differs" if getattr(self, implementation)() else "agrees",
                "reason": str(getattr(self, implementation)())}  # fmt: skip

    def module(self):
        return [one.__name__ for one in OURS if one.WHOSE != "the suite"]

    def path(self):
        found = []
        for name in ("process", "check", "worker", "discover", "questions", "asv_run"):
            with contextlib.suppress(ModuleNotFoundError):
                found.append(importlib.import_module(name).__file__)
        return found + [
            entry for entry in sys.path if entry.rstrip("/").endswith(("paceline/race", "paceline/suite"))
        ]
