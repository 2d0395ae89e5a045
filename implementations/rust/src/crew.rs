//! The threads that share work: rayon's pool, to which the calling thread belongs.
//!
//! By itself rayon lets the caller sleep while its threads work: all of them must be woken before anything is done.
//! Here the caller starts at once, and the others take from it what they can.

use rayon::ThreadPoolBuilder;
use std::sync::OnceLock;

/// How many threads work, the caller among them. Where it is one, no pool is needed, and none is made.
pub fn size() -> usize {
    static SIZE: OnceLock<usize> = OnceLock::new();
    *SIZE.get_or_init(|| {
        let asked = std::env::var("RAYON_NUM_THREADS").ok().and_then(|text| text.parse().ok());
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        let threads = asked.filter(|&count: &usize| count > 0).unwrap_or_else(processors);
        if threads > 1 {
            // A pool that somebody else has made is as good. With two threads or more at least one is the pool's
            // own, so that a caller from another thread of Python's is never left waiting.
            let _ = ThreadPoolBuilder::new().num_threads(threads).use_current_thread().build_global();
        }
        threads
    })
}
