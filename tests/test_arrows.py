"""The architecture: who may import whom. Read from the source, so that nothing need be imported."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HARNESS = ROOT / "src" / "paceline"
BENCHMARKS = ROOT / "benchmarks"
IMPLEMENTATIONS = ROOT / "implementations"
LEAVES = {"escape", "outcome", "output", "processes"}
MAY = {
    "__init__": set(),
    "__main__": {"cli"},
    "escape": set(),
    "outcome": set(),
    "output": {"outcome"},
    "processes": {"outcome"},
    "cli": {"commands"},
    "commands": {"alerts", "report", "race", "suite", "results", "host", "stats"},
    "report": {"race", "suite", "results", "host", "stats"},
    "alerts": {"results", "stats"},
    "race": {"suite", "results", "host", "stats"},
    "suite": {"stats"},
    "results": {"stats"},
    "host": {"stats"},
    "stats": set(),
}
FOREIGN = tuple(HARNESS / path for path in ("race/worker.py", "suite/_discovery.py", "suite/_installed.py"))
BESIDE = tuple(HARNESS / "race" / name for name in ("_case.py", "_encoding.py"))  # loaded by the worker
KERNELS = HARNESS / "race" / "kernels"  # an asv suite: it is measured, nothing imports it
SOURCES = sorted(path for path in HARNESS.rglob("*.py") if KERNELS not in path.parents)


def imported(path: Path) -> Iterator[str]:
    """Yield the full names that a file imports, wherever in it; ``from a import b`` is ``a.b``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level or HARNESS not in path.parents, f"{path}: a relative import"
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path) if not name.startswith(".")}


def roots_of_a_suite(path: Path) -> set[str]:
    """Return what a file imports from outside its own package."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    plain = [
        alias
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import)
        for alias in node.names
    ]
    return {alias.name.split(".")[0] for alias in plain} | {
        (node.module or "").split(".")[0] for node in nodes if not node.level
    }


def part(path: Path) -> str:
    return path.relative_to(HARNESS).parts[0].removesuffix(".py")


def ours(path: Path) -> set[str]:
    """Return the parts of paceline that a file imports; its own version number does not count."""
    names = {name for name in imported(path) if name.split(".")[0] == "paceline"}
    return {name.split(".")[1] for name in names if "." in name and name != "paceline.__version__"}


def test_there_is_something_to_look_at() -> None:
    assert len(SOURCES) > 30
    assert all(path.is_file() for path in FOREIGN)
    assert ours(HARNESS / "race" / "check.py") == {"race", "results", "suite"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(HARNESS)))
def test_imports_point_one_way(path: Path) -> None:
    here = part(path)
    assert here in MAY, f"{here} has no place in the house: give it one in the design, then here"
    allowed = (
        MAY[here] | {here} | (LEAVES if here not in LEAVES | {"__init__", "__main__", "stats"} else set())
    )
    assert ours(path) <= allowed


def test_a_command_imports_no_other_command() -> None:
    for path in sorted((HARNESS / "commands").glob("*.py")):
        others = [name for name in imported(path) if name.startswith("paceline.commands.")]
        assert not [name for name in others if not name.startswith("paceline.commands._")], path


def test_the_suite_of_the_self_test_imports_nothing_of_ours() -> None:
    for path in sorted(KERNELS.glob("*.py")):
        assert "paceline" not in roots_of_a_suite(path), path


def test_only_the_suite_imports_asv() -> None:
    users = {part(path) for path in SOURCES if {"asv", "asv_runner"} & roots(path)}
    assert users <= {"suite", "race"}
    assert [path for path in SOURCES if part(path) == "race" and "asv" in roots(path)] == []
    assert [path for path in SOURCES if part(path) == "race" and "asv_runner" in roots(path)] == [
        BESIDE[0], FOREIGN[0],
    ]  # fmt: skip


@pytest.mark.parametrize("path", [*FOREIGN, *BESIDE], ids=lambda path: path.name)
def test_what_runs_in_foreign_interpreters_needs_nothing_there(path: Path) -> None:
    assert roots(path) <= set(sys.stdlib_module_names) | {"asv_runner"}
    tree = ast.parse(path.read_text(), feature_version=(3, 7))
    newer = (ast.NamedExpr, ast.Match, ast.TryStar)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    builtin = {"list", "dict", "tuple", "set", "type"}
    for node in ast.walk(tree):  # annotations are evaluated: list[int] and X | Y are of 3.9 and 3.10
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            assert node.value.id not in builtin, f"{path.name}:{node.lineno}"
        notes = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        assert not [note for note in notes if isinstance(note, ast.BinOp)]


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name)
def test_what_runs_in_foreign_interpreters_takes_its_own_folder_out_first(path: Path) -> None:
    tree = ast.parse(path.read_text())
    (main,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main"]
    first = next(node for node in main.body if not _is_docstring(node))
    assert ast.unparse(first) == "sys.path.pop(0)"
    eager = {name.split(".")[0] for node in tree.body for name in _names(node)}
    assert eager <= set(sys.stdlib_module_names), "imported while our folder is still on the path"
    beside = {sibling.stem for sibling in path.parent.glob("*.py")}
    assert not beside & set(sys.stdlib_module_names), "a module of ours would be found instead"


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_the_questions_import_nothing_of_paceline() -> None:
    for path in sorted(BENCHMARKS.rglob("*.py")):
        assert "paceline" not in roots(path), path


def test_the_questions_never_import_the_answers_at_import_time() -> None:
    """The list of implementations must not come from the installed package: see model.py."""
    for path in sorted(BENCHMARKS.rglob("*.py")):
        assert "paceline_models" not in roots(path), path


def test_the_answers_import_neither_the_harness_nor_the_questions() -> None:
    for path in sorted(IMPLEMENTATIONS.rglob("*.py")):
        assert not {"paceline", "benchmarks", "asv", "asv_runner"} & roots(path), path
