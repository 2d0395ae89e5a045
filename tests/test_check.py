"""``paceline check``: what agrees, what differs and why, and what it leaves with."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Paceline, write_suite

from paceline.commands.check import MARKS
from paceline.race.check import STATUSES, check, plan
from paceline.results.checks import Case, newest
from paceline.suite.config import load
from paceline.suite.discover import questions

QUESTIONS = Path(__file__).resolve().parents[1] / "benchmarks"
QUESTION = '''
import numpy as np
from .model import Model

class Demo(Model):
    """Running totals."""
    package = "tiny_models.family.demo"
    axes = {"n": (4, 9), "kind": ("plain", "odd")}
    rtol, atol = 1e-9, 1e-12
    version = "1"

    def inputs(self, rng, n, kind):
        values = rng.normal(size=n)
        if kind == "odd":
            values[0] = np.nan
        return values, np.array([2.0, 3.0]), kind, {"offset": 1.0}
'''
REFERENCE = """
import numpy as np

def run(values, factors, kind, options):
    total = np.cumsum(values) * factors[0] + options["offset"]
    return np.stack([total, total * factors[1]], axis=1)
"""
SAME = "from tiny_models.family.demo.pure_numpy import run\n"
CALL = "from tiny_models.family.demo.pure_numpy import run as reference\nimport numpy as np\n"
RUN = CALL + "def run(values, factors, kind, options):\n    "
FILES = {
    "_helper": "raise RuntimeError('no implementation')\n",
    "broken_import": "from tiny_models.family.demo._missing import run\n",
    "broken_name": "from tiny_models.family.demo import missing\n",
    "broken_text": "def run(:\n",
    "changes_array": RUN + "values *= 2\n    return reference(values / 2, factors, kind, options)\n",
    "changes_once": RUN
    + "np.clip(values, -0.1, 0.1, out=values)\n    return reference(values, factors, kind, options)\n",
    "changes_table": RUN + "options['new'] = 1\n    return reference(values, factors, kind, options)\n",
    "few_fields_approx": '"""Totals only."""\nFIELDS = ("total",)\n'
    + RUN
    + "return reference(values, factors, kind, options)[:, :1]\n",
    "list_returned": RUN + "return reference(values, factors, kind, options).tolist()\n",
    "no_run": "def go():\n    pass\n",
    "nothing_returned": RUN + "reference(values, factors, kind, options)\n",
    "needs_rust": "from tiny_models._rust import demo as run\n",
    "off": RUN + "return reference(values, factors, kind, options) * 1.0001\n",
    "off_nan": RUN + "return np.nan_to_num(reference(values, factors, kind, options))\n",
    "peer": "from package_that_is_nowhere.inside import run\n",
    "pure_numpy": REFERENCE,
    "raises": RUN + "raise ValueError('values are wrong')\n",
    "tolerant_approx": '"""Fast and rough."""\nTOLERANCE = (1e-3, 0.0, "It rounds.")\n'
    + RUN
    + "return reference(values, factors, kind, options) * 1.0001\n",
    "self_tolerant": "TOLERANCE = (1e9, 1e9)\n"
    + RUN
    + "return reference(values, factors, kind, options) * 2\n",
    "nothing_approx": "FIELDS = ()\n" + RUN + "return reference(values, factors, kind, options)[:, :0]\n",
    "wrong_dtype": RUN + "return reference(values, factors, kind, options).astype(np.float32)\n",
    "wrong_field_approx": 'FIELDS = ("total",)\n'
    + RUN
    + "return reference(values, factors, kind, options)[:, 1:]\n",
    "wrong_shape": RUN + "return reference(values, factors, kind, options).T.copy()\n",
    "zz_last": SAME,
}
TOLD = {
    "pure_numpy": ("agrees", ""),
    "broken_import": ("failed", "ModuleNotFoundError: No module named 'tiny_models.family.demo._missing'"),
    "broken_name": ("failed", "ImportError: cannot import name 'missing'"),
    "broken_text": ("failed", "SyntaxError: "),
    "changes_array": ("differs", "changes its argument 0"),
    "changes_once": ("differs", "changes its argument 0"),
    "changes_table": ("differs", "changes its argument 3"),
    "few_fields_approx": ("agrees", ""),
    "list_returned": ("differs", "is a list, expected float64"),
    "needs_rust": ("skipped", "built without its Rust extension"),
    "no_run": ("failed", "AttributeError: module 'tiny_models.family.demo.no_run' has no attribute 'run'"),
    "nothing_returned": ("differs", "is a NoneType, expected float64"),
    "off": ("differs", "result["),
    "off_nan": ("agrees or differs", ""),
    "peer": ("skipped", "no package_that_is_nowhere here"),
    "raises": ("failed", "ValueError: values are wrong"),
    "self_tolerant": ("differs", "sets TOLERANCE, which only peers and names with _approx"),
    "nothing_approx": ("differs", "sets FIELDS to nothing"),
    "tolerant_approx": ("agrees", ""),
    "wrong_dtype": ("differs", "is float32(4, 2), expected float64(4, 2)"),
    "wrong_field_approx": ("differs", "result[0, 0] is "),
    "wrong_shape": ("differs", "is float64(2, 4), expected float64(4, 2)"),
    "zz_last": ("agrees", ""),
}


def write_project(folder: Path, files: dict[str, str], question: str = QUESTION, **more: str) -> Path:
    """Write a suite with the real ``model.py`` over a package of one model."""
    write_suite(folder, {"tiny.py": question})
    for part in ("model.py", "_agreement.py"):
        shutil.copy(QUESTIONS / part, folder / "benchmarks")
    package = folder / "implementations" / "tiny_models"
    model = package / "family" / "demo"
    model.mkdir(parents=True)
    for path in (package, package / "family"):
        (path / "__init__.py").touch()
    (model / "__init__.py").write_text('FIELDS = ("total", "scaled")\n')
    for name, text in files.items():
        (model / f"{name}.py").write_text(text)
    for name, text in more.items():
        (package / f"{name}.py").write_text(text)
    return folder


def checked(folder: Path) -> list[Case]:
    config = folder / "asv.conf.json"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", on_path(folder)["PYTHONPATH"])
        return check(load(config), plan(questions(config)), sys.executable, 60.0, 1, lambda case: None)


def on_path(folder: Path) -> dict[str, str]:
    """Return how the tiny package is found, as if it were installed."""
    paths = [str(folder / "implementations"), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    return checked(write_project(tmp_path_factory.mktemp("project"), FILES))


def told(cases: list[Case], implementation: str, n: int = 4, kind: str = "plain") -> Case:
    (case,) = [
        one for one in cases if (one.implementation, one.axes) == (implementation, {"n": n, "kind": kind})
    ]
    return case


@pytest.mark.parametrize("implementation", [name for name in TOLD if name != "off_nan"])
@pytest.mark.parametrize("n", [4, 9])
def test_each_implementation_is_judged_by_itself(cases: list[Case], implementation: str, n: int) -> None:
    status, reason = TOLD[implementation]
    case = told(cases, implementation, n)
    assert case.status == status, case.reason
    assert case.reason.startswith(reason.replace("(4, 2)", f"({n}, 2)").replace("(2, 4)", f"(2, {n})"))


def test_every_file_is_an_implementation_the_reference_first_helpers_none(cases: list[Case]) -> None:
    names = list(dict.fromkeys(case.implementation for case in cases))
    assert names == ["pure_numpy", *sorted(name for name in FILES if name not in ("pure_numpy", "_helper"))]
    assert {case.model for case in cases} == {"demo"}
    assert len(cases) == len(names) * 4


def test_how_far_off_is_told(cases: list[Case]) -> None:
    off = told(cases, "off")
    assert off.max_rel == pytest.approx(1e-4, rel=1e-6)
    assert off.max_abs is not None
    assert off.max_abs > 0
    same = told(cases, "zz_last")
    assert (same.max_abs, same.max_rel) == (0.0, 0.0)


def test_nan_agrees_with_nan_and_with_nothing_else(cases: list[Case]) -> None:
    assert told(cases, "zz_last", kind="odd").status == "agrees"
    case = told(cases, "off_nan", kind="odd")
    assert case.status == "differs"
    assert case.reason == "result[0, 0] is 0.0, expected nan"
    assert told(cases, "off_nan").status == "agrees"


def test_what_an_implementation_is_entitled_to_is_noted(cases: list[Case]) -> None:
    assert "It rounds." in told(cases, "tolerant_approx").note
    assert told(cases, "zz_last").note.strip() == ""


def test_an_implementation_that_changes_its_inputs_harms_no_other(cases: list[Case]) -> None:
    """All cases of a model are answered by one process, whose inputs are made once."""
    honest = [
        case for case in cases if case.implementation in ("few_fields_approx", "zz_last", "tolerant_approx")
    ]
    assert {case.status for case in honest} == {"agrees"}


@pytest.mark.parametrize(
    ("build", "status", "reason"),
    [
        (
            {"profile": "debug"},
            "failed",
            "RuntimeError: tiny_models._rust is a debug build; run `make setup`",
        ),
        ({"profile": "release"}, "agrees", ""),
    ],
)
def test_a_debug_build_is_never_measured(
    tmp_path: Path, build: dict[str, str], status: str, reason: str
) -> None:
    rust = f"BUILD = {build!r}\nfrom tiny_models.family.demo.pure_numpy import run as demo\n"
    files = {"pure_numpy": REFERENCE, "needs_rust": FILES["needs_rust"], "zz_pure": SAME}
    found = checked(write_project(tmp_path, files, _rust=rust))
    rusty = {(case.status, case.reason) for case in found if case.implementation == "needs_rust"}
    assert rusty == {(status, reason)}
    assert {case.status for case in found if case.implementation != "needs_rust"} == {"agrees"}


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex128", "int64", "uint8", "bool"])
def test_results_of_every_kind_of_number_are_compared(tmp_path: Path, dtype: str) -> None:
    question = QUESTION.replace("(4, 9)", "(4,)").replace('("plain", "odd")', '("plain",)')
    returns = f"import numpy as np\ndef run(*_):\n    return np.array([0, 1, 1, 0]).astype('{dtype}')\n"
    files = {"pure_numpy": returns, "same": returns, "wrong": returns.replace("[0, 1", "[1, 1")}
    found = checked(write_project(tmp_path, files, question))
    assert [case.status for case in found] == ["agrees", "agrees", "differs"], found
    assert found[2].max_abs == 1.0
    assert found[2].reason.startswith("result[0] is ")


def test_a_missing_reference_leaves_the_others_without_a_verdict(tmp_path: Path) -> None:
    found = checked(write_project(tmp_path, {"alone": REFERENCE}))
    assert {case.status for case in found} == {"skipped"}
    assert found[0].reason == "no tiny_models.family.demo.pure_numpy here"


AGREEING = """
class {name}:
    params = (["one", "two"], [1, 22])
    param_names = ("implementation", "n")
    def setup(self, implementation, n):
        pass
    def time_run(self, implementation, n):
        pass
    def agreement(self, implementation, n):
        {does}
        return {{"status": "agrees", "max_abs": 0.25, "max_rel": 0.5}}
"""
DIFFERS = 'return {"status": "differs", "max_abs": 1.0, "max_rel": 1.0, "reason": "result[0] is [red]1"}'
GOOD = AGREEING.format(name="Good", does="pass")
WRONG = AGREEING.format(name="Wrong", does=DIFFERS)
FAILED = AGREEING.format(name="Failed", does="raise ValueError('no [good] way')")
SKIPPED = AGREEING.format(name="Skipped", does="raise NotImplementedError('no compiler')")
UNCHECKED = GOOD.replace("Good", "Unchecked").replace("agreement", "another")


@pytest.mark.parametrize(
    ("text", "code", "exits"),
    [
        (GOOD, 0, []),
        (GOOD + UNCHECKED, 0, []),
        (GOOD + SKIPPED, 0, []),
        (SKIPPED, 3, [3]),
        (GOOD + FAILED, 3, [3]),
        (GOOD + WRONG, 4, [4]),
        (GOOD + FAILED + WRONG, 4, [4, 3]),
    ],
)
def test_what_it_leaves_with(
    paceline: Paceline, suite: Callable[..., Path], text: str, code: int, exits: list[int]
) -> None:
    ended = paceline("check", "--json", "-", cwd=suite(small=text))
    assert ended.returncode == code, ended.stderr
    assert json.loads(ended.stdout)["exits"] == exits
    assert ("All results match" in ended.stderr) == (code == 0)


def test_people_read_a_line_a_model_and_every_trouble_once(
    paceline: Paceline, suite: Callable[..., Path]
) -> None:
    ended = paceline("check", cwd=suite(small=GOOD + FAILED + WRONG + SKIPPED + UNCHECKED))
    lines = [line.rstrip() for line in ended.stdout.splitlines()]
    assert lines[0].startswith("checking 20 cases of 5 models at no-commit")
    assert " ok small.Good: 2 implementations agree in 4 cases, at most 2.5e-01 off" in lines
    assert "    !! one at n = 1: failed: ValueError: no [good] way" in lines
    assert "    !! one at n = 1: differs: result[0] is [red]1" in lines
    assert "    -- one: skipped: no compiler" in lines
    assert not [line for line in lines if line.startswith(" ok ") and "Good" not in line]
    assert sum("one at n = 22: differs" in line or "one at n = 1: differs" in line for line in lines) == 1
    assert lines[-1] == "20 cases: 4 agrees, 4 differs, 4 failed, 4 skipped, 4 unchecked"


def test_every_status_has_a_mark() -> None:
    assert set(MARKS) == set(STATUSES)


def test_two_classes_that_ask_about_one_model_are_told_together(
    paceline: Paceline, suite: Callable[..., Path]
) -> None:
    same = "    package = 'models.demo'\n    params"
    text = (GOOD + AGREEING.format(name="More", does="pass")).replace("    params", same)
    ended = paceline("check", cwd=suite(small=text))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("demo: ") == 1
    assert " ok demo: 2 implementations agree in 8 cases" in ended.stdout


def test_models_and_sizes_can_be_chosen(paceline: Paceline, suite: Callable[..., Path]) -> None:
    folder = suite(small=GOOD + WRONG)
    ended = paceline("check", "good", "--n", "22", "--json", "-", cwd=folder)
    assert ended.returncode == 0
    told = json.loads(ended.stdout)["cases"]
    assert [(case["model"], case["axes"]) for case in told] == [("small.Good", {"n": 22})] * 2
    assert paceline("check", "good", "--n", "3", cwd=folder).returncode == 2
    nowhere = paceline("check", "goof", cwd=folder)
    assert nowhere.returncode == 2
    assert "the nearest: small.Good" in nowhere.stderr


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import package_that_is_nowhere\n", "No module named 'package_that_is_nowhere'"),
        ("raise ValueError('first\\nsecond')\n", "second"),
        ("import sys\nsys.exit(0)\n", "cannot be imported"),
        ("import os\nos._exit(9)\n", "exit code 9"),
        ("import os\nos.abort()\n", "cannot be imported"),
        ("def broken(:\n", "SyntaxError"),
    ],
)
def test_a_suite_that_does_not_import_is_one_line_and_a_three(
    paceline: Paceline, suite: Callable[..., Path], text: str, reason: str
) -> None:
    ended = paceline("check", cwd=suite(small=GOOD, worse=text))
    assert ended.returncode == 3, ended.stderr
    (line,) = ended.stderr.splitlines()
    assert line.startswith("paceline: the benchmarks in benchmarks/ cannot be imported: ")
    assert reason in line


def test_a_suite_without_its_folder_is_a_two(paceline: Paceline, suite: Callable[..., Path]) -> None:
    folder = suite(small=GOOD)
    shutil.rmtree(folder / "benchmarks")
    ended = paceline("check", cwd=folder)
    assert ended.returncode == 2
    assert (
        ended.stderr == "paceline: asv.conf.json names the benchmarks folder benchmarks, which is not there\n"
    )


@pytest.mark.parametrize(
    "text", ["", "GOOD = 1\n", "def time_it():\n    pass\n", "class A:\n    params = []\n"]
)
def test_a_suite_with_nothing_to_check_is_a_two(
    paceline: Paceline, suite: Callable[..., Path], text: str
) -> None:
    ended = paceline("check", cwd=suite(small=text))
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.startswith("paceline: nothing to check")


def test_the_record_tells_the_commit_and_every_case(
    paceline: Paceline, suite: Callable[..., Path], tmp_path: Path
) -> None:
    folder = suite(small=GOOD + WRONG)
    ended = paceline("check", "--machine", "box", "--results", str(tmp_path / "kept"), cwd=folder)
    assert ended.returncode == 4
    (file,) = (tmp_path / "kept" / "box" / "checks").iterdir()
    first, *rest = [json.loads(line) for line in file.read_text().splitlines()]
    assert (first["kind"], first["schema"], first["commit"]) == ("run", 1, "")
    assert [one["kind"] for one in rest] == ["case"] * 8
    cases, warnings = newest(tmp_path / "kept", "box")
    assert warnings == ()
    assert {(case.model, case.status) for case in cases} == {
        ("small.Good", "agrees"),
        ("small.Wrong", "differs"),
    }
    assert not (folder / "results").exists()


def test_a_record_that_cannot_be_written_is_a_three(paceline: Paceline, suite: Callable[..., Path]) -> None:
    folder = suite(small=GOOD)
    (folder / "results").write_text("a file is in the way")
    ended = paceline("check", cwd=folder)
    assert ended.returncode == 3
    assert ended.stderr.startswith("paceline: cannot write ")
    assert len(ended.stderr.splitlines()) == 1
