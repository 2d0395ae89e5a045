"""What is installed beside a commit, in which words to pip: no environment is made here."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from packaging.markers import default_environment
from shapes import lock

from paceline.suite import asv_build, provision
from paceline.suite.needs import Needs, Place
from paceline.suite.provision import Provision
from paceline.suite.settings import Building

PLAIN = Building()


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes a provision; what it asks and says is kept beside it."""
    for name in ("PIP_CONSTRAINT", provision.MATURIN, provision.TARGET):
        monkeypatch.setenv(name, "")  # what is set on the way is taken back at the end
        monkeypatch.delenv(name)

    def make(building: Building = PLAIN, **more: Any) -> tuple[Provision, list[Sequence[str]], list[str]]:
        asked: list[Sequence[str]] = []
        said: list[str] = []
        frozen = more.pop("frozen", None)
        return Provision(asked.append, said.append, building, frozen, tmp_path, **more), asked, said

    return make


def at(top: Path) -> Place:
    return Place(top, top, "tiny-kern", None, {k: str(v) for k, v in default_environment().items()})


def test_a_lock_goes_over_what_is_frozen_and_under_asvs_matrix(made: Any, tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text(lock(six="1.17.0", numpy="2.4.1", mkl="1", asv_runner="0.3.1"))
    frozen = {"six": "1.16.0", "numpy": "2.3", "attrs": "23"}
    one, asked, said = made(Building(without=("MKL",)), frozen=frozen, matrix={"numpy": "2.3", "attrs": ""})
    one.find(at(tmp_path))
    one.install({})
    assert asked == [
        ["-m", "pip", "install", "--quiet", "--no-deps", "--requirement", str(tmp_path / "needs.txt")]
    ]
    assert (tmp_path / "needs.txt").read_text() == "six==1.17.0\n"
    assert said == ["asv's matrix says the versions of numpy, not uv.lock"]
    assert one.constrain() == "numpy==2.3\nattrs==23\n"
    assert os.environ["PIP_CONSTRAINT"] == (tmp_path / "frozen.txt").as_uri()


def test_what_is_at_an_address_is_taken_out_first(made: Any, tmp_path: Path) -> None:
    one, asked, _ = made(Building(requirements=("rich",)))
    one.needs = Needs("x", ("member @ file:///m", "other @ git+https://h/o@1", "six"))
    one.install({"member": "1", "six": "1"})
    assert [words[2:6] for words in asked] == [
        ["uninstall", "--quiet", "--yes", "member"],
        ["install", "--quiet", "--requirement", str(tmp_path / "needs.txt")],
        ["install", "--quiet", "rich"],
    ]


def test_the_same_needs_have_the_same_key(made: Any, tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text(lock(six="1.17.0"))
    keys = []
    for extra in ((), (), ("rich",)):
        one, *_ = made(Building(requirements=extra))
        one.find(at(tmp_path))
        keys.append(one.key())
    assert keys[0] == keys[1] != keys[2]


def test_pins_are_constraints(made: Any, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("six==1.16.0\nrich==14\n")
    (tmp_path / "pyproject.toml").write_text("[project]\ndependencies = ['six']\n")
    one, asked, _ = made(frozen={"six": "1.17.0"})
    one.find(at(tmp_path))
    assert one.constrain() == "six==1.16.0\nrich==14\n"
    one.install({})
    assert (tmp_path / "needs.txt").read_text() == "six\n"
    assert "--no-deps" not in asked[0]


def test_features_are_joined_with_the_commits_own(made: Any, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[build-system]\nrequires = ['maturin']\nbuild-backend = 'maturin'\n"
        "[tool.maturin]\nfeatures = ['pyo3/x']\n"
    )
    one, _, said = made(Building(features=("wide",), variables={provision.MATURIN: "--offline"}))
    one.features(tmp_path)
    assert os.environ[provision.MATURIN] == "--offline --features pyo3/x,wide"
    (tmp_path / "pyproject.toml").unlink()
    one.features(tmp_path)
    assert provision.MATURIN not in os.environ
    assert "built by setuptools" in said[0]


def test_cargo_compiles_outside_the_checkout(
    made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, *_ = made()
    (tmp_path / "pyproject.toml").write_text("[build-system]\nrequires = []\nbuild-backend = '_build'\n")
    one.cargo(tmp_path, "k")
    assert provision.TARGET not in os.environ, "the project's own backend knows better"
    (tmp_path / "pyproject.toml").unlink()
    one.cargo(tmp_path, "k")
    assert os.environ[provision.TARGET] == str(tmp_path / "cargo-k")
    monkeypatch.setenv(provision.TARGET, "/mine")
    one.cargo(tmp_path, "k")
    assert os.environ[provision.TARGET] == "/mine"


def test_a_build_without_isolation_gets_its_tools(made: Any, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[build-system]\nrequires = ['meson-python>=0.15', 'ninja', 'cython']\n"
    )
    one, asked, _ = made()
    one.tools(tmp_path, ["python -m pip wheel ."], {})
    assert not asked
    commands = ["python -m pip install ninja==1", "python -m pip wheel --no-build-isolation ."]
    one.tools(tmp_path, commands, {"cython": "3"})
    assert asked == [["-m", "pip", "install", "--quiet", "meson-python>=0.15"]]


@pytest.mark.parametrize(
    ("commands", "told", "own"),
    [
        (None, [asv_build.INSTALL], False),
        ("pip install {wheel_file}", ["pip install {wheel_file} --no-deps"], False),
        (["pip install {wheel_file} --no-deps", "pip install x"], None, True),
        (["pip install {build_dir}"], None, False),
        ([], None, False),
    ],
)
def test_the_wheel_is_installed_alone(commands: Any, told: Any, own: bool) -> None:
    config = SimpleNamespace(install_command=commands)
    assert asv_build._without_dependencies(config) is own
    assert config.install_command == (commands if told is None else told)


def test_what_only_conda_has_is_left_out_elsewhere() -> None:
    names = {"numpy": ["2"], "pip+six": [], "libblas": [], "c-compiler": []}
    config = SimpleNamespace(environment_type="conda", matrix={"req": dict(names)})
    asv_build._choose(config, {"environment_type": "virtualenv", "without": ["SIX"]})
    assert (config.environment_type, config.matrix) == ("virtualenv", {"req": {"numpy": ["2"]}})
    config = SimpleNamespace(environment_type="conda", matrix={"req": dict(names)})
    asv_build._choose(config, {})
    assert (config.environment_type, config.matrix["req"]) == ("conda", names)
