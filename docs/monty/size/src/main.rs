//! The seed's five rows, or the first so many, by the kernels of the extension, and nothing else.

#[allow(dead_code, reason = "the extension uses more of it")]
#[path = "../../../../implementations/rust/src/monty/minimal/episode.rs"]
mod episode;
#[allow(dead_code, reason = "the extension uses more of it")]
#[path = "../../../../implementations/rust/src/monty/minimal/rows.rs"]
mod rows;

/// What the kernels know of arrays: the binding to NumPy stays behind.
mod arrays {
    /// Observations: x, y, z and a feature.
    pub type Observation = [f32; 4];
}

use std::time::Instant;

fn main() {
    let rows = [(10, 10), (50, 10), (100, 10), (500, 5), (1000, 2)];
    let asked = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(rows.len());
    for (n, epochs) in rows.into_iter().take(asked) {
        let observations: Vec<arrays::Observation> = (0..n).map(|i| curve(0.1 * i as f64)).collect();
        let (given, train) = (&observations[..], epochs);
        let episode =
            episode::Episode { observations: given, queries: given, train, epochs, theta: f64::INFINITY };
        let mut evidence = vec![0.0; n];
        let start = Instant::now();
        let (confidence, steps) = episode::run::<rows::Rows>(&episode, &mut evidence);
        let seconds = start.elapsed().as_secs_f64();
        println!("{n} x {epochs}: confidence {confidence:.6}, {:.0} steps/s", (2 * steps) as f64 / seconds);
    }
}

fn curve(t: f64) -> arrays::Observation {
    [t.sin() as f32, t.cos() as f32, (t / 2.0) as f32, (t.sin() + t.cos()) as f32]
}
