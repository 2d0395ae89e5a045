"""The suite's questions about initial-value problems: what agrees, what is refused, what is counted."""

from inspect import isabstract
from itertools import product

import numpy as np
import pytest

from benchmarks import _agreement, ode, startup
from benchmarks.model import Model

KINDS = [
    kind
    for kind in vars(ode).values()
    if isinstance(kind, type) and issubclass(kind, Model) and not isabstract(kind)
]

BASELINES = {
    ode.CALLBACK: "scipy_driver",
    ode.COMPILED: "numba_jit",
    ode.DENSE: "rust_pointer",  # of ablations one wants to know what they cost
    ode.EVENTS: "rust_pyo3",
}


def seed(row="vdp_mu1-RK45", implementation="numba_pointer"):
    kind = ode.SeedCompiled()
    kind.setup(implementation, row)
    return kind


def judged(change, row="vdp_mu1-RK45"):
    """Return the reason for which a changed solution is refused."""
    kind = seed(row)
    kind.asked = (row,)
    want = kind.call(*kind.arguments)
    rtol, atol, _ = getattr(kind.module, "TOLERANCE", (0.0, 0.0, ""))
    return kind.compare(change(want), want, rtol, atol)[2]


def moved(solution, by):
    y = solution.y.copy()
    y[0, -1] += by
    return solution._replace(y=y)


def test_the_seeds_rows_are_exact():
    vdp, stiff = ode.PROBLEMS["vdp_mu1"], ode.PROBLEMS["vdp_mu1000_t3000"]
    assert (vdp.t_span, vdp.y0, vdp.params, vdp.rtol, vdp.atol) == (
        (0.0, 100.0),
        (2.0, 0.0),
        (1.0,),
        1e-6,
        1e-8,
    )
    assert (stiff.t_span, stiff.params, stiff.rtol, stiff.atol) == ((0.0, 3000.0), (1000.0,), 1e-4, 1e-6)
    assert [method for _, method in ode.ROWS.values()] == ["DOP853", "RK45", "BDF"]
    assert ode.LinearCallback.axes["n"] == (10, 100, 1_000, 10_000)


def test_regimes_are_never_mixed():
    for kind in KINDS:
        assert kind.baseline == BASELINES[kind.package]
        assert kind.reference == "scipy_driver" == kind.implementations()[0]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_case_has_a_problem_that_has_what_its_regime_calls(kind):
    for axes in product(*kind.axes.values()):
        name, method, problem = kind().case(*axes)
        assert method in (*ode.EXPLICIT, *ode.IMPLICIT)
        assert problem.fun is not None
        assert isinstance(name, str)
        inputs = kind().inputs(np.random.default_rng(0), *axes)
        assert len(inputs) == {ode.CALLBACK: 6, ode.COMPILED: 7, ode.DENSE: 8, ode.EVENTS: 7}[kind.package]


@pytest.mark.parametrize("row", list(ode.ROWS))
def test_a_right_answer_agrees_without_a_note(row):
    told = seed(row).agreement("numba_pointer", row)
    assert told["status"] == "agrees", told["reason"]
    assert told["note"] == ""


def test_other_steps_and_other_ends_are_refused():
    assert judged(lambda solution: solution) == ""
    assert "takes other steps" in judged(lambda solution: solution._replace(nfev=solution.nfev + 6))
    assert "takes other steps" in judged(lambda solution: solution._replace(nsteps=solution.nsteps - 1))
    assert "more than 1e-10" in judged(lambda solution: moved(solution, 1e-9))
    assert judged(lambda solution: solution._replace(status=-1)) == "ends with status -1"
    assert judged(lambda solution: moved(solution, np.nan)) != ""


def test_where_scipy_is_noisy_two_percent_are_allowed():
    row = "vdp_mu1000-BDF"
    for growth, reason in ((1.015, ""), (1.03, "takes other steps")):
        told = judged(lambda solution, by=growth: solution._replace(nfev=int(solution.nfev * by)), row)
        assert reason in told
        assert bool(told) == bool(reason)


def test_peers_are_judged_by_their_end_points(monkeypatch):
    monkeypatch.setattr(seed().module, "TOLERANCE", (1e-3, 0.0, "a peer"), raising=False)
    assert judged(lambda solution: solution._replace(nfev=-1, nsteps=3)) == ""
    assert judged(lambda solution: moved(solution, 1e-4)) == ""
    assert "from the reference" in judged(lambda solution: moved(solution, 1e-2))
    assert judged(lambda solution: moved(solution, np.nan)) != ""


def test_only_peers_may_set_a_tolerance(monkeypatch):
    module = seed().module
    monkeypatch.setattr(module, "TOLERANCE", (1.0, 1.0), raising=False)
    assert "only peers" in _agreement.entitled(module)
    monkeypatch.setattr(module, "__name__", "paceline_models.ode.compiled.numpy")
    assert _agreement.entitled(module) == ""
    monkeypatch.setattr(
        module, "__name__", "paceline_models.ode.compiled.types_psutil"
    )  # a distribution's name
    assert _agreement.entitled(module) == ""


@pytest.mark.parametrize("peer", ["callback.cyrk", "callback.ivp_rs", "compiled.cyrk"])
def test_peers_agree(peer):
    pytest.importorskip(f"paceline_models.ode.{peer}", exc_type=ImportError)
    regime, name = peer.split(".")
    kind = ode.SeedCallback if regime == "callback" else ode.SeedCompiled
    for row in ode.ROWS:
        one = kind()
        one.setup(name, row)
        told = one.agreement(name, row)
        assert told["status"] == "agrees", told["reason"]
        assert "only the end point" in told["note"]


def test_tracked_numbers_are_those_of_the_solution():
    kind = seed()
    case = ("numba_pointer", "vdp_mu1-RK45")
    assert (kind.track_nfev(*case), kind.track_steps(*case)) == (7022, 862)
    assert (kind.track_njev(*case), kind.track_nlu(*case)) == (0, 0)
    assert kind.track_error(*case) == pytest.approx(3.85e-4, rel=0.01)


def test_memory_is_measured_of_the_linear_systems_only():
    assert not callable(ode.SeedCompiled.peakmem_run)
    assert ode.LinearCompiled.peakmem_run is Model.peakmem_run


def test_startup_asks_about_the_seeds_rows():
    assert startup.MODELS["callback"] is ode.SeedCallback
    assert startup.MODELS["compiled"] is ode.SeedCompiled
    told = startup._child(ode.SeedCallback, "pure_numpy")
    assert told["later"] > 0.0
    assert not any("benchmarks" in folder for folder in told["folders"])
