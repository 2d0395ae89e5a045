"""``requirements*.txt`` and conda's ``environment.yml``, as lines for pip."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from paceline.outcome import Exit, PacelineError

TEXTS = (
    *("requirements.lock", "requirements.txt", "requirements/base.txt", "requirements/default.txt"),
    *("requirements/main.txt", "requirements/requirements.txt"),
)
CONDA = ("environment.yml", "environment.yaml")
INDEXES = ("--index-url", "-i", "--extra-index-url", "--find-links", "-f", "--pre", "--no-index")
# what only conda has: compilers, libraries, and what an environment has anyhow
CONDA_ONLY = re.compile(
    r"python|pip|(c|cxx|fortran)-compiler|compilers|(gcc|gxx|gfortran|clang|clangxx)(_.*)?|make|pkg-config"
    r"|(lib)?(openblas|blas|lapack|cblas)(-devel)?|blas-devel|mkl(-devel)?|nomkl|llvm-openmp|libgomp"
)
CONDA_LINE = re.compile(r"(?:[\w.-]+::)?([A-Za-z0-9][\w.-]*)\s*(.*)")


def read(path: Path) -> list[str]:
    """Return the requirements of a file, options that name an index first; PacelineError if it has none."""
    try:
        lines = _conda(path) if path.suffix in (".yml", ".yaml") else list(_plain(path, set()))
    except (OSError, ValueError) as error:
        raise PacelineError(f"cannot read {path.name} of the commit: {error}", Exit.FAILED) from error
    options = [line for line in lines if line.startswith("-")]
    return [*options, *(line for line in lines if not line.startswith("-"))]


def _plain(path: Path, seen: set[Path]) -> Iterator[str]:
    """Yield the lines of pip's format: files in files too, hashes and the project itself left out."""
    if path.resolve() in seen:
        return
    seen.add(path.resolve())
    text = path.read_text(encoding="utf-8", errors="replace").replace("\\\n", " ")
    for raw in text.splitlines():
        line = re.sub(r"(^|\s)#.*", "", raw)
        line = re.sub(r"\s--hash[=\s]\S+", "", line).strip()
        first, _, rest = line.partition(" ") if " " in line else line.partition("=")
        if first in ("-r", "--requirement", "-c", "--constraint"):
            yield from _plain(path.parent / rest.strip(), seen)
        elif first in INDEXES or (line and not line.startswith(("-", "."))):
            yield line


def _conda(path: Path) -> list[str]:
    import yaml

    try:
        told: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"it is no YAML: {str(error).splitlines()[0]}") from error
    found = told.get("dependencies", []) if isinstance(told, dict) else []
    lines: list[str] = []
    for one in found or []:
        if isinstance(one, dict):
            lines += [str(line) for line in one.get("pip") or [] if not str(line).startswith(("-", "."))]
        else:
            lines += filter(None, [_of_conda(str(one))])
    return lines


def _of_conda(text: str) -> str:
    """Return a conda requirement as pip writes it; nothing for what only conda has."""
    found = CONDA_LINE.fullmatch(text.strip())
    if found is None or CONDA_ONLY.fullmatch(found[1].lower()):
        return ""
    name, rest = found[1], found[2].strip()
    exact = re.fullmatch(r"(==?)\s*([\w.*]+?)(=[\w*]+)?", rest)  # version, and perhaps a build
    if exact:
        wild = "" if exact[1] == "==" or exact[3] or exact[2].endswith("*") else ".*"
        line = f"{name}=={exact[2]}{wild}"
    else:
        line = name + rest.replace(" ", "")
    try:
        return str(Requirement(line))
    except InvalidRequirement:
        return name
