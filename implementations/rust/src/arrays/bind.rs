//! Bindings of functions of one array: checked arguments, a place for the answer, the kernel.

use super::arguments::{Argument, Given, InPlace, Target};
use super::elementwise::{Map, Spans, map, map_parallel};
use pyo3::prelude::*;

/// What all functions with `out=` return.
pub type Answer<'py> = PyResult<Bound<'py, PyAny>>;
/// The argument `out`.
pub type Out<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// `name(x, out=None)` by a map of one array's elements.
pub fn unary<'py>(f: &impl Map<1>, x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    elementwise(["x"], [x], out, |spans| {
        // SAFETY: `elementwise` has checked the arrays.
        unsafe { map(f, spans) }
    })
}

/// The same on all threads.
pub fn unary_parallel<'py>(
    f: &(impl Map<1> + Sync),
    x: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
) -> Answer<'py> {
    elementwise(["x"], [x], out, |spans| {
        // SAFETY: `elementwise` has checked the arrays.
        unsafe { map_parallel(f, spans) }
    })
}

/// Check an array (of `ndim` dimensions, if not 0) and the place of the answer, of the same shape; fill it.
pub fn unary_prepared<'py>(
    x: &Bound<'py, PyAny>,
    ndim: usize,
    out: Out<'_, 'py>,
    fill: impl FnOnce(&[usize], Spans<1>),
) -> Answer<'py> {
    let x = if ndim == 0 { Given::new("x", x)? } else { Given::with_ndim("x", x, ndim)? };
    let target = Target::new(x.py(), out, x.shape(), &[&x], InPlace::Yes)?;
    fill(x.shape(), Spans { given: [x.pointer()], out: target.pointer(), count: x.count() });
    target.finish()
}

/// Check K arrays of one shape and the place of the answer, of the same shape; fill it.
pub fn elementwise<'py, const K: usize>(
    names: [&str; K],
    asked: [&Bound<'py, PyAny>; K],
    out: Out<'_, 'py>,
    fill: impl FnOnce(Spans<K>),
) -> Answer<'py> {
    let first: Given = Given::new(names[0], asked[0])?;
    let mut others = [const { None::<Given> }; K];
    for k in 1..K {
        others[k] = Some(Given::like(names[k], asked[k], names[0], &first)?);
    }
    // Loops, not `map`: that is a call for every element where it is not inlined.
    let mut arguments: [&dyn Argument<'py>; K] = [&first; K];
    for (argument, other) in arguments.iter_mut().zip(&others) {
        if let Some(other) = other {
            *argument = other;
        }
    }
    let target: Target = Target::new(asked[0].py(), out, first.shape(), &arguments, InPlace::Yes)?;
    // Only now, when no more Python can run, where elements are is known for good.
    let mut pointers = [first.pointer(); K];
    for (pointer, other) in pointers.iter_mut().zip(&others) {
        if let Some(other) = other {
            *pointer = other.pointer();
        }
    }
    fill(Spans { given: pointers, out: target.pointer(), count: first.count() });
    target.finish()
}

/// Define `name(x, out=None)` as a `#[pyfunction]`: by `unary` or `unary_parallel` of a map.
macro_rules! functions_of_x {
    ($($(#[$doc:meta])* $name:ident = $how:ident($map:expr);)*) => {$(
        $(#[$doc])*
        #[pyfunction]
        #[pyo3(signature = (x, out=None))]
        pub fn $name<'py>(
            x: &Bound<'py, PyAny>,
            out: Option<&Bound<'py, PyAny>>,
        ) -> PyResult<Bound<'py, PyAny>> {
            $how(&$map, x, out)
        }
    )*};
}
pub(crate) use functions_of_x;
