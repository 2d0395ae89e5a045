//! The binding that all kernels of HBV-Light for one zone share.

/// Bind a kernel as the Python function
/// `name(precip, temp, pet, params, weights, stores, generated, fields)`, which fills the last three.
macro_rules! bind {
    ($name:ident, $kernel:path, $answer:ty) => {
        #[doc = concat!("`", stringify!($name), "(precip, temp, pet, params, weights, stores, generated, fields)`:")]
        /// fills `stores` (5,), `generated` (N + W - 1,) and `fields` (N, 20).
        #[pyo3::pyfunction]
        #[allow(clippy::too_many_arguments)]
        pub fn $name(
            precip: $crate::arrays::Read<'_>,
            temp: $crate::arrays::Read<'_>,
            pet: $crate::arrays::Read<'_>,
            params: $crate::arrays::Read<'_>,
            weights: $crate::arrays::Read<'_>,
            mut stores: $crate::arrays::Write<'_>,
            mut generated: $crate::arrays::Write<'_>,
            mut fields: $crate::arrays::Write<'_>,
        ) -> pyo3::PyResult<$answer> {
            Ok($kernel(
                precip.as_slice()?,
                temp.as_slice()?,
                pet.as_slice()?,
                $crate::arrays::vector(&params)?,
                weights.as_slice()?,
                $crate::arrays::vector_mut(&mut stores)?,
                generated.as_slice_mut()?,
                $crate::arrays::rows_mut(&mut fields)?,
            ))
        }
    };
}
pub(crate) use bind;
