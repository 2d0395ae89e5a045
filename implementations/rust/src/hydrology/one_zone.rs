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
            precip: $crate::views::Read<'_>,
            temp: $crate::views::Read<'_>,
            pet: $crate::views::Read<'_>,
            params: $crate::views::Read<'_>,
            weights: $crate::views::Read<'_>,
            mut stores: $crate::views::Write<'_>,
            mut generated: $crate::views::Write<'_>,
            mut fields: $crate::views::Write<'_>,
        ) -> pyo3::PyResult<$answer> {
            Ok($kernel(
                precip.as_slice()?,
                temp.as_slice()?,
                pet.as_slice()?,
                $crate::views::vector(&params)?,
                weights.as_slice()?,
                $crate::views::vector_mut(&mut stores)?,
                generated.as_slice_mut()?,
                $crate::views::rows_mut(&mut fields)?,
            ))
        }
    };
}
pub(crate) use bind;
