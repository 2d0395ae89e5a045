//! The equations, one node or hypothesis at a time: the same text as `_numba.py`.

/// A vector of three components.
pub type Vector = [f64; 3];

/// An observation: frame rows n, d1, d2, pose defined, hsv, two log curvatures.
pub type Observation = [f64; 15];

/// The maximum, by a rule that costs one instruction (there is no NaN here).
#[inline(always)]
pub fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// The minimum, likewise.
#[inline(always)]
pub fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// How well a feature fits, from 1 (equal) to 0 (farther off than the tolerance).
fn column(stored: f64, seen: f64, tolerance: f64) -> f64 {
    larger(0.0, tolerance - (stored - seen).abs()) / tolerance
}

/// Fill the feature evidence of all nodes.
pub fn features(seen: &Observation, hsv: &[Vector], curv: &[[f64; 2]], phi: &mut [f64]) {
    for ((colour, bend), fit) in hsv.iter().zip(curv).zip(phi) {
        let mut off = (colour[0] - seen[10]).abs();
        off -= off.floor();
        off = smaller(off, 1.0 - off);
        let mut total = 2.0 * (larger(0.0, 0.1 - off) / 0.1);
        total += 0.5 * column(colour[1], seen[11], 0.2);
        total += 0.5 * column(colour[2], seen[12], 0.2);
        total += column(bend[0], seen[13], 1.0);
        total += column(bend[1], seen[14], 1.0);
        *fit = total / 5.0;
    }
}

/// The rotation of a hypothesis: from a candidate for the sensed frame to the frame of a node.
pub fn rotation(node: &[f64; 9], candidate: &[f64; 9]) -> [f64; 9] {
    std::array::from_fn(|i| {
        let (a, b) = (i / 3, i % 3);
        node[a] * candidate[b] + node[3 + a] * candidate[3 + b] + node[6 + a] * candidate[6 + b]
    })
}

/// A vector turned by a rotation.
#[inline(always)]
pub fn rotate(rot: &[f64; 9], v: Vector) -> Vector {
    [
        rot[0] * v[0] + rot[1] * v[1] + rot[2] * v[2],
        rot[3] * v[0] + rot[4] * v[1] + rot[5] * v[2],
        rot[6] * v[0] + rot[7] * v[1] + rot[8] * v[2],
    ]
}

/// Move a hypothesis by a displacement of the sensor.
#[inline(always)]
pub fn shift(loc: &mut Vector, rot: &[f64; 9], v: &Vector) {
    let [x, y, z] = rotate(rot, *v);
    loc[0] += x;
    loc[1] += y;
    loc[2] += z;
}

/// A dot product within [-1, 1].
#[inline(always)]
fn clipped(c: f64) -> f64 {
    smaller(larger(c, -1.0), 1.0)
}

/// What a hypothesis expects to feel: the sensed normal and first direction in its object's frame.
pub struct Felt {
    /// The normal.
    pub n: Vector,
    /// The first principal direction.
    pub d: Vector,
}

impl Felt {
    /// Turn the sensed directions by the rotation of a hypothesis.
    #[inline(always)]
    pub fn new(rot: &[f64; 9], seen: &Observation) -> Self {
        Self { n: rotate(rot, [seen[0], seen[1], seen[2]]), d: rotate(rot, [seen[3], seen[4], seen[5]]) }
    }
}

/// The evidence of a node that lies `delta` away from a hypothesis; -1 out of range.
#[inline(always)]
pub fn judge(
    delta: Vector,
    felt: &Felt,
    node: &[f64; 9],
    both: bool,
    phi: f64,
    kappa: f64,
    radius: f64,
) -> f64 {
    let ([dx, dy, dz], n, d) = (delta, &felt.n, &felt.d);
    let off = dx * n[0] + dy * n[1] + dz * n[2];
    if (dx * dx + dy * dy + dz * dz).sqrt() + off.abs() / (kappa + 0.5) >= radius {
        return -1.0;
    }
    let c = clipped(node[0] * n[0] + node[1] * n[1] + node[2] * n[2]);
    let mut pose = 0.5 - ((1.0 - c) / 2.0).sqrt();
    if both {
        let c = clipped(node[3] * d[0] + node[4] * d[1] + node[5] * d[2]);
        pose += 0.5 - (1.0 - c * c).sqrt();
    }
    pose + phi
}
