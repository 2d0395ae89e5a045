"""Everything here needs a package that is not installed: the module has no benchmarks then."""

from .common import Benchmark

try:
    import a_package_that_nobody_has as absent
except ImportError:
    absent = None

if absent is not None:

    class Optional(Benchmark):
        def time_absent(self):
            absent.run()


class Guarded(Benchmark):
    def setup(self):
        if absent is None:
            raise NotImplementedError("a_package_that_nobody_has is not installed")

    def time_guarded(self):
        absent.run()
