"""Where a host is read from: its files, its commands, its variables; all of them may be missing."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

COMMAND_SECONDS = 1.5
_CHUNK = 1 << 16  # some kernels refuse a read of megabytes from /proc/sys
_LONGEST_FILE = 64 * _CHUNK

# What a command wrote to its standard output; None when it is absent, hangs or says nothing.
Runner = Callable[[Sequence[str]], str | None]


def run_command(command: Sequence[str], seconds: float = COMMAND_SECONDS) -> str | None:
    """Return what a command prints, without the white space around it.

    None when it is absent, prints nothing, or takes longer than ``seconds``: it and its children
    are then killed. rustup is told never to download a toolchain because its version was asked.
    """
    variables = {**os.environ, "LC_ALL": "C", "RUSTUP_AUTO_INSTALL": "0"}
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=variables, start_new_session=True,
        )  # fmt: skip
    except OSError:
        return None
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _kill(process)
    return output.decode(errors="replace").strip() or None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the command's whole session: a hung child would keep the pipe open after its parent."""
    if process.poll() is None:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


@dataclass(frozen=True)
class Source:
    """The host as it is seen: files below ``root``, commands through ``run``; tests give their own."""

    root: Path = Path("/")
    run: Runner = run_command
    system: str = field(default_factory=platform.system)  # "Linux", "Darwin"
    arch: str = field(default_factory=platform.machine)
    node: str = field(default_factory=platform.node)
    variables: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def text(self, path: str) -> str | None:
        """Return a file's text without the white space around it; None when it cannot be read."""
        try:
            with (self.root / path.lstrip("/")).open("rb", buffering=0) as file:
                return _content(file).decode(errors="replace").strip()
        except (OSError, ValueError):
            return None

    def integer(self, path: str) -> int | None:
        """Return the whole number that a file holds; None when it holds none."""
        return whole(self.text(path))

    def exists(self, path: str) -> bool:
        """Tell whether there is such a file or folder."""
        try:
            return (self.root / path.lstrip("/")).exists()
        except OSError:
            return False

    def paths(self, pattern: str) -> list[str]:
        """Return the paths that match, as they are given to ``text``, in a fixed order."""
        try:
            found = sorted(self.root.glob(pattern.lstrip("/")))
        except OSError:
            return []
        return ["/" + str(path.relative_to(self.root)) for path in found]


def _content(file: FileIO) -> bytes:
    content = b""
    while len(content) < _LONGEST_FILE and (chunk := file.read(_CHUNK)):
        content += chunk
    return content


def whole(text: str | None) -> int | None:
    """Return a text as a whole number; None when it is none."""
    try:
        return int(text) if text else None
    except ValueError:
        return None
