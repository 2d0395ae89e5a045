//! Vector mathematics: one text for all widths, accurate to 4 ulp (sin, cos: 4e-16 absolute).
//!
//! Every function is written once, over a `Lane`: one float64 on the portable path, which LLVM's loop
//! vectoriser widens to what the build's instruction set has, or eight of them on AVX-512. None branches. exp has a
//! second text for AVX-512, which can look values up in a register.

mod exp;
#[cfg(target_arch = "x86_64")]
mod exp_table;
mod lane;
mod log;
mod pair;
mod trig;
#[cfg(target_arch = "x86_64")]
mod zmm;

pub use exp::{exp, tanh};
pub use lane::{Lane, load_each, load_first_of_each};
pub use log::log;
pub use pair::Four;
pub use trig::{SIN_LIMIT, cos, sin};
#[cfg(target_arch = "x86_64")]
pub use zmm::Zmm;
