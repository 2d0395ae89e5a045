"""Reports of small results folders, as tests of several files make them."""

from __future__ import annotations

import argparse

from asv_folder import Bench, declare, machine, run

from paceline.commands import report as command
from paceline.report import gather
from paceline.report.contents import Remarks, Report
from paceline.results.asv_files import read
from paceline.results.measurements import newest
from paceline.suite.questions import Question


def question(key, model, family, baseline="numba_jit"):
    return Question(key, model, family, "pure_numpy", baseline, True, ())


QUESTIONS = [
    question("hydrology.GR6J", "gr6j", "hydrology"),
    question("hydrology.GR6JCemaNeige", "gr6j_cemaneige", "hydrology"),
    question("arrays.elementwise.Sigmoid", "sigmoid", "arrays"),
    question("startup.Startup", "startup", "startup", None),
]


REMARKS = Remarks(
    reasons={
        ("gr6j", "hydrogr", frozenset({("n", 36_500)})): "ran out of memory",
        ("gr6j", "pure_numpy", frozenset()): "too slow at this size",
    },
    notes={("gr6j", "hydrogr"): "returns Qsim only"},
)


def made(folder, questions=QUESTIONS, remarks=REMARKS):
    archive = read(folder)
    sections = tuple(gather.section(each, questions, remarks) for each in newest(archive.runs))
    return Report(sections, archive.warnings)


def of(tmp_path, *benches, baseline="a", **remarks):
    """Report one suite of class ``m.T`` with model ``t``."""
    declare(tmp_path, benches)
    run(machine(tmp_path), benches)
    asked = [question("m.T", "t", "m", baseline)]
    return made(tmp_path, asked, Remarks(**remarks))


def times(values, n=(10, 100)):
    return Bench(
        "m.T.time_run",
        {"implementation": tuple(values), "n": n},
        lambda implementation, n: values[implementation],
    )


def call(capsys, *words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    code = command.run(parser.parse_args(list(words)))
    return code, capsys.readouterr()
