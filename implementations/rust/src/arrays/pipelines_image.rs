//! Edges of an image: five operations fused over rows that stay in the first-level cache.

use super::stencil_kernels::{blur_across, blur_along, sobel_row};

/// Luminance of red, green and blue.
pub const WEIGHTS: [f64; 3] = [0.299, 0.587, 0.114];
/// What becomes 0.
pub const LOW: f64 = 0.2;
/// What becomes 1.
pub const HIGH: f64 = 0.8;

/// Luminance of a row of pixels, stretched so that 0.2 becomes 0 and 0.8 becomes 1.
#[inline(always)]
fn stretched(pixels: &[[f64; 3]], answer: &mut [f64]) {
    for (&[red, green, blue], answer) in pixels.iter().zip(answer) {
        let grey = red * WEIGHTS[0] + green * WEIGHTS[1] + blue * WEIGHTS[2];
        let raised = if grey < LOW { LOW } else { grey };
        let clipped = if raised > HIGH { HIGH } else { raised };
        *answer = (clipped - LOW) / (HIGH - LOW);
    }
}

/// Edges of an image with `width` columns (at least 5): 1 where the gradient of the smoothed image exceeds one half.
#[inline(always)]
pub fn image(pixels: &[[f64; 3]], width: usize, workspace: &mut [f64], answer: &mut [f64]) {
    let (inner, out) = (width - 2, width - 4);
    let (grey, rest) = workspace.split_at_mut(width);
    let (along, across) = rest.split_at_mut(3 * inner);
    let mut along = thirds(along, inner);
    let mut across = thirds(across, inner);
    for (row, pixels) in pixels.chunks_exact(width).enumerate() {
        stretched(pixels, grey);
        blur_along(grey, along[2]);
        if row >= 2 {
            blur_across(along[0], along[1], along[2], across[2]);
        }
        if row >= 4 {
            let edges = &mut answer[(row - 4) * out..(row - 3) * out];
            sobel_row(across[0], across[1], across[2], edges);
            for edge in edges {
                *edge = f64::from(u8::from(*edge > 0.5));
            }
        }
        along.rotate_left(1);
        across.rotate_left(1);
    }
}

fn thirds(three: &mut [f64], length: usize) -> [&mut [f64]; 3] {
    let (first, rest) = three.split_at_mut(length);
    let (second, rest) = rest.split_at_mut(length);
    [first, second, &mut rest[..length]]
}
