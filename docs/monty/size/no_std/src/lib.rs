//! The seed's loop by the episode of the extension, its store an array of a fixed size: no `std`, no allocator.
#![no_std]

#[allow(dead_code, reason = "the extension uses more of it")]
#[path = "../../../../../implementations/rust/src/monty/minimal/episode.rs"]
mod episode;

/// What the episode knows of arrays: the binding to NumPy stays behind.
mod arrays {
    /// Observations: x, y, z and a feature.
    pub type Observation = [f32; 4];
}

use arrays::Observation;
use core::panic::PanicInfo;
use core::slice::{from_raw_parts, from_raw_parts_mut};
use episode::{Episode, Store, run};

/// The seed's rows store 2,500 at the most.
const CAPACITY: usize = 2_500;

/// Room for so many observations, on the stack; what is too much is left out.
struct Fixed {
    rows: [Observation; CAPACITY],
    stored: usize,
}

impl Store for Fixed {
    fn with_capacity(_points: usize) -> Self {
        Self { rows: [[0.0; 4]; CAPACITY], stored: 0 }
    }

    fn push(&mut self, observation: Observation) {
        if let Some(row) = self.rows.get_mut(self.stored) {
            *row = observation;
            self.stored += 1;
        }
    }

    fn len(&self) -> usize {
        self.stored
    }

    /// The same sum as `rows::mean`: a root is not in `core`.
    fn mean(&self, query: &Observation) -> f32 {
        let [x, y, z, f] = *query;
        let mut total = 0.0_f32;
        for row in self.rows.iter().take(self.stored) {
            let (dx, dy, dz) = (row[0] - x, row[1] - y, row[2] - z);
            let off = if row[3] > f { row[3] - f } else { f - row[3] };
            total += 1.0 / (1.0 + root(dx * dx + dy * dy + dz * dz) + off);
        }
        total / self.stored as f32
    }
}

/// The processor's square root, rounded as IEEE 754 has it.
fn root(value: f32) -> f32 {
    use core::arch::x86_64::{_mm_cvtss_f32, _mm_set_ss, _mm_sqrt_ss};
    // SAFETY: every x86-64 has SSE.
    #[allow(unused_unsafe, reason = "newer compilers have these safe")]
    unsafe {
        _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(value)))
    }
}

/// Store `n` observations for so many epochs, match them for as many; fill the evidence of the last epoch, and
/// return the confidence at its end; -1 where that is more than 2,500 observations.
///
/// # Safety
/// There are `n` observations, and room for as much evidence.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn monty_minimal(
    observations: *const Observation,
    n: usize,
    epochs: usize,
    evidence: *mut f32,
) -> f32 {
    if n.saturating_mul(epochs) > CAPACITY {
        return -1.0;
    }
    // SAFETY: the caller promises it.
    let (given, evidence) = unsafe { (from_raw_parts(observations, n), from_raw_parts_mut(evidence, n)) };
    let episode =
        Episode { observations: given, queries: given, train: epochs, epochs, theta: f64::INFINITY };
    run::<Fixed>(&episode, evidence).0
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}
