"""SciPy's own tests of `solve_ivp`, pointed at ours."""

import subprocess
import sys

import pytest

pytest.importorskip("paceline_models._rust")

RUN = """
import sys
import pytest
import scipy.integrate
from paceline_models.ode import rust_pyo3

def pointed(*args, **options):
    pointed.calls += 1
    return rust_pyo3.solve_ivp(*args, **options)

pointed.calls = 0
scipy.integrate.solve_ivp = pointed
from scipy.integrate._ivp.tests import test_ivp
assert test_ivp.solve_ivp is pointed
code = pytest.main([test_ivp.__file__, "-q", "-p", "no:cacheprovider", "-W", "ignore", *sys.argv[1:]])
print("calls", pointed.calls)
sys.exit(code)
"""
NOT_OURS: tuple[str, ...] = ()
"""Tests that need not pass, each with its reason."""


@pytest.mark.slow
def test_scipys_own_tests(tmp_path):
    """SciPy's test file passes, but for what is listed above."""
    ignored = [f"--deselect={name}" for name in NOT_OURS]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *ignored],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert int(done.stdout.rsplit("calls", 1)[1]) > 200
