"""Compiled array operations touch nothing beside their arrays: a page there would end the process."""

import subprocess
import sys
from pathlib import Path

import pytest
from array_workloads import HAS_RUST

pytestmark = pytest.mark.skipif(not HAS_RUST, reason="needs the Rust extension")


def test_nothing_is_touched_beside_an_array():
    words = [sys.executable, str(Path(__file__).with_name("array_fence.py")), "rust"]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) > 5_000
