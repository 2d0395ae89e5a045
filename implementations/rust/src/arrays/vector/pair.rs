//! Two groups side by side: each instruction is followed by one that need not wait for it.
//!
//! A polynomial is a chain, in which every step waits some four cycles for the one before. Processors look
//! only so far ahead for other work; with four groups in step, it stands beside.

use super::lane::Lane;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// Two groups, the second of which follows the first in memory.
#[derive(Clone, Copy)]
pub struct Pair<L>(L, L);

/// Four groups.
pub type Four<L> = Pair<Pair<L>>;

macro_rules! operator {
    ($trait:ident, $method:ident) => {
        impl<L: Lane> $trait for Pair<L> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Pair(self.0.$method(other.0), self.1.$method(other.1))
            }
        }
    };
}

operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);

impl<L: Lane> Neg for Pair<L> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Pair(-self.0, -self.1)
    }
}

/// Methods that do the same to both.
macro_rules! both {
    ($($method:ident($($other:ident),*);)*) => {$(
        #[inline(always)]
        fn $method(self, $($other: Self),*) -> Self {
            Pair(self.0.$method($($other.0),*), self.1.$method($($other.1),*))
        }
    )*};
}

/// Comparisons of both.
macro_rules! both_masks {
    ($($method:ident($($other:ident),*);)*) => {$(
        #[inline(always)]
        fn $method(self, $($other: Self),*) -> Self::Mask {
            (self.0.$method($($other.0),*), self.1.$method($($other.1),*))
        }
    )*};
}

impl<L: Lane> Lane for Pair<L> {
    const WIDTH: usize = 2 * L::WIDTH;
    type Mask = (L::Mask, L::Mask);

    both! {
        fma(factor, term);
        sqrt();
        abs();
        min(other);
        max(other);
        with_sign(of);
        flip_where_odd(of);
        scale(exponent);
        exponential();
    }
    both_masks! {
        is_nan();
    }

    /// Half of the groups by a unit of their own, half by multiply-adds: both are busy.
    #[inline(always)]
    fn root(self) -> Self {
        let other = if L::WIDTH > 8 { self.1.root() } else { self.1.sqrt() };
        Pair(self.0.root(), other)
    }
    #[inline(always)]
    fn splat(value: f64) -> Self {
        Pair(L::splat(value), L::splat(value))
    }
    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        // SAFETY: the caller's.
        unsafe { Pair(L::load(from), L::load(from.add(L::WIDTH))) }
    }
    #[inline(always)]
    unsafe fn load_first(from: *const f64, count: usize, fill: f64) -> Self {
        let first = count.min(L::WIDTH);
        // SAFETY: the caller's; nothing is read beyond `count`.
        unsafe { Pair(L::load_first(from, first, fill), L::load_first(from.add(first), count - first, fill)) }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        // SAFETY: the caller's.
        unsafe {
            self.0.store(to);
            self.1.store(to.add(L::WIDTH));
        }
    }
    #[inline(always)]
    unsafe fn store_first(self, to: *mut f64, count: usize) {
        let first = count.min(L::WIDTH);
        // SAFETY: the caller's; nothing is written beyond `count`.
        unsafe {
            self.0.store_first(to, first);
            self.1.store_first(to.add(first), count - first);
        }
    }
    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let ((a, k), (b, l)) = (self.0.split(), self.1.split());
        (Pair(a, b), Pair(k, l))
    }
    #[inline(always)]
    fn within(self, limit: f64) -> bool {
        self.0.within(limit) & self.1.within(limit)
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Pair(L::select(mask.0, yes.0, no.0), L::select(mask.1, yes.1, no.1))
    }
    #[inline(always)]
    fn scan(self) -> Self {
        let (first, second) = (self.0.scan(), self.1.scan());
        Pair(first, second + first.last())
    }
    #[inline(always)]
    fn last(self) -> Self {
        Pair(self.1.last(), self.1.last())
    }
    #[inline(always)]
    fn each(self, function: impl Fn(f64) -> f64) -> Self {
        Pair(self.0.each(&function), self.1.each(&function))
    }
    #[inline(always)]
    fn reduce(self, join: impl Fn(f64, f64) -> f64) -> f64 {
        join(self.0.reduce(&join), self.1.reduce(&join))
    }
}
