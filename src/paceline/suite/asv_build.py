"""One commit built and installed by asv's own machinery: ``python -m paceline.suite.asv_build REQUEST``.

A process of its own, in the folder of asv's configuration: asv takes its paths from there, prints, and
starts programs that must be ended with it. The request is JSON (see ``Request``); the answers are lines of
JSON on a duplicate of standard output: ``{"say": ...}`` and at last ``{"built": {...}}`` or
``{"failed": {"message", "lines", "code"}}``. What asv prints goes to standard error.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from asv.config import Config
from asv.console import log
from asv.environment import (
    Environment,
    EnvironmentUnavailable,
    ExistingEnvironment,
    get_environments,
)
from asv.plugin_manager import plugin_manager
from asv.repo import get_repo
from asv.util import TIMEOUT_RETCODE, ProcessError, UserError, iter_subclasses

from paceline.outcome import Exit, PacelineError
from paceline.suite.builder import Builder
from paceline.suite.request import Request, UnbuildableError
from paceline.suite.requirement_files import CONDA_ONLY
from paceline.suite.uv_lock import normal

LAST_LINES = 25
# in place of asv's default, which compiles twice, and fails where a dependency's wheel lies beside ours
BUILD = "python -m pip wheel --no-deps -w {build_cache_dir} {build_dir}"
# in place of asv's default, which installs every dependency anew, at whatever version there is today
INSTALL = "in-dir={env_dir} python -m pip install {wheel_file} --force-reinstall --no-deps"
NOT_HERE = (
    "asv's configuration has environment_type {}, and there is none of it here: install it, or write into"
    ' paceline.toml, under [build]: environment_type = "virtualenv"'
)
CONDAS = ("conda", "mamba", "rattler")
NOT_THERE = re.compile(r"No matching distribution found for ([A-Za-z0-9][A-Za-z0-9._-]*)")
NO_DEPS = "--no-deps"
NOISE = re.compile(  # what pip says around the compiler's own words
    r"^\s*(\[notice\].*|note: This (error|is an issue).*|[×╰].*|│ exit code: .*|\[end of output\]"
    r"|.*: (started|finished with status '\w+'|still running\.\.\.)|hint: See above.*"
    r"|ERROR: Failed building wheel.*|(ERROR: )?Failed to build .*"
    r"|error: [a-z]+(-[a-z]+)+)?$"
)


def prepare(request: Request, tell: Callable[[str], None]) -> Builder:
    """Load asv's configuration for a slot, and take the first environment of its matrix."""
    config = Config.load(request.config)
    building = request.building
    for name in config.plugins:
        plugin_manager.import_plugin(name)
    config.env_dir = request.environments
    config.build_cache_size = max(2, getattr(config, "build_cache_size", 2))
    if not config.environment_type:
        config.environment_type = "virtualenv"
        tell("asv's configuration names no environment_type: taking virtualenv")
    if config.build_command is None:
        config.build_command = [BUILD]
    own_deps = _without_dependencies(config)
    _choose(config, building)
    os.environ.update(building.get("variables", {}))
    _set(config.matrix, request.variables)
    environment = _first_environment(config, tell)
    if isinstance(environment, ExistingEnvironment):
        raise UnbuildableError(
            "asv's configuration has environment_type existing: one interpreter cannot hold two commits; "
            'set it to "virtualenv", or give two interpreters with --base-env and --head-env',
            Exit.USAGE,
        )
    repo = get_repo(config)
    _bring(repo, request)
    return Builder(request, tell, config, environment, repo, own_deps)


def _choose(config: Any, building: Mapping[str, Any]) -> None:
    """Take from paceline.toml what stands in asv's place: the kind of environment, and what is not wanted."""
    before, chosen = config.environment_type, building.get("environment_type") or config.environment_type
    config.environment_type = chosen
    left = {normal(name) for name in building.get("without", ())}
    only_conda = before in CONDAS and chosen not in CONDAS
    for names in (config.matrix, config.matrix.get("req", {})):
        for name in list(names) if isinstance(names, dict) else ():
            plain = normal(name.removeprefix("pip+"))
            if plain in left or (only_conda and CONDA_ONLY.fullmatch(plain)):
                del names[name]


def _without_dependencies(config: Any) -> bool:
    """Let asv install the wheel alone: what it needs is there by then. Tell whether it does so anyway."""
    commands = config.install_command
    if commands is None:
        config.install_command = [INSTALL]
        return False
    commands = [commands] if isinstance(commands, str) else list(commands)
    alone = [NO_DEPS in one for one in commands if "{wheel_file}" in one or "{build_dir}" in one]
    config.install_command = [
        one + " " + NO_DEPS if "{wheel_file}" in one and " install " in one and NO_DEPS not in one else one
        for one in commands
    ]
    return bool(alone) and all(alone)


def _first_environment(config: Any, tell: Callable[[str], None]) -> Environment:
    if not _has(config.environment_type):
        gone = "; asv makes no mamba environments any more" if config.environment_type == "mamba" else ""
        raise UnbuildableError(NOT_HERE.format(config.environment_type) + gone, Exit.USAGE)
    every = get_environments(config, None)
    try:
        first, second = next(every, None), next(every, None)
    except EnvironmentUnavailable as error:
        raise UnbuildableError(f"asv cannot make an environment: {error}", Exit.USAGE) from error
    if first is None:
        pythons = ", ".join(map(str, config.pythons))
        raise UnbuildableError(
            f"asv can make no environment of type {config.environment_type} for Python {pythons}: "
            "install that Python, or change asv's configuration",
            Exit.USAGE,
        )
    if second is not None:
        tell(f"asv's matrix has several environments: taking the first, {first.name}")
    return first


def _has(kind: str) -> bool:
    """Tell whether what makes environments of a kind is there; of other kinds than these asv knows itself."""
    if kind == "rattler":
        return importlib.util.find_spec("rattler") is not None
    if kind == "mamba":  # asv had it once; a plugin may have it still
        return any(one.tool_name == kind for one in iter_subclasses(Environment))
    program = {"conda": os.environ.get("CONDA_EXE", "conda"), "uv": "uv"}.get(kind)
    return program is None or shutil.which(program) is not None


def _bring(repo: Any, request: Request) -> None:
    """Fetch the commit into asv's mirror where it lacks it: a working tree's commit is nowhere else."""
    if _has_commit(repo, request):
        return
    allow = "git -c uploadpack.allowAnySHA1InWant=true upload-pack"
    _git(repo, "fetch", "--no-tags", "--upload-pack", allow, request.source, request.commit)
    if not _has_commit(repo, request):
        repo.pull()
    if not _has_commit(repo, request):
        raise UnbuildableError(
            f'the repository that asv\'s configuration names ("repo") lacks {request.title}: '
            "push it there, or let the configuration name this checkout",
            Exit.USAGE,
        )


def _has_commit(repo: Any, request: Request) -> bool:
    return _git(repo, "cat-file", "-e", f"{request.commit}^{{commit}}")


def _git(repo: Any, *words: str) -> bool:
    return subprocess.run(["git", "-C", repo._path, *words], capture_output=True, check=False).returncode == 0


def last_lines(error: ProcessError) -> list[str]:
    """Return the last lines of a failed command, without what pip says around them."""
    lines = f"{error.stdout}\n{error.stderr}".replace("\r", "\n").split("\n")
    return [line.rstrip() for line in lines if not NOISE.match(line)][-LAST_LINES:]


def missing(error: ProcessError) -> str:
    """Return what to write where pip finds no such package; nothing where something else is wrong."""
    found = NOT_THERE.search(f"{error.stdout}\n{error.stderr}")
    if found is None:
        return ""
    write = f'write into paceline.toml, under [build]: without = ["{found[1]}"]'
    return f"; pip finds no {found[1]} that fits: to do without it, {write}"


def attempt(request: Request, tell: Callable[[str], None]) -> dict[str, Any]:
    """Build, and return the answer; an error that people can mend is an answer too."""
    step = "prepare"
    try:
        builder = prepare(request, tell)
        try:
            built = builder.run()
        finally:
            step = builder.step
    except ProcessError as error:
        told = f"cannot {step} {request.title}: {_ended(error)}{missing(error)}"
        return _failure(told, last_lines(error), Exit.FAILED)
    except UnbuildableError as error:
        return _failure(str(error), [], error.code)
    except PacelineError as error:
        return _failure(str(error), [], error.code)
    except UserError as error:
        return _failure(f"cannot {step} {request.title}: {error}", [], Exit.USAGE)
    environment = builder.environment
    return {
        "built": {
            "python": environment.find_executable("python"),
            "environment": environment.name,
            "variables": environment.env_vars,
            "names": [built.pop("distribution"), builder.config.project],
            "build": built,
        }
    }


def _set(matrix: Any, variables: Mapping[str, str]) -> None:
    """Set the variables that this build has, in asv's matrix, too; those that are empty are taken out."""
    of_builds = matrix.get("env", {}) if isinstance(matrix, dict) else {}
    for name, value in variables.items():
        os.environ.pop(name, None)
        if value:
            os.environ[name] = value
        if name in of_builds:
            of_builds[name] = [value or None]


def _ended(error: ProcessError) -> str:
    """Return which command failed and how, without the paths in it."""
    words = " ".join([Path(error.args[0]).name, *error.args[1:4]])
    how = "ran out of time" if error.retcode == TIMEOUT_RETCODE else f"ended with exit code {error.retcode}"
    return f"`{words} ...` {how}"


def _failure(message: str, lines: list[str], code: Exit) -> dict[str, Any]:
    return {"failed": {"message": message, "lines": lines, "code": int(code)}}


def main(request: str) -> None:
    """Answer one request."""
    answer = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # asv prints
    log.enable(False)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # asv ends what it started on KeyboardInterrupt

    def tell(text: str) -> None:
        answer.write(json.dumps({"say": text}) + "\n")

    try:
        told = attempt(Request(**json.loads(request)), tell)
    except KeyboardInterrupt:
        sys.exit(int(Exit.INTERRUPTED))
    except Exception as error:  # asv's own, or ours: the log has where
        traceback.print_exc()
        told = _failure(f"asv stopped with {type(error).__name__}: {error}", [], Exit.FAILED)
    answer.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
