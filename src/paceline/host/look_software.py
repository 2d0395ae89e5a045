"""Checks of what is installed: Python, threads, BLAS, the Rust toolchain and the counters."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Mapping

from paceline.host.check import Finding, View, fail, info, ok, unknown, warn
from paceline.host.fingerprint import cores_hint

# Each pool of threads, and the variables that set its size, the first that is set winning.
_POOLS = {
    "OpenMP": ("OMP_NUM_THREADS",),
    "OpenBLAS": ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"),
    "MKL": ("MKL_NUM_THREADS", "OMP_NUM_THREADS"),
    "BLIS": ("BLIS_NUM_THREADS", "OMP_NUM_THREADS"),
    "Numba": ("NUMBA_NUM_THREADS",),
    "numexpr": ("NUMEXPR_NUM_THREADS", "OMP_NUM_THREADS"),
    "Rayon": ("RAYON_NUM_THREADS",),
}
_MACOS_POOLS = {"Accelerate": ("VECLIB_MAXIMUM_THREADS",)}
_PERF = ("perf", "stat", "-x,", "--log-fd", "1", "-e", "instructions:u", "true")


def python(view: View) -> Finding:
    """Tell whether this is a Python that can be measured."""
    found = view.fingerprint
    reason = slow_python()
    if reason:
        return fail(
            f"{found.implementation} {found.python}: {reason}", "unset PYTHONDEVMODE; use a release build"
        )
    threads = "" if sysconfig.get_config_var("Py_GIL_DISABLED") in (None, 0) else ", free-threaded"
    return ok(f"{found.implementation} {found.python}{threads}, NumPy {found.numpy or 'absent'}")


def slow_python() -> str | None:
    """Return why this interpreter runs slower than others of its version; None when it does not."""
    if sysconfig.get_config_var("Py_DEBUG") or hasattr(sys, "gettotalrefcount"):
        return "a debug build"
    if sys.flags.dev_mode:
        return "in development mode"
    if os.environ.get("PYTHONMALLOC", "").endswith("debug"):
        return "with a debugging allocator"
    return None


def threads(view: View) -> Finding:
    """Tell whether all libraries take the same number of threads."""
    cores = cores_hint(view.fingerprint)
    system = view.source.system
    sizes = pool_sizes(view.source.variables, system)
    chosen = {size for size in sizes.values() if size is not None}
    if not chosen:
        return info(
            f"no *_NUM_THREADS is set: each library takes all {cores}", "export " + _exports("1", system)
        )
    seen = ", ".join(f"{name} {size}" for name, size in sizes.items() if size is not None)
    least = min(chosen, key=lambda size: (not size.isdigit(), len(size), size))
    mend = "export " + _exports(least, system)
    if len(chosen) > 1:
        return fail(f"unequal: {seen}", mend)
    unset = [name for name, size in sizes.items() if size is None]
    if unset and chosen != {str(cores)}:
        return warn(f"{seen}; unset, so all {cores}: {', '.join(unset)}", mend)
    return ok(f"{chosen.pop()} for each library")


def pool_sizes(variables: Mapping[str, str], system: str) -> dict[str, str | None]:
    """Return each pool's number of threads as it is set, None when it is not.

    OpenMP takes a list of numbers for nested teams; the first counts.
    """
    sizes: dict[str, str | None] = {}
    pools = {**_POOLS, **(_MACOS_POOLS if system == "Darwin" else {})}
    for pool, names in pools.items():
        values = (variables.get(name, "").split(",")[0].strip() for name in names)
        sizes[pool] = next((value for value in values if value), None)
    return sizes


def _exports(size: str, system: str) -> str:
    names = [f"{pool}_NUM_THREADS" for pool in ("OMP", "OPENBLAS", "MKL", "NUMBA", "RAYON")]
    names += ["VECLIB_MAXIMUM_THREADS"] if system == "Darwin" else []
    return " ".join(f"{name}={size}" for name in names)


def blas(view: View) -> Finding:
    """Record the linear algebra that NumPy was built with."""
    name = view.fingerprint.blas
    return info(name) if name else unknown("NumPy does not name it")


def rust(view: View) -> Finding:
    """Tell whether the Rust implementations can be built, and with what."""
    cargo, rustc = (_version(view.source.run((tool, "--version"))) for tool in ("cargo", "rustc"))
    if not cargo or not rustc:
        missing = " or ".join(tool for tool, found in (("cargo", cargo), ("rustc", rustc)) if not found)
        mend = "install Rust from https://rustup.rs, then: rustup default stable"
        return warn(f"no {missing} that answers: Rust rows will be skipped", mend)
    flags = view.source.variables.get("RUSTFLAGS", "").strip()
    return info(f"rustc {rustc}, cargo {cargo}, RUSTFLAGS {flags or 'not set'}")


def _version(text: str | None) -> str | None:
    found = re.search(r"\b([0-9]+\.[0-9]+\.[0-9]+\S*)", text or "")
    return found[1] if found else None


def counters(view: View) -> Finding:
    """Tell whether instructions can be counted, by the processor or by simulation."""
    perf = view.source.run(_PERF)
    valgrind = _version(view.source.run(("valgrind", "--version")))
    return info(f"perf: {counted(perf)}; valgrind: {valgrind or 'absent'}")


def counted(perf: str | None) -> str:
    """Tell from ``perf stat -x,`` whether instructions were counted."""
    if perf is None:
        return "absent or not permitted"
    lines = [line.split(",") for line in perf.splitlines()]
    counts = any(line[0].strip().isdigit() for line in lines if len(line) > 2)
    return "counts instructions" if counts else "counts no instructions here"
