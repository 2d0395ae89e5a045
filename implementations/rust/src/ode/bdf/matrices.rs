//! The small matrices that rewrite backward differences for another step.

use super::MAX_ORDER;

/// Room for order 5.
pub type Square = [[f64; MAX_ORDER + 1]; MAX_ORDER + 1];

/// The matrix that leads from differences to values of the past, for a step `factor` times as long.
pub fn differences_matrix(order: usize, factor: f64) -> Square {
    let mut matrix = [[0.0; MAX_ORDER + 1]; MAX_ORDER + 1];
    matrix[0] = [1.0; MAX_ORDER + 1];
    for i in 1..=order {
        for j in 1..=order {
            matrix[i][j] = matrix[i - 1][j] * ((i as f64 - 1.0 - factor * j as f64) / i as f64);
        }
    }
    matrix
}

/// The product of two such matrices; `unit` has nothing below its diagonal.
pub fn product(a: &Square, unit: &Square, order: usize) -> Square {
    let mut result = [[0.0; MAX_ORDER + 1]; MAX_ORDER + 1];
    for i in 0..=order {
        for j in 0..=order {
            for k in 0..=j {
                result[i][j] += a[i][k] * unit[k][j];
            }
        }
    }
    result
}
