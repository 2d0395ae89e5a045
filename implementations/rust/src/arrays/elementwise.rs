//! Loops over elements: `out[i] = f(x[i], y[i], ...)`, tails and alignment included.

use super::dispatch::{Kernel, dispatch};
use super::share::{fair, share};
use super::vector::{Four, Lane, load_each, load_first_of_each};

/// Elements that are looked at together before a map that is not for all numbers.
const BLOCK: usize = 512;

/// A function of K arrays' elements.
pub trait Map<const K: usize> {
    /// Whether some arguments need `rare`.
    const GUARDED: bool = false;
    /// The value for a group of elements.
    fn at<L: Lane>(&self, x: [L; K]) -> L;
    /// Something that is within +-`limit` where `at` is right.
    #[inline(always)]
    fn guard<L: Lane>(&self, x: [L; K]) -> (L, f64) {
        (x[0], f64::INFINITY)
    }
    /// The value where `guard` says that `at` would be wrong.
    fn rare(&self, x: [f64; K]) -> f64 {
        self.at(x)
    }
}

/// Arrays of one length: K that are read, and one that is filled.
pub struct Spans<const K: usize> {
    /// The arguments.
    pub given: [*const f64; K],
    /// The answer, which may be one of the arguments exactly, but overlaps with none otherwise.
    pub out: *mut f64,
    /// Number of elements.
    pub count: usize,
}

struct Mapping<'a, const K: usize, F> {
    f: &'a F,
    spans: Spans<K>,
}

/// Fill `out` with `f` of the arguments' elements.
///
/// # Safety
/// All pointers are good for `count` elements, the last one for writing; see `Spans` for aliasing.
pub unsafe fn map<const K: usize, F: Map<K>>(f: &F, spans: Spans<K>) {
    dispatch(Mapping { f, spans });
}

impl<const K: usize, F: Map<K>> Kernel for Mapping<'_, K, F> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        // SAFETY: `map` was promised that these are good.
        unsafe { run::<K, L, F>(self.f, &self.spans) }
    }
}

/// As `map`, on a lane's width.
///
/// # Safety
/// As `map`.
#[inline(always)]
pub unsafe fn run<const K: usize, L: Lane, F: Map<K>>(f: &F, spans: &Spans<K>) {
    let Spans { given, out, count } = *spans;
    if !F::GUARDED {
        // SAFETY: the caller's promise.
        return unsafe { all::<K, L, F>(f, given, out, 0, count) };
    }
    let mut start = 0;
    while start < count {
        let end = count.min(start + BLOCK);
        // SAFETY: the caller's promise, for a part of the arrays.
        unsafe {
            if usual::<K, L, F>(f, given, start, end) {
                all::<K, L, F>(f, given, out, start, end);
            } else {
                for i in start..end {
                    let x: [f64; K] = std::array::from_fn(|k| *given[k].add(i));
                    let (value, limit) = f.guard(x);
                    *out.add(i) = if value.abs() <= limit { f.at(x) } else { f.rare(x) };
                }
            }
        }
        start = end;
    }
}

/// Whether `at` is right for all elements of a block.
#[inline(always)]
unsafe fn usual<const K: usize, L: Lane, F: Map<K>>(
    f: &F,
    given: [*const f64; K],
    start: usize,
    end: usize,
) -> bool {
    let mut usual = true;
    let mut i = start;
    while i < end {
        // SAFETY: at most what is left is read.
        let x = unsafe { load_first_of_each::<K, L>(given, i, L::WIDTH.min(end - i), [0.0; K]) };
        let (value, limit) = f.guard(x);
        usual &= value.within(limit);
        i += L::WIDTH;
    }
    usual
}

/// `at` for all elements from `start` to `end`; whole lanes are stored where a cache line begins.
#[inline(always)]
unsafe fn all<const K: usize, L: Lane, F: Map<K>>(
    f: &F,
    given: [*const f64; K],
    out: *mut f64,
    start: usize,
    end: usize,
) {
    let mut i = start;
    // SAFETY: at most `end - i` elements are read and written at `i`, all before `end`.
    unsafe {
        if L::WIDTH > 1 {
            let beyond = (out.add(i) as usize / size_of::<f64>()) % L::WIDTH;
            let head = (end - i).min((L::WIDTH - beyond) % L::WIDTH);
            if head > 0 {
                f.at(load_first_of_each::<K, L>(given, i, head, [1.0; K])).store_first(out.add(i), head);
                i += head;
            }
        }
        // Alone, one float64 is widened by the loop vectoriser; wider groups go four in step.
        while L::WIDTH > 1 && i + Four::<L>::WIDTH <= end {
            f.at(load_each::<K, Four<L>>(given, i)).store(out.add(i));
            i += Four::<L>::WIDTH;
        }
        while i + L::WIDTH <= end {
            f.at(load_each::<K, L>(given, i)).store(out.add(i));
            i += L::WIDTH;
        }
        if i < end {
            let tail = end - i;
            f.at(load_first_of_each::<K, L>(given, i, tail, [1.0; K])).store_first(out.add(i), tail);
        }
    }
}

/// Elements that are worth a task of their own: some microseconds.
const TASK: usize = 16_384;

/// As `map`, on several threads.
///
/// # Safety
/// As `map`.
pub unsafe fn map_parallel<const K: usize, F: Map<K> + Sync>(f: &F, spans: Spans<K>) {
    if spans.count < 2 * TASK {
        // SAFETY: the caller's promise.
        return unsafe { map(f, spans) };
    }
    let given = spans.given.map(|x| x as usize);
    let (out, count) = (spans.out as usize, spans.count);
    let length = fair(count, TASK, BLOCK);
    let step = length * size_of::<f64>();
    share(count.div_ceil(length), |task| {
        let part = Spans {
            given: given.map(|x| (x + task * step) as *const f64),
            out: (out + task * step) as *mut f64,
            count: length.min(count - task * length),
        };
        // SAFETY: the caller's promise, for parts that do not meet.
        unsafe { map(f, part) };
    });
}
