//! Memory that a thread's kernels work in, kept from call to call: new pages cost more than many a kernel.

use std::cell::RefCell;

/// What is larger (32 MiB) is given back at once.
const KEPT: usize = 1 << 22;

/// Call a kernel with `length` values to work in. They are what the last kernel has left there.
pub fn with_workspace<R>(length: usize, kernel: impl FnOnce(&mut [f64]) -> R) -> R {
    thread_local! {
        static WORKSPACE: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
    }
    // Taken out while it is in use: a kernel that asks again gets another.
    let mut workspace = WORKSPACE.take();
    if workspace.len() < length {
        workspace = vec![0.0; length];
    }
    let answer = kernel(&mut workspace[..length]);
    if workspace.len() <= KEPT {
        WORKSPACE.set(workspace);
    }
    answer
}
