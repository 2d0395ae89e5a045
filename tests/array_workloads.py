"""Workloads of array operations asked of every implementation: agreement, layouts, ``out=``, bad input."""

from __future__ import annotations

import copy
import importlib.util
from pathlib import Path

import numpy as np
import paceline_models.arrays
import pytest

FOLDER = Path(paceline_models.arrays.__file__).parent
HAS_RUST = importlib.util.find_spec("paceline_models._rust") is not None


def implementations(model, function):
    """Return the implementations of a workload by name, the reference first."""
    names = sorted(path.stem for path in (FOLDER / model).glob("[!_]*.py"))
    modules = {
        name: importlib.import_module(f"paceline_models.arrays.{model}.{name}")
        for name in names
        if HAS_RUST or not name.startswith("rust")
    }
    found = {name: getattr(module, function) for name, module in modules.items() if hasattr(module, function)}
    return {"pure_numpy": found.pop("pure_numpy"), **found}


def misaligned(x):
    raw = np.empty(x.nbytes + 1, np.uint8)
    new = raw[1:].view(x.dtype).reshape(x.shape)
    new[...] = x
    return new


def strided(x):
    new = np.zeros(tuple(2 * size for size in x.shape), x.dtype)[(slice(None, None, 2),) * x.ndim]
    new[...] = x
    return new


def backwards(x):
    return np.ascontiguousarray(x[(slice(None, None, -1),) * x.ndim])[(slice(None, None, -1),) * x.ndim]


LAYOUTS = (strided, backwards, np.asfortranarray, misaligned)


def same(got, want, rtol, atol, name):
    assert type(got) is type(want), name
    assert (got.dtype, got.shape) == (want.dtype, want.shape), name
    np.testing.assert_allclose(got, want, rtol=rtol, atol=atol, err_msg=name)


def agree(model, function, args, rtol=0.0, atol=0.0):
    """All implementations give what the reference gives, in new arrays, and leave their arguments alone."""
    calls = implementations(model, function)
    want = calls["pure_numpy"](*copy.deepcopy(args))
    for name, call in calls.items():
        given = copy.deepcopy(args)
        got = call(*given)
        same(got, want, rtol, atol, name)
        np.testing.assert_equal(given, args, err_msg=name)
        assert not any(isinstance(x, np.ndarray) and np.shares_memory(got, x) for x in given), name
    return want


def agree_in_all_layouts(model, function, args, rtol=0.0, atol=0.0):
    want = implementations(model, function)["pure_numpy"](*args)
    for name, call in implementations(model, function).items():
        for layout in LAYOUTS:
            given = [layout(x) if isinstance(x, np.ndarray) else x for x in args]
            same(call(*given), want, rtol, atol, f"{name} {layout.__name__}")


def fill_out(model, function, args, rtol=0.0, atol=0.0):
    """``out`` of any layout is filled and returned."""
    want = implementations(model, function)["pure_numpy"](*args)
    for name, call in implementations(model, function).items():
        for layout in (np.array, *LAYOUTS):
            out = layout(np.full_like(want, 7))
            assert call(*args, out=out) is out, name
            same(out, want, rtol, atol, f"{name} {layout.__name__}")


def work_in_place(model, function, args, rtol=0.0, atol=0.0):
    want = implementations(model, function)["pure_numpy"](*args)
    for name, call in implementations(model, function).items():
        for layout in (np.array, *LAYOUTS):
            given = [layout(args[0].copy()), *args[1:]]
            assert call(*given, out=given[0]) is given[0]
            same(given[0], want, rtol, atol, f"{name} {layout.__name__}")


def fail_alike(model, function, args, match, **named):
    """All implementations raise the reference's error, which names the argument."""
    calls = implementations(model, function)
    with pytest.raises((TypeError, ValueError), match=match) as wanted:
        calls["pure_numpy"](*args, **named)
    for name, call in calls.items():
        with pytest.raises(wanted.type) as found:
            call(*args, **named)
        assert str(found.value) == str(wanted.value), name


def refuse_bad_arrays(model, function, args, names):
    """Other types, other dimensions: the argument is named."""
    for position, name in names.items():
        x = args[position]
        other = np.float32 if x.dtype == np.float64 else np.float64
        for bad in (x.astype(other), x.astype(">f8"), x.tolist(), None):
            fail_alike(model, function, [*args[:position], bad, *args[position + 1 :]], f"^{name} must be a")
        deeper = [*args[:position], x[np.newaxis], *args[position + 1 :]]
        fail_alike(model, function, deeper, f"{name} (must have|has shape)")


def refuse_bad_out(model, function, args, *, in_place=False):
    """Wrong shapes and dtypes, what cannot be written, and what overlaps an argument."""
    want = implementations(model, function)["pure_numpy"](*args)
    frozen = np.empty_like(want)
    frozen.flags.writeable = False
    fail_alike(model, function, args, "out is read-only", out=frozen)
    fail_alike(model, function, args, "out must have shape", out=np.empty((*want.shape, 1), want.dtype))
    fail_alike(model, function, args, "out must be a", out=np.empty(want.shape, np.float32))
    fail_alike(model, function, args, "out must be a", out=want.tolist())
    arrays = [position for position, x in enumerate(args) if isinstance(x, np.ndarray)]
    for position in arrays:
        x = args[position]
        memory = np.zeros(x.nbytes + want.nbytes + 16, np.uint8)
        shared = [*args]
        shared[position] = memory[8 : 8 + x.nbytes].view(x.dtype).reshape(x.shape)
        shared[position][...] = x
        for start in (0, 8 if not in_place else 16):
            out = memory[start : start + want.nbytes].view(want.dtype).reshape(want.shape)
            fail_alike(model, function, shared, "out overlaps an argument", out=out)
