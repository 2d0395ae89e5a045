//! Which instructions a kernel is compiled for is chosen when it runs.

use super::vector::Lane;
#[cfg(target_arch = "x86_64")]
use super::vector::Zmm;

/// Work that is written once for every width. Implementations of `run` are marked `#[inline(always)]`.
pub trait Kernel {
    /// What it returns.
    type Output;
    /// Do it, a `Lane` at a time.
    fn run<L: Lane>(self) -> Self::Output;
}

/// Run a kernel with AVX-512 where the processor has it, else with what the build takes for granted.
#[inline]
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
    {
        // SAFETY: the processor has them all.
        return unsafe { on_avx512(kernel) };
    }
    kernel.run::<f64>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
fn on_avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run::<Zmm>()
}
