//! The kernels that know nothing of Python, compiled for their tests: of array operations, and LU.

#![allow(dead_code, unused_imports)] // what only the bindings use

#[path = "../src/arrays"]
mod arrays {
    pub mod dispatch;
    pub mod elementwise;
    pub mod fold;
    #[cfg(target_arch = "x86_64")]
    pub mod matmul_blocks;
    pub mod matmul_product;
    #[cfg(target_arch = "x86_64")]
    pub mod matmul_tile;
    pub mod moments;
    pub mod naive_fields;
    pub mod order_select;
    pub mod pipelines_adam;
    pub mod pipelines_image;
    pub mod pipelines_signal;
    pub mod share;
    pub mod stencil_kernels;
    pub mod vector;
    pub mod workspace;
}

#[path = "../src/ode"]
mod ode {
    pub mod lu;
}

#[cfg(test)]
mod lane_tests;
#[cfg(test)]
mod share_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_lu;
