"""What a commit asks for: lock files, requirement files, conda's files and metadata, as lines for pip."""

from __future__ import annotations

import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import default_environment
from shapes import lock

from paceline.outcome import PacelineError
from paceline.suite import requirement_files, uv_lock
from paceline.suite.needs import Needs, Place, backend, needs
from paceline.suite.undeclared import absent_here, advice

HERE = {key: str(value) for key, value in default_environment().items()}


def place(top: Path, folder: str = ".", wheel: Path | None = None) -> Place:
    return Place(top, top / folder, "tiny-kern", wheel, HERE)


def write(top: Path, **files: str) -> Path:
    for name, text in files.items():
        path = top / name.replace("__", "/").replace("_toml", ".toml").replace("_txt", ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return top


def wheel(folder: Path, *requires: str) -> Path:
    path = folder / "tiny_kern-0.1-py3-none-any.whl"
    lines = "".join(f"Requires-Dist: {one}\n" for one in requires)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("tiny_kern-0.1.dist-info/METADATA", f"Name: tiny-kern\nVersion: 0.1\n{lines}\ntext")
    return path


LOCK = """
version = 1
[[package]]
name = "tiny-kern"
source = { editable = "." }
dependencies = [
    { name = "a", extra = ["fast"] },
    { name = "forked", version = "2", marker = "python_full_version >= '3'" },
    { name = "elsewhere", marker = "sys_platform == 'win32'" },
    { name = "from-git" }, { name = "member" }, { name = "by-address" }, { name = "torch" },
]
[package.dev-dependencies]
dev = [{ name = "unwanted" }]
[[package]]
name = "a"
version = "1.5"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "b" }, { name = "a" }]
[package.optional-dependencies]
fast = [{ name = "c" }]
slow = [{ name = "unwanted" }]
[[package]]
name = "b"
version = "1"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "c"
version = "1"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "forked"
version = "1"
resolution-markers = ["python_full_version < '3'"]
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "forked"
version = "2"
resolution-markers = ["python_full_version >= '3'"]
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "unwanted"
version = "1"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "elsewhere"
version = "1"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "from-git"
version = "0.1"
source = { git = "https://host/x/y.git?subdirectory=py&rev=main#0123abc" }
[[package]]
name = "member"
version = "0.1"
source = { directory = "libs/member" }
[[package]]
name = "by-address"
version = "0.1"
source = { url = "https://host/by_address-0.1-py3-none-any.whl" }
[[package]]
name = "torch"
version = "2.9+cpu"
source = { registry = "https://host/cpu" }
"""


def test_a_lock_is_followed_from_the_project(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text(LOCK)
    found = needs(place(tmp_path))
    assert (found.source, found.whole) == ("uv.lock", True)
    assert found.options == ("--extra-index-url https://host/cpu",)
    assert found.lines == (
        "a==1.5", "b==1", "by-address @ https://host/by_address-0.1-py3-none-any.whl", "c==1", "forked==2",
        "from-git @ git+https://host/x/y.git@0123abc#subdirectory=py",
        f"member @ {(tmp_path / 'libs/member').as_uri()}", "torch==2.9+cpu",
    )  # fmt: skip
    assert {"a", "from-git", "member", "torch"} <= found.fixed


def test_a_lock_above_the_project_counts_where_it_knows_it(tmp_path: Path) -> None:
    inside = tmp_path / "packages" / "kern"
    inside.mkdir(parents=True)
    text = lock(six="1.17.0")
    (tmp_path / "uv.lock").write_text(text.replace('editable = "."', 'editable = "packages/kern"'))
    assert needs(place(tmp_path, "packages/kern")).lines == ("six==1.17.0",)
    (tmp_path / "uv.lock").write_text(text.replace("tiny-kern", "another"))
    assert needs(place(tmp_path, "packages/kern")) == Needs("")


@pytest.mark.parametrize(
    "text", ["[[package]", "package = 3", LOCK.replace('name = "b"\nversion', "version")]
)
def test_a_lock_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "uv.lock").write_text(text)
    with pytest.raises(PacelineError, match=r"uv\.lock"):
        needs(place(tmp_path))


def test_what_the_metadata_declare_with_uvs_sources(tmp_path: Path) -> None:
    sources = (
        "[tool.uv.sources]\nctrl_freak = { git = 'https://host/c.git', rev = 'main' }\n"
        "member = { path = 'libs/member' }\nnet = [{ url = 'https://host/n.whl' }]\n"
        "work = { workspace = true }\n"
    )
    write(tmp_path, pyproject_toml="[project]\ndependencies = ['never read']\n" + sources)
    declared = (
        "ctrl-freak>=1",
        "member",
        "net",
        "work",
        "numpy>=2; python_version >= '3'",
        "old; extra == 'x'",
    )
    found = needs(place(tmp_path, wheel=wheel(tmp_path, *declared)))
    assert found.lines == (
        "ctrl-freak @ git+https://host/c.git@main", f"member @ {(tmp_path / 'libs/member').as_uri()}",
        "net @ https://host/n.whl", "work", "numpy>=2",
    )  # fmt: skip
    assert (found.source, found.whole) == ("pyproject.toml", False)
    alone = needs(place(tmp_path, wheel=wheel(tmp_path, *declared)), declared=False)
    assert alone.lines == found.lines[:3], "asv's --no-deps leaves what is only declared to its matrix"


def test_requirements_pin_what_is_declared_or_are_what_is_needed(tmp_path: Path) -> None:
    text = (
        "-r more.txt\n--extra-index-url https://host\nsix==1.16.0 \\\n    --hash=sha256:ab  # why\n-e .\n.\n"
    )
    write(tmp_path, requirements_txt=text, more_txt="-r requirements.txt\nnumpy>=2  # any\n")
    found = needs(place(tmp_path))
    assert (found.lines, found.options) == (("numpy>=2", "six==1.16.0"), ("--extra-index-url https://host",))
    write(tmp_path, pyproject_toml="[project]\nname = 'tiny-kern'\ndependencies = ['six']\n")
    found = needs(place(tmp_path))
    assert (found.lines, found.pins) == (("six",), ("six==1.16.0",))
    assert found.source == "pyproject.toml, requirements.txt"
    assert needs(place(tmp_path), "none").lines == ()
    assert needs(place(tmp_path), "more.txt").lines == ("six==1.16.0", "numpy>=2")
    assert "has not" in needs(place(tmp_path), "absent.txt").source


def test_condas_file_as_pip_would_write_it(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text(
        "name: x\nchannels: [conda-forge]\ndependencies:\n"
        "  - python=3.12\n  - numpy=2.1\n  - conda-forge::scipy\n"
        "  - six==1.16.0\n  - attrs=23.1.0=py_0\n  - pandas >=2,<3\n  - c-compiler\n  - gcc_linux-64\n"
        "  - pip\n  - pip:\n    - rich==14\n    - -e .\n"
    )
    assert needs(place(tmp_path)).lines == (
        "numpy==2.1.*", "scipy", "six==1.16.0", "attrs==23.1.0", "pandas<3,>=2", "rich==14",
    )  # fmt: skip
    (tmp_path / "environment.yml").write_text("a: [")
    with pytest.raises(PacelineError, match=r"environment\.yml of the commit: it is no YAML"):
        needs(place(tmp_path))


@given(st.text(max_size=80))
def test_any_text_of_a_lock_is_read_or_refused_in_one_line(text: str) -> None:
    class Fake:
        name, parent = "uv.lock", Path("/")

        def read_text(self, **_: Any) -> str:
            return text

    fake: Any = Fake()
    with suppress(PacelineError):
        assert uv_lock.read(fake, Path("/"), "tiny", HERE) is None


@given(st.text(alphabet="abz=<>!~.*,:-_ 12|[]", max_size=20))
def test_any_conda_line_gives_a_requirement_or_nothing(text: str) -> None:
    line = requirement_files._of_conda(text)
    assert "\n" not in line
    assert not line or line[0].isalnum()


def test_a_path_is_told_by_its_content(tmp_path: Path) -> None:
    told = []
    for name in ("one", "two"):
        top = tmp_path / name
        (top / "libs/member/__pycache__").mkdir(parents=True)
        (top / "libs/member/m.py").write_text("x = 1")
        (top / "libs/member/__pycache__/m.pyc").write_text(name)
        told.append(Needs("", (f"member @ {(top / 'libs/member').as_uri()}",)).told(top))
    assert told[0] == told[1]
    assert str(tmp_path) not in told[0][0]
    (tmp_path / "two/libs/member/m.py").write_text("x = 2")
    assert Needs("", (f"member @ {(top / 'libs/member').as_uri()}",)).told(top) != told[0]


def test_the_backend_of_a_commit(tmp_path: Path) -> None:
    assert backend(tmp_path) == ("setuptools.build_meta:__legacy__", ["setuptools"])
    write(tmp_path, pyproject_toml="[build-system]\nrequires = ['meson-python']\nbuild-backend = 'mesonpy'\n")
    assert backend(tmp_path) == ("mesonpy", ["meson-python"])


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ("ModuleNotFoundError: No module named 'yaml'", '["pyyaml"]'),
        ("x: ModuleNotFoundError: No module named 'some_thing.part'", '["some-thing"]'),
        ("ModuleNotFoundError: No module named 'tiny_kern'", ""),
        ("ImportError: libfoo.so", ""),
    ],
)
def test_a_missing_module_is_what_to_write(told: str, word: str) -> None:
    found = advice(told, "tiny-kern")
    assert (word in found) if word else not found
    assert bool(found) == bool(word)


def test_a_project_that_lacks_its_own_module_is_not_sent_for_anothers() -> None:
    told = "ModuleNotFoundError: No module named 'ivp'"
    assert advice(told, "ivp-rs") == ""
    assert '"ivp"' in advice(told, "solvers")


@pytest.mark.parametrize(("module", "what"), [("ivp", "the project"), ("yaml", "pyyaml")])
def test_what_is_missing_beside_paceline_is_to_be_installed_there(module: str, what: str) -> None:
    told = absent_here(f"ModuleNotFoundError: No module named '{module}'", "ivp-rs")
    assert told.endswith(f"install {what} for {sys.executable}")
    assert absent_here("ImportError: libfoo.so", "ivp-rs") == ""
