"""One repository, real builds: C by setuptools and then by Meson, a lock file, and what nobody has declared.

The suite lies in a subfolder, and asv's commands build without isolation. The environments are made once;
`tests/prove_shapes.py` has every shape by itself, with asv's own defaults.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import shapes
from shapes import Shape, lock

pytestmark = pytest.mark.slow
BUILD = "python -m pip wheel --no-deps --no-build-isolation -w {build_cache_dir} {build_dir}"
NEEDS = 'dependencies = ["six"]\n'


@pytest.fixture(scope="module")
def shape(tmp_path_factory: pytest.TempPathFactory) -> Shape:
    one = shapes.made(tmp_path_factory.mktemp("shapes"), "speed", build_command=[BUILD])
    (one.suite / "benchmarks" / "kernels.py").write_text("import attr\n" + shapes.QUESTIONS)
    source = {"core.c": shapes.C_CODE, "src/kern/__init__.py": shapes.INIT, "setup.py": shapes.SETUP}
    one.write({**source, "pyproject.toml": shapes.SETUPTOOLS + NEEDS, "uv.lock": lock(six="1.16.0")})
    one.commit("setuptools")
    one.write({"uv.lock": lock(six="1.17.0")})
    one.commit("lock")
    meson = {"pyproject.toml": shapes.MESON + NEEDS, "meson.build": shapes.MESON_BUILD}
    one.write(meson)
    one.commit("meson", "setup.py")
    return one


def test_what_nobody_declares_is_one_line_and_then_two_backends_race(shape: Shape, tmp_path: Path) -> None:
    refused, _ = shape.compare("setuptools", "meson")
    assert refused.returncode == 3, refused.stdout + refused.stderr
    found = re.search(r"under \[build\]: (requirements = .*)", refused.stderr)
    assert found, refused.stderr
    shape.configure(f"[build]\n{found[1]}\n")

    ended, told = shape.compare("setuptools", "meson")
    assert ended.returncode in (0, 1), ended.stdout + ended.stderr
    assert "building " not in ended.stdout, "the wheels are kept"
    assert told["verdicts"][0]["verdict"] in ("same", "inconclusive", "faster", "slower")
    backends = "build backend setuptools.build_meta -> mesonpy"
    assert told["also_changed"][:2] == ["uv.lock", backends]
    assert "six 1.16.0 -> 1.17.0" in told["also_changed"]
    assert any(one.startswith("meson-python none -> ") for one in told["also_changed"])

    again, told = shape.compare("setuptools", "lock")  # the base stands, and a lock alone is a change
    assert again.returncode == 0, again.stdout + again.stderr
    assert f"already built: {shape.commits['setuptools'][:8]}" in again.stdout
    assert again.stdout.count("building ") == 1
    assert {"uv.lock", "six 1.16.0 -> 1.17.0"} <= {*told["also_changed"]}
    assert told["verdicts"][0]["verdict"] in ("same", "inconclusive")
