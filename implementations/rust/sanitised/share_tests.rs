//! Work in parts: each is done once, whoever calls, and a panic reaches the caller when nobody works any more.

use crate::arrays::share::{fair, share, share_chunks, threads};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[test]
#[cfg_attr(miri, ignore)] // the pool's threads outlive the tests
fn every_part_is_done_once() {
    for parts in [0, 1, 2, 7, 1000] {
        let done: Vec<AtomicUsize> = (0..parts).map(|_| AtomicUsize::new(0)).collect();
        share(parts, |part| {
            done[part].fetch_add(1, Relaxed);
        });
        assert!(done.iter().all(|times| times.load(Relaxed) == 1));
    }
}

#[test]
#[cfg_attr(miri, ignore)] // as above
fn callers_do_not_wait_for_each_other_for_ever() {
    std::thread::scope(|scope| {
        for caller in 0..4 {
            scope.spawn(move || {
                for _ in 0..200 {
                    let mut values = vec![0_usize; 101];
                    share_chunks(&mut values, 10, |part, chunk| chunk.fill(part + caller));
                    assert!(values.iter().enumerate().all(|(i, &value)| value == i / 10 + caller));
                }
            });
        }
    });
}

#[test]
#[cfg_attr(miri, ignore)] // as above
fn a_panic_reaches_the_caller_when_nobody_works_any_more() {
    let done = AtomicUsize::new(0);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        share(64, |part| {
            assert_ne!(part, 5, "this part is meant to panic");
            done.fetch_add(1, Relaxed);
        });
    }));
    assert!(caught.is_err());
    let expected = if threads() == 1 { 5 } else { 63 }; // a thread alone stops at once
    assert_eq!(done.into_inner(), expected);
}

#[test]
#[cfg_attr(miri, ignore)] // as above
fn parts_are_fair() {
    for (count, most, unit) in
        [(1, 16_384, 512), (70_000, 16_384, 512), (1_000_000, 16_384, 512), (99, 32, 1)]
    {
        let length = fair(count, most, unit);
        assert!(length.is_multiple_of(unit) && length <= most + unit);
    }
}

#[test]
#[cfg_attr(miri, ignore)] // as above
fn calls_one_after_another_and_after_a_rest() {
    for call in 0..2000_usize {
        let sum = AtomicUsize::new(0);
        share(4, |part| {
            sum.fetch_add(call + part, Relaxed);
        });
        assert_eq!(sum.into_inner(), 4 * call + 6);
        if call % 500 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(2)); // those that linger go home
        }
    }
}
