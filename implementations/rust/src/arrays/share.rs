//! Work in parts, handed out one after another to the caller's thread and to those of rayon's pool.
//!
//! The caller begins at once, and the pool's threads join as they wake: a thread that comes late takes fewer
//! parts, and nobody waits for one that does not come. Waking takes long beside the calls: so the caller turns
//! round for some microseconds for the last parts before it sleeps, and the others for the next call before they
//! go back to the pool. (There, they would yield while they look for work, which on a busy machine gives their
//! processor to others.) There are as many threads as rayon says (`RAYON_NUM_THREADS`), the caller's among them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{
    AtomicBool, AtomicUsize, Ordering::AcqRel, Ordering::Acquire, Ordering::Relaxed, Ordering::Release,
};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Thread};

/// Rounds that the caller turns for the last parts before it sleeps: some twenty microseconds.
const ROUNDS: usize = 1_000;
/// Rounds that the others turn for the next call: some forty microseconds.
const LINGER: usize = 2_000;

/// What is being handed out, or was last: where threads that linger look.
static LATEST: Mutex<Option<Arc<Shared>>> = Mutex::new(None);
/// Its number.
static CALLS: AtomicUsize = AtomicUsize::new(0);
/// Threads that linger.
static LINGERING: AtomicUsize = AtomicUsize::new(0);

/// Parts that are being handed out.
struct Shared {
    /// Of all calls of this process.
    number: usize,
    /// What is called with the number of a part; lives until all are done.
    work: *const (dyn Fn(usize) + Sync),
    parts: usize,
    /// The first that nobody has taken.
    next: AtomicUsize,
    /// How many are done.
    done: AtomicUsize,
    panicked: AtomicBool,
    caller: Thread,
}

// SAFETY: the work may be called by several threads (`Sync`), and everything else may be anyway.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

impl Shared {
    /// Do parts until all are taken.
    fn take_part(&self) {
        loop {
            let part = self.next.fetch_add(1, Relaxed);
            if part >= self.parts {
                return; // the work may be gone
            }
            // SAFETY: this part is not done, and `share` does not return before all are.
            let work = unsafe { &*self.work };
            if catch_unwind(AssertUnwindSafe(|| work(part))).is_err() {
                self.panicked.store(true, Relaxed);
            }
            if self.done.fetch_add(1, AcqRel) + 1 == self.parts {
                self.caller.unpark();
            }
        }
    }

    /// Whether all parts are done; what they have written is seen then.
    fn all_done(&self) -> bool {
        self.done.load(Acquire) == self.parts
    }
}

/// Take part in a call, and in those that follow soon.
fn help(mut shared: Arc<Shared>) {
    loop {
        shared.take_part();
        LINGERING.fetch_add(1, Relaxed);
        let later = (0..LINGER).any(|_| {
            std::hint::spin_loop();
            CALLS.load(Acquire) != shared.number
        });
        LINGERING.fetch_sub(1, Relaxed);
        match LATEST.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            Some(latest) if later => shared = Arc::clone(latest),
            _ => return,
        }
    }
}

/// How many threads there are.
pub fn threads() -> usize {
    rayon::current_num_threads()
}

/// The length of parts of some elements: as many parts for each thread, of `most` elements or little more, and
/// whole multiples of `unit`.
pub fn fair(count: usize, most: usize, unit: usize) -> usize {
    let rounds = count.div_ceil(threads() * most).max(1);
    count.div_ceil(threads() * rounds).next_multiple_of(unit).max(unit)
}

/// Call `work` with 0, 1, ... `parts - 1`, on several threads at a time; return when all are done.
pub fn share(parts: usize, work: impl Fn(usize) + Sync) {
    let others = threads().min(parts).saturating_sub(1);
    if others == 0 {
        return (0..parts).for_each(work);
    }
    let work: &(dyn Fn(usize) + Sync) = &work;
    let mut latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    let shared = Arc::new(Shared {
        number: CALLS.load(Relaxed) + 1,
        // SAFETY: only its lifetime is changed; see `take_part`.
        work: unsafe {
            std::mem::transmute::<*const (dyn Fn(usize) + Sync + '_), *const (dyn Fn(usize) + Sync)>(work)
        },
        parts,
        next: AtomicUsize::new(0),
        done: AtomicUsize::new(0),
        panicked: AtomicBool::new(false),
        caller: thread::current(),
    });
    CALLS.store(shared.number, Release);
    *latest = Some(Arc::clone(&shared));
    drop(latest);
    // A thread that stops lingering just now is missed by this call, not waited for.
    for _ in LINGERING.load(Relaxed)..others {
        let shared = Arc::clone(&shared);
        rayon::spawn(move || help(shared));
    }
    shared.take_part();
    for _ in 0..ROUNDS {
        if shared.all_done() {
            break;
        }
        std::hint::spin_loop();
    }
    while !shared.all_done() {
        thread::park(); // until the last part is done, or for no reason
    }
    assert!(!shared.panicked.load(Relaxed), "a part of the work panicked");
}

/// Call `work` with each part of `length` values (the last may be shorter) and its number.
pub fn share_chunks<T: Send>(values: &mut [T], length: usize, work: impl Fn(usize, &mut [T]) + Sync) {
    assert!(length > 0);
    let (start, count) = (values.as_mut_ptr() as usize, values.len());
    share(count.div_ceil(length), |part| {
        let from = part * length;
        // SAFETY: within the values, which are borrowed until all parts are done; no two parts meet.
        let chunk =
            unsafe { std::slice::from_raw_parts_mut((start as *mut T).add(from), length.min(count - from)) };
        work(part, chunk);
    });
}
