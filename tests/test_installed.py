"""What an interpreter has installed, read from folders made by hand; and how two sides differ in it."""

from __future__ import annotations

import json
import platform
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paceline.outcome import Exit, PacelineError
from paceline.suite import conforming
from paceline.suite.conforming import conform
from paceline.suite.installed import Installed, differences, read_installed, refuse_debug
from paceline.suite.repository import Commit
from paceline.suite.slots import Built

ONE = {"name": "tiny", "version": "1", "files": "f1"}


def distribution(site: Path, name: str, files: dict[str, str], *needs: str, url: object = None) -> Path:
    """Write a distribution as pip installs it."""
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    heads = [f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {need}" for need in needs)]
    (info / "METADATA").write_text("\n".join(heads) + "\n\nRequires-Dist: not this, it is the description\n")
    (info / "INSTALLER").write_text(str(site))
    if url is not None:
        (info / "direct_url.json").write_text(json.dumps(url))
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)
    listed = [*files, f"{info.name}/METADATA", f"{info.name}/INSTALLER", f"{info.name}/RECORD"]
    (info / "RECORD").write_text("".join(f'"{path}",sha256=x,1\n' for path in listed))
    return info


def read(site: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> Installed:
    monkeypatch.setenv("ASV_PYTHONPATH", str(site))
    return read_installed(sys.executable, *names)


def test_packages_versions_and_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distribution(tmp_path, "My_Project", {"tiny.py": "1"}, "numpy>=2", "six")
    distribution(tmp_path, "zz.other", {})
    (tmp_path / "zz_half-2.dist-info").mkdir()  # what an interrupted pip leaves
    found = read(tmp_path, monkeypatch, "my.project")
    assert found.packages["zz-other"] == "1.0"
    assert not {"my-project", "zz-half"} & set(found.packages)
    assert found.needs["my-project"] == ["numpy>=2", "six"]
    assert (found.project["name"], found.project["version"]) == ("my-project", "1.0")
    assert found.python == f"{platform.python_implementation()} {platform.python_version()}"


def test_the_first_on_the_path_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distribution(tmp_path, "pytest", {})
    assert read(tmp_path, monkeypatch).packages["pytest"] == "1.0"


def test_pythonpath_is_as_asv_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distribution(tmp_path, "zz.other", {})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "zz-other" not in read_installed(sys.executable).packages


def hash_of(site: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], url: object = None) -> str:
    distribution(site / "lib", "tiny", files, url=url)
    return read(site / "lib", monkeypatch, "tiny").project["files"]


def test_the_hash_is_of_the_files_and_of_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"tiny/__init__.py": "1", "tiny/data.bin": "2", "../bin/tiny": "#!/one/bin/python\nmain()\n"}
    first = hash_of(tmp_path / "one", monkeypatch, files, {"url": "file:///one.whl"})
    elsewhere = {**files, "../bin/tiny": "#!/two/bin/python\nmain()\n", "tiny/x.pyc": "compiled"}
    bill = {"tiny-1.0.dist-info/sboms/tiny.cyclonedx.json": "the time of the build"}
    assert len(first) == 64
    assert hash_of(tmp_path / "two", monkeypatch, elsewhere) == first
    assert hash_of(tmp_path / "three", monkeypatch, {**files, "tiny/__init__.py": "2"}) != first
    assert hash_of(tmp_path / "four", monkeypatch, {**files, "tiny/more.py": ""}) != first
    one, two = ({**files, **{name: text + end for name, text in bill.items()}} for end in "12")
    assert hash_of(tmp_path / "five", monkeypatch, one) == hash_of(tmp_path / "six", monkeypatch, two)


def test_a_file_that_is_missing_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = hash_of(tmp_path, monkeypatch, {"tiny.py": "1", "more.py": "2"})
    (tmp_path / "lib" / "more.py").unlink()
    assert read(tmp_path / "lib", monkeypatch, "tiny").project["files"] != first


def test_an_editable_project_is_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "the source"
    (source / ".git").mkdir(parents=True)
    (source / "tiny.py").write_text("1")
    url = {"url": source.as_uri(), "dir_info": {"editable": True}}
    first = hash_of(tmp_path, monkeypatch, {"tiny.pth": "/where/ever"}, url)
    (source / ".git" / "index").write_text("x")
    assert hash_of(tmp_path, monkeypatch, {"tiny.pth": "/else/where"}, url) == first
    (source / "tiny.py").write_text("2")
    assert hash_of(tmp_path, monkeypatch, {"tiny.pth": "/where/ever"}, url) != first


def test_develop_and_install_of_old_are_read_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    developed = tmp_path / "project"
    (developed / "tiny.egg-info").mkdir(parents=True)
    (developed / "tiny.egg-info" / "PKG-INFO").write_text("Name: tiny\nVersion: 3\n")
    (developed / "tiny.py").write_text("1")
    first = read(developed, monkeypatch, "tiny").project
    assert (first["version"], len(first["files"])) == ("3", 64)
    (developed / "tiny.py").write_text("2")
    assert read(developed, monkeypatch, "tiny").project["files"] != first["files"]
    unknown = tmp_path / "site-packages"  # nothing tells which files are its own
    (unknown / "tiny.egg-info").mkdir(parents=True)
    (unknown / "tiny.egg-info" / "PKG-INFO").write_text("Name: tiny\nVersion: 3\n")
    assert read(unknown, monkeypatch, "tiny").project["files"] == ""


def test_an_interpreter_that_cannot_answer_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PacelineError, match="cannot tell what it has installed"):
        read_installed(str(tmp_path / "none"))
    bad = tmp_path / "python"
    bad.write_text("#!/bin/sh\necho broken >&2; exit 3\n")
    bad.chmod(0o755)
    with pytest.raises(PacelineError, match="broken") as caught:
        read_installed(str(bad))
    assert caught.value.code == Exit.FAILED


def side(**changes: Any) -> Built:
    commit = Commit("1" * 40, "2" * 40, "subject", "1" * 8, "2026-01-01T00:00:00+00:00")
    build = {"python": "CPython 3.11.7", "recipe": {"flags": {}}, "flags": {}, "compilers": {"rustc": "1.95"}}
    packages = {"numpy": "2.4.1", "six": "1.17.0", "asv-runner": "0.3.2"}
    made = Built("base", "/python", commit, "env", {}, packages, ONE, build, {"tiny": ("numpy", "six")})
    more = changes.pop("build", {})
    return replace(made, build={**build, **more}, **changes)


def with_packages(**versions: str) -> dict[str, str]:
    return {**side().packages, **{name.replace("_", "-"): version for name, version in versions.items()}}


def test_equal_sides_are_identical() -> None:
    found = differences(side(), side(slot="head", python="/other"))
    assert (found.also_changed, found.refused, found.identical) == ((), (), True)


def test_other_files_are_what_is_measured() -> None:
    found = differences(side(), side(project={**ONE, "files": "f2"}))
    assert (found.also_changed, found.refused, found.identical) == ((), (), False)


@pytest.mark.parametrize("project", [{}, {**ONE, "files": ""}])
def test_what_is_not_known_is_not_identical(project: dict[str, str]) -> None:
    assert not differences(side(project=project), side(project=project)).identical


def test_a_package_that_the_commit_requires_differently_is_named() -> None:
    head = side(packages=with_packages(numpy="2.4.2"), needs={"tiny": ("numpy>=2.4.2", "six")})
    found = differences(side(), head)
    assert (found.also_changed, found.refused) == (("numpy 2.4.1 -> 2.4.2",), ())
    assert not found.identical


def test_what_a_new_requirement_brings_with_it_is_named() -> None:
    head = side(
        packages=with_packages(pandas="3.0", tzdata="2026", numpy="2.4.2"),
        needs={
            "tiny": ("numpy", "six", "Pandas >=3"),
            "pandas": ("tzdata; python_version>'3'", "numpy>=2.4.2"),
        },
    )
    found = differences(side(), head)
    assert found.also_changed == ("numpy 2.4.1 -> 2.4.2", "pandas none -> 3.0", "tzdata none -> 2026")
    assert found.refused == ()


def test_a_package_freed_from_the_frozen_versions_is_named() -> None:
    head = side(packages=with_packages(six="1.16.0"), build={"relaxed": ["six"]})
    assert differences(side(), head).also_changed == ("six 1.17.0 -> 1.16.0",)


@pytest.mark.parametrize("name", ["asv_runner", "numpy", "maturin"])
def test_a_package_that_no_commit_asks_for_is_refused(name: str) -> None:
    found = differences(side(), side(packages=with_packages(**{name: "9"}), project={**ONE, "files": "f2"}))
    assert found.also_changed == ()
    (refused,) = found.refused
    assert name.replace("_", "-") in refused
    assert "delete .paceline/env" in refused


def test_another_python_is_refused() -> None:
    found = differences(side(), side(build={"python": "CPython 3.12.1"}))
    assert "CPython 3.11.7 -> CPython 3.12.1" in found.refused[0]
    assert not found.identical


def test_a_compiler_that_the_commit_chose_is_named_and_one_that_changed_meanwhile_refused() -> None:
    chosen = differences(side(), side(build={"compilers": {"rustc": "1.96"}}))
    assert (chosen.also_changed, chosen.refused) == (("rustc 1.95 -> 1.96",), ())
    meanwhile = {"compilers": {"rustc": "1.96"}, "recipe": {"flags": {}, "compilers": {"rustc": "1.96"}}}
    changed = differences(side(), side(build=meanwhile))
    assert changed.also_changed == ()
    assert "rustc 1.95 -> 1.96" in changed.refused[0]


def test_other_flags_are_refused() -> None:
    flags = {"RUSTFLAGS": "-C target-cpu=native"}
    found = differences(side(), side(build={"flags": flags, "recipe": {"flags": flags}}))
    assert "RUSTFLAGS none -> -C target-cpu=native" in found.refused[0]
    assert not found.identical


def test_files_that_say_how_to_build_are_named() -> None:
    base = side(build={"settings": {"Cargo.lock": "a", "rust-toolchain": "b", "same": "c"}})
    head = side(build={"settings": {"Cargo.lock": "b", ".cargo/config.toml": "c", "same": "c"}})
    assert differences(base, head).also_changed == (
        ".cargo/config.toml (new)",
        "Cargo.lock",
        "rust-toolchain (removed)",
    )


def test_other_variables_are_refused() -> None:
    assert differences(side(), side(variables={"THREADS": "2"})).refused


def test_what_came_from_a_repository_or_a_folder_is_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for name, commit in (("one", "1" * 40), ("two", "2" * 40)):
        site = tmp_path / name
        distribution(site, "cloned", {}, url={"url": "https://h", "vcs_info": {"commit_id": commit}})
        distribution(site, "member", {"member.py": name}, url={"url": "file:///m", "dir_info": {}})
        told.append(read(site, monkeypatch, "tiny").packages)
    assert [one["cloned"] for one in told] == ["1.0 11111111", "1.0 22222222"]
    assert told[0]["member"] != told[1]["member"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"\0unsafe precondition(s) violated: slice\0", "is a debug build of Rust"),
        (b"\0GNU C17 12.2.0 -march=x86-64 -g -O3 -O0\0", "without optimisation"),
        (b"\0GNU C++17 12.2.0 -g\0", "without optimisation"),
        (b"\0GNU C17 12.2.0 -g -O0\0GNU C17 12.2.0 -O2 -g\0", ""),
        (b"attempt to add with overflow", ""),
        (b"", ""),
    ],
)
def test_extensions_built_for_debugging_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: bytes, why: str
) -> None:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "_core.abi3.so").write_bytes(text)
    distribution(tmp_path, "tiny", {})
    record = tmp_path / "tiny-1.0.dist-info" / "RECORD"
    record.write_text(record.read_text() + "tiny/_core.abi3.so,,\n")
    project = read(tmp_path, monkeypatch, "tiny").project
    if not why:
        assert "debug" not in project
        refuse_debug([side(project=project)])
        return
    assert why in project["debug"]
    with pytest.raises(
        PacelineError, match=r"^base: tiny/_core\.abi3\.so .*not timed: build it with"
    ) as caught:
        refuse_debug([side(), side(project=project)])
    assert caught.value.code == Exit.FAILED


def test_what_a_lock_or_a_backend_changes_is_named() -> None:
    before = {"needs": {"told": ["six==1.16.0"]}, "backend": ["setuptools.build_meta", ["setuptools"]]}
    after = {"needs": {"told": ["six==1.17.0"]}, "backend": ["mesonpy", ["meson-python>=0.15"]]}
    head = side(packages=with_packages(six="1.18.0", meson_python="0.22"), build=after)
    found = differences(side(build=before), head)
    assert found.refused == ()
    assert found.also_changed == (
        "build backend setuptools.build_meta -> mesonpy", "meson-python none -> 0.22", "six 1.17.0 -> 1.18.0",
    )  # fmt: skip
    assert differences(side(build=before), side(packages=head.packages, build=before)).refused


def test_what_an_earlier_commit_left_in_head_is_put_as_base_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(conforming, "_pip", lambda *words: asked.append(words))
    base = side(packages=with_packages(attrs="23.1", member="0.1 1a2b"))
    monkeypatch.setattr(
        conforming, "read_installed", lambda *_: Installed("", base.packages, {}, base.project)
    )
    left = {name: one for name, one in base.packages.items() if name not in ("attrs", "member")}
    head = side(slot="head", packages={**left, "six": "1.16.0", "meson": "1.9", "conda:mkl": "1 h"})
    found = conform(base, head)
    assert asked == [
        ("/python", "uninstall", "--yes", "meson"),
        ("/python", "install", "--no-deps", "attrs==23.1", "six==1.17.0"),
    ]
    assert found.packages == base.packages
    asked.clear()
    wanting = side(slot="head", needs={"tiny": ("numpy", "six", "rich")}, packages=with_packages(rich="14"))
    assert conform(side(), wanting) is wanting
    assert not asked
