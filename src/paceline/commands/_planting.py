"""What ``paceline init`` finds in a repository, and what it would add; nothing found is executed."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from paceline import __version__

CONFIGS = ("asv.conf.json", "asv.conf.jsonc")
FOLDERS = ("", "benchmarks", "asv_bench", "bench", "perf")  # where projects keep them
BUILT_BY = ("pyproject.toml", "setup.py", "setup.cfg")
BUILDS = re.compile(r"^\[(build-system|project)\]", re.MULTILINE)
ASIDE = {
    "benchmarks",
    "tests",
    "test",
    "examples",
    "docs",
    "tools",
    "scripts",
    "node_modules",
    "target",
    "venv",
}
MOST_NAMED = 4
DECLARING = (
    *("pyproject.toml", "setup.cfg", "setup.py", "environment.yml", "environment.yaml"),
    *("requirements.txt", "requirements-dev.txt", "pixi.toml", "meson.build"),
)
# setuptools takes no other new folder for benchmarks only: it would refuse to build "multiple packages"
BENCHMARKS = "benchmarks"
BESIDE = ("_asv_benchmarks", "_paceline_benchmarks", "_benchmarks_of_paceline")
GITLAB = ".gitlab/paceline.yml"
_NAME = re.compile(r"[A-Za-z0-9._-]{1,80}")
_PLAIN = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._/-]{0,150}")  # a path that a workflow may hold as it is
SETUP_CFG = re.compile(r"^\[metadata\][^\[]*?^name\s*=\s*(\S+)\s*$", re.MULTILINE)
SETUP_PY = re.compile(r"""^\s*(?:setuptools\.)?(?:setup\()?\s*name\s*=\s*["']([^"']+)["']""", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """A repository as far as it can be seen without running anything of it."""

    root: Path
    branch: str = "main"
    config: str = ""  # asv's configuration, relative; empty without
    results: str = "results"
    name: str = "project"
    projects: tuple[str, ...] = ()  # folders of what can be built; the root alone where it is one
    numba: bool = False
    folder: str = BENCHMARKS  # of a suite to come: one that is not there yet
    others: tuple[str, ...] = ()  # more configurations of asv
    gitlab: bool = False

    @property
    def foreign(self) -> bool:
        """Whether there is a folder benchmarks/ that is not asv's."""
        return self.folder != BENCHMARKS


@dataclass(frozen=True)
class Plan:
    """Files to write, by path, and what to tell the user."""

    files: Mapping[str, str]
    config: str
    notes: tuple[str, ...] = field(default=())


def look(root: Path, branch: str, listed: Iterable[str] = ()) -> Found:
    """Look at a repository: names and texts of files only; ``listed`` are configurations that git knows."""
    known = [Path(one) for one in listed if _PLAIN.fullmatch(one) and ".." not in one]
    known.sort(key=lambda one: (len(one.parts), one))
    usual = [Path(folder, name) for folder in FOLDERS for name in CONFIGS]
    places = [one for one in dict.fromkeys([*usual, *known]) if (root / one).is_file()]
    config = places[0] if places else None
    folder = next((one for one in (BENCHMARKS, *BESIDE) if not (root / one).exists()), BESIDE[0])
    projects = _projects(root)
    folders = [root, *(root / folder for folder in projects[:1] if folder)]
    declared = "\n".join(_text(folder / name) for folder in folders for name in DECLARING)
    remote = _text(root / ".git" / "config")
    return Found(
        root=root,
        branch=branch,
        config=config.as_posix() if config else "",
        results=_results(root / config)
        if config
        else f"{folder}/results",  # no folder of its own: see BESIDE
        name=_project(root / projects[0] if projects else root)
        or (root.name if _NAME.fullmatch(root.name) else "project"),
        projects=projects,
        numba=bool(re.search(r"\bnumba\b", declared)),
        folder=folder,
        others=tuple(one.as_posix() for one in places[1:]),
        gitlab=(root / ".gitlab-ci.yml").is_file() or "gitlab" in remote,
    )


def plan(found: Found) -> Plan:
    """Return what to add."""
    files: dict[str, str] = {}
    notes: list[str] = []
    config = found.config
    if not config:
        folder, config = found.folder, CONFIGS[0]
        files |= {config: _asv(found, folder)} | _suite(found, folder)
        if found.foreign:
            notes.append(f"{BENCHMARKS}/ is not asv's and was left alone; the suite is in {folder}/")
            notes.append(f"functions fn(xp, n) -> callable become benchmarks in {folder}/adapter.py")
        if len(found.projects) > 1:
            listed = ", ".join(found.projects[:MOST_NAMED])
            notes.append(f'{config} builds {found.projects[0]}, of {listed}: "repo_subdir" names another')
    for other in found.others:
        notes.append(f"there is {other}, too: `paceline init` took {config}; --config names another")
    place = Path(config).parent
    words = {"CONFIG": config, "RESULTS": (place / found.results).as_posix(), "VERSION": __version__}
    words["PLACE"] = "" if place == Path() else f"{place.as_posix()}/"
    files[(place / "paceline.toml").as_posix()] = template("paceline.toml", words)
    if found.gitlab:
        files[GITLAB] = template("gitlab.yml", {**words, "GITLAB": GITLAB})
        notes.append(f'add to .gitlab-ci.yml:  include: [{{ local: "{GITLAB}" }}]')
    else:
        files[".github/workflows/paceline.yml"] = template("workflow.yml", words)
        files[".github/workflows/paceline-comment.yml"] = template("comment.yml", words)
    ignored = _text(found.root / ".gitignore").split()
    missing = [name for name in (".asv/", ".paceline/") if name not in ignored and name[:-1] not in ignored]
    if missing:
        notes.append(f"add to .gitignore:  {' '.join(missing)}")
    return Plan(files, config, tuple(notes))


def template(name: str, words: Mapping[str, str]) -> str:
    """Return a template of ours with its words in place."""
    text = (resources.files("paceline.commands") / "_templates" / f"{name}.txt").read_text(encoding="utf-8")
    for key, value in words.items():
        text = text.replace(f"@@{key}@@", value)
    return text


def agents(config: str, across: bool) -> str:
    """Return the block for ``AGENTS.md``: three commands to a verdict."""
    more = "" if config == CONFIGS[0] else f" --config {config}"
    first = f"paceline race{more}" if across else f"paceline compare --dry-run{more}"
    told = "which implementation is faster, by size" if across else "what would be compared"
    return f"""\
## Is it slower?

- `{first}`: {told}.
- `paceline compare{more}`: the working tree against the merge base; exit 1 means confirmed slower,
  0 nothing worse, 3 not measured. `--bench REGEX` takes some benchmarks only, `--json -` is for programs.
- `paceline show last`: the pairs behind the last verdict. Never judge by single timings.
"""


def _suite(found: Found, folder: str) -> dict[str, str]:
    second = "numba_jit" if found.numba else "pure_python"
    files = {
        f"{folder}/__init__.py": "",
        f"{folder}/model.py": template("model.py", {}),
        f"{folder}/example.py": template("example.py", {}),
        f"{folder}/_smoothing/pure_numpy.py": template("pure_numpy.py", {}),
        f"{folder}/_smoothing/{second}.py": template(f"{second}.py", {}),
    }
    return files | ({f"{folder}/adapter.py": template("adapter.py", {})} if found.foreign else {})


def _asv(found: Found, folder: str) -> str:
    """Return asv's configuration; a project that cannot be built is only checked out."""
    required = {"pip+asv_runner": ["==0.3.2"], "numpy": [""], **({"numba": [""]} if found.numba else {})}
    wheel = "python -m pip wheel --no-deps -w {build_cache_dir} {build_dir}"
    install = "in-dir={env_dir} python -m pip install {wheel_file} --force-reinstall"
    remove = f"return-code=any python -m pip uninstall -y {found.name}"
    subdir = {"repo_subdir": found.projects[0]} if found.projects[:1] not in ((), ("",)) else {}
    document: dict[str, Any] = {
        "version": 1,
        "project": found.name,
        "repo": ".",
        **subdir,
        "branches": [found.branch],
        "environment_type": "virtualenv",
        "benchmark_dir": folder,
        "env_dir": ".asv/env",
        "results_dir": found.results,
        "html_dir": ".asv/html",
        "matrix": {"req": required},
        "build_command": [wheel] if found.projects else [],
        "install_command": [install] if found.projects else [],
        "uninstall_command": [remove] if found.projects else [],
    }
    return json.dumps(document, indent=4) + "\n"


def _projects(root: Path) -> tuple[str, ...]:
    """Return the folders that hold a Python project: the root, or those up to two below it."""
    if any((root / name).is_file() for name in BUILT_BY):
        return ("",)
    below = sorted({path.parent for depth in ("*", "*/*") for path in root.glob(f"{depth}/pyproject.toml")})
    paths = [path.relative_to(root) for path in below if BUILDS.search(_text(path / "pyproject.toml"))]
    return tuple(path.as_posix() for path in paths if not ASIDE.intersection(path.parts) and _plain(path))


def _plain(path: Path) -> bool:
    return all(_NAME.fullmatch(part) and part[0] != "." for part in path.parts)


def _project(root: Path) -> str:
    """Return the project's name as its files declare it; nothing for what is none."""
    try:
        told = tomllib.loads(_text(root / "pyproject.toml"))
    except ValueError:
        told = {}
    tool = told.get("tool")
    tables = (told.get("project"), tool.get("poetry") if isinstance(tool, dict) else None)
    names = [table.get("name") for table in tables if isinstance(table, dict)]
    for file, line in (("setup.cfg", SETUP_CFG), ("setup.py", SETUP_PY)):
        names += line.findall(_text(root / file))[:1]
    return next((name for name in names if isinstance(name, str) and _NAME.fullmatch(name)), "")


def _results(config: Path) -> str:
    """Return asv's folder of results as its configuration has it, by its text; the usual one if unsure."""
    found = re.search(r'^\s*"results_dir"\s*:\s*"([A-Za-z0-9_./-]{1,80})"', _text(config), re.MULTILINE)
    told = found[1] if found else "results"
    return told if ".." not in told and not told.startswith("/") else "results"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")[:200_000] if path.is_file() else ""
    except OSError:
        return ""
