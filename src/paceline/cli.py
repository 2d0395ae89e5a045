"""The table of contents: every command of paceline, and how a process of it ends."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType, ModuleType

from paceline import __version__
from paceline.outcome import Exit, PacelineError, complain, discard, what_the_system_refuses

COMMANDS = {
    "doctor": "is this host fit to measure? each check: what was seen, why it matters, how to mend it",
    "check": "do all implementations agree with the reference, at every size, and leave their inputs alone?",
    "compare": "commits raced against each other (merge base and working tree; or many): a verdict per case",
    "race": "implementations, or environments that differ in one thing, against a baseline, by size",
    "show": "the pairs of one race, drawn; and the command that repeats it",
    "bisect": "the first commit that made a case slower",
    "selftest": "the harness measured with itself: identical code against itself, and known slow-downs",
    "run": "asv run with a machine file, the host named and quick results kept apart",
    "advise": "which implementation to take, for so many runs of a size: import, JIT and runs added up",
    "anchor": "the frozen commit that history is measured against: show it, set it, race against it",
    "alerts": "what became slower on the branch, from its nomination to its end; and who is told",
    "init": "adds paceline to a repository: configuration, an example suite, workflows",
    "report": "results/ to reports/: tables, sentences, figures and the dashboard",
}

EXIT_CODES = """\
exit codes: 0 nothing worse; 1 confirmed slower; 2 usage or configuration; 3 something failed, nothing was
measured or the budget was too small; 4 wrong answers; 5 host not fit (--strict); 6 a self-test missed a bar;
70 a bug in paceline; 130, 143 interrupted"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never raise, never leave a bug as 1."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        code = int(Exit.OK)
        arguments = list(sys.argv[1:] if arguments is None else arguments)
        options = _parser(arguments).parse_args(arguments)
        with what_the_system_refuses():
            code = int(_command(options.command).run(options))
        sys.stdout.flush()
    except PacelineError as error:
        complain(error)
        return int(error.code)
    except KeyboardInterrupt:
        print("paceline: interrupted; what was measured so far is kept", file=sys.stderr)
        return int(Exit.INTERRUPTED)
    except BrokenPipeError:
        discard(sys.stdout, sys.stderr)
    except Exception:
        traceback.print_exc()
        print("paceline: this is a bug in paceline; please report the lines above", file=sys.stderr)
        return int(Exit.BUG)
    return code


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Build the parser; only the command that is asked for is imported."""
    parser = argparse.ArgumentParser(
        prog="paceline",
        description="Benchmarks taken in turns: ratios and verdicts for asv suites that can be believed.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"paceline {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    wanted = next((word for word in arguments if not word.startswith("-")), None)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, description=summary, epilog=EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        if name == wanted:
            _command(name).add_arguments(command)
    return parser


def _command(name: str) -> ModuleType:
    return importlib.import_module(f"paceline.commands.{name}")


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    """Unwind as Ctrl-C does, so that workers are stopped and files closed."""
    raise SystemExit(int(Exit.TERMINATED))


if __name__ == "__main__":
    raise SystemExit(main())
