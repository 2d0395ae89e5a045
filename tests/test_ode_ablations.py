"""Small questions about initial-value problems: ablations change nothing but time; states between steps."""

from importlib import import_module
from itertools import product

import numpy as np
import pytest

from benchmarks import ode
from benchmarks._callbacks import first_is_half
from benchmarks._problems import PROBLEMS, linear

pytest.importorskip("paceline_models._rust")
ABLATIONS = ("rust_alloc_workspace", "rust_outlined", "rust_tolerance_branch")


def run(name, problem, method, **changed):
    module = import_module(f"paceline_models.ode.{name}")
    given = {"atol": problem.atol, "y0": np.array(problem.y0)} | changed
    return module.run(
        problem.rhs,
        method,
        problem.t_span,
        given["y0"],
        np.array(problem.params),
        problem.rtol,
        given["atol"],
    )


def assert_same(got, want):
    np.testing.assert_array_equal(got.t, want.t)
    np.testing.assert_array_equal(got.y, want.y)
    assert got[2:] == want[2:]


@pytest.mark.parametrize("ablation", ABLATIONS)
@pytest.mark.parametrize("name", ["vdp_mu1", "lorenz_t20", "arenstorf", "pleiades"])
def test_ablations_change_nothing_but_time(ablation, name):
    problem = PROBLEMS[name]
    tolerances = problem.atol * np.linspace(1.0, 2.0, len(problem.y0))
    for method, atol in product(("RK45", "DOP853"), (problem.atol, tolerances)):
        got = run(f"compiled.{ablation}", problem, method, atol=atol)
        assert_same(got, run("compiled.rust_pointer", problem, method, atol=atol))


def test_ablations_of_the_explicit_methods_refuse_the_others():
    hires = PROBLEMS["hires"]
    for name in ABLATIONS:
        with pytest.raises(NotImplementedError, match="explicit methods only"):
            run(f"compiled.{name}", hires, "BDF")


@pytest.mark.parametrize("method", ["RK45", "DOP853", "BDF", "Radau"])
def test_widths_that_the_compiler_knows_give_the_same_numbers(method):
    for n in (2, 3, 4, 10):
        problem, start = linear(n), np.linspace(0.5, 2.0, n)
        got = run("compiled.rust_pointer", problem, method, y0=start)
        assert_same(got, run("compiled.rust_pyo3", problem, method, y0=start))


@pytest.mark.parametrize("kind", [ode.DenseCompiled, ode.EventsCallback])
def test_states_between_the_steps_are_scipys(kind):
    for name, *axes in product(kind.implementations()[1:], *kind.axes.values()):
        one = kind()
        one.setup(name, *axes)
        told = one.agreement(name, *axes)
        assert told["status"] == "agrees", (name, axes, told["reason"])


def test_only_due_interpolants_cost_fewer_calls():
    arguments = ode.DenseCompiled().inputs(np.random.default_rng(0), "DOP853", 10)
    due, kept = (
        import_module(f"paceline_models.ode.dense.{name}").run(*arguments)
        for name in ("rust_due_segments", "rust_pointer")
    )
    assert kept.nfev - due.nfev >= 3 * (kept.nsteps - 10)  # three calls for each interpolant


def judged(kind, axes, change):
    one = kind()
    one.setup("scipy_driver", *axes)
    one.asked = axes
    want = one.call(*one.arguments)
    return one.compare(change(want), want, 0.0, 0.0)[2]


def test_other_states_events_and_steps_are_refused():
    dense, events = (ode.DenseCompiled, ("RK45", 10)), (ode.EventsCallback, ("vdp_mu1",))
    for case in (dense, events):
        assert judged(*case, lambda got: got) == ""
        assert "off, more than" in judged(*case, lambda got: got._replace(y=got.y + 1e-6))
        assert "off, more than" in judged(*case, lambda got: got._replace(y=got.y * np.nan))
        assert "other steps" in judged(*case, lambda got: got._replace(nsteps=got.nsteps + 1))
        assert "other steps" in judged(*case, lambda got: got._replace(nfev=got.nfev + 1))
        assert "status" in judged(*case, lambda got: got._replace(status=-1))
        assert "expected" in judged(*case, lambda got: got._replace(y=got.y[:, 1:]))
    assert "off, more than" in judged(*events, lambda got: got._replace(t=got.t + 1e-5))


def test_what_is_wrong_is_named():
    vdp = PROBLEMS["vdp_mu1"]
    sampled = [vdp.rhs, "RK45", (0.0, 1.0), np.ones(2), np.ones(1), 1e-3, 1e-6, [0.5]]
    crossed = [vdp.fun, first_is_half, "RK45", (0.0, 1.0), np.ones(2), 1e-3, 1e-6]
    for model, arguments, place, value, name in (
        ("dense", sampled, 1, "Radau", "method"),
        ("dense", sampled, 2, (1.0, 0.0), "t_span"),
        ("dense", sampled, 7, [], "times"),
        ("dense", sampled, 7, [0.5, 0.5], "times"),
        ("dense", sampled, 7, [2.0], "times"),
        ("events", crossed, 1, None, "event"),
        ("events", crossed, 3, (1.0, 1.0), "t_span"),
    ):
        wrong = [*arguments[:place], value, *arguments[place + 1 :]]
        implementations = (ode.DenseCompiled if model == "dense" else ode.EventsCallback).implementations()
        for implementation in implementations:
            with pytest.raises(ValueError, match=name):
                import_module(f"paceline_models.ode.{model}.{implementation}").run(*wrong)
