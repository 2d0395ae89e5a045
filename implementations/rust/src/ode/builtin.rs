//! Compiled-in right-hand sides: the problems of the suite.

use std::f64::consts::PI;

/// A right-hand side that the compiler can put into the method.
pub trait Problem {
    /// The number of equations where it is the same for all parameters, else 0.
    const WIDTH: usize = 0;
    /// The number of parameters.
    const PARAMETERS: usize;
    /// Write the derivative of `y` at `t` into `dy`; `p` are the parameters.
    fn rhs(t: f64, y: &[f64], dy: &mut [f64], p: &[f64]);
    /// Whether there is an analytic Jacobian.
    const ANALYTIC: bool = false;
    /// Write the Jacobian (n, n), row by row, into `j`.
    fn jacobian(_y: &[f64], _j: &mut [f64], _p: &[f64]) {}
}

/// Declare a problem: its name, its width, the number of its parameters, its right-hand side, its Jacobian.
macro_rules! problem {
    ($(#[$doc:meta])* $name:ident, $width:expr, $parameters:expr, |$t:pat_param, $y:ident, $dy:ident, $p:pat_param| $body:block
     $(, |$jy:ident, $j:ident, $jp:pat_param| $jacobian:block)?) => {
        $(#[$doc])*
        pub struct $name;
        impl Problem for $name {
            const WIDTH: usize = $width;
            const PARAMETERS: usize = $parameters;
            #[inline(always)]
            fn rhs($t: f64, $y: &[f64], $dy: &mut [f64], $p: &[f64]) $body
            $(
                const ANALYTIC: bool = true;
                fn jacobian($jy: &[f64], $j: &mut [f64], $jp: &[f64]) $jacobian
            )?
        }
    };
}

problem! {
    /// Van der Pol's oscillator.
    VanDerPol, 2, 1, |_, y, dy, p| {
        dy[0] = y[1];
        dy[1] = p[0] * (1.0 - y[0] * y[0]) * y[1] - y[0];
    }, |y, j, p| {
        j[0] = 0.0;
        j[1] = 1.0;
        j[2] = -2.0 * p[0] * y[0] * y[1] - 1.0;
        j[3] = p[0] * (1.0 - y[0] * y[0]);
    }
}

problem! {
    /// Predators and prey.
    LotkaVolterra, 2, 4, |_, y, dy, p| {
        dy[0] = p[0] * y[0] - p[1] * y[0] * y[1];
        dy[1] = -p[2] * y[1] + p[3] * y[0] * y[1];
    }
}

problem! {
    /// The Brusselator without diffusion.
    Brusselator, 2, 2, |_, y, dy, p| {
        let u = y[0] * y[0] * y[1];
        dy[0] = p[0] + u - (p[1] + 1.0) * y[0];
        dy[1] = p[1] * y[0] - u;
    }
}

problem! {
    /// Lorenz' attractor.
    Lorenz, 3, 3, |_, y, dy, p| {
        dy[0] = p[0] * (y[1] - y[0]);
        dy[1] = y[0] * (p[1] - y[2]) - y[1];
        dy[2] = y[0] * y[1] - p[2] * y[2];
    }
}

problem! {
    /// Arenstorf's orbit: three bodies, one without mass.
    Arenstorf, 4, 1, |_, y, dy, p| {
        let mu = p[0];
        let mm = 1.0 - mu;
        let d1 = ((y[0] + mu) * (y[0] + mu) + y[1] * y[1]).powf(1.5);
        let d2 = ((y[0] - mm) * (y[0] - mm) + y[1] * y[1]).powf(1.5);
        dy[0] = y[2];
        dy[1] = y[3];
        dy[2] = y[0] + 2.0 * y[3] - mm * (y[0] + mu) / d1 - mu * (y[0] - mm) / d2;
        dy[3] = y[1] - 2.0 * y[2] - mm * y[1] / d1 - mu * y[1] / d2;
    }
}

problem! {
    /// The Pleiades: seven stars in a plane.
    Pleiades, 28, 0, |_, y, dy, _| { attract(y, dy) }
}

/// Forces among the seven stars. Not inlined: a step of DOP853 would hold the 42 powers a dozen times, which is
/// more code than the processor keeps at hand.
#[inline(never)]
fn attract(y: &[f64], dy: &mut [f64]) {
    let (y, dy) = (&y[..28], &mut dy[..28]); // one test instead of many
    for i in 0..7 {
        let (mut ax, mut ay) = (0.0, 0.0);
        for j in 0..7 {
            if j != i {
                let (dx, dz) = (y[j] - y[i], y[j + 7] - y[i + 7]);
                let r = (dx * dx + dz * dz).powf(1.5);
                ax += (j + 1) as f64 * dx / r;
                ay += (j + 1) as f64 * dz / r;
            }
        }
        dy[i] = y[14 + i];
        dy[7 + i] = y[21 + i];
        dy[14 + i] = ax;
        dy[21 + i] = ay;
    }
}

problem! {
    /// Uncoupled decay, as many equations as wanted.
    Linear, 0, 0, |_, y, dy, _| {
        for (dy, y) in dy.iter_mut().zip(y) {
            *dy = -y;
        }
    }
}

problem! {
    /// Robertson's reaction.
    Robertson, 3, 3, |_, y, dy, p| {
        let (a, b, c) = (p[0] * y[0], p[1] * y[1] * y[1], p[2] * y[1] * y[2]);
        dy[0] = -a + c;
        dy[1] = a - c - b;
        dy[2] = b;
    }, |y, j, p| {
        let (b, c) = (2.0 * p[1] * y[1], p[2] * y[1]);
        j.copy_from_slice(&[-p[0], p[2] * y[2], c, p[0], -p[2] * y[2] - b, -c, 0.0, b, 0.0]);
    }
}

problem! {
    /// High irradiance response.
    Hires, 8, 0, |_, y, dy, _| {
        dy[0] = -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007;
        dy[1] = 1.71 * y[0] - 8.75 * y[1];
        dy[2] = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4];
        dy[3] = 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3];
        dy[4] = -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6];
        dy[5] = -280.0 * y[5] * y[7] + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6];
        dy[6] = 280.0 * y[5] * y[7] - 1.81 * y[6];
        dy[7] = -dy[6];
    }
}

problem! {
    /// The Oregonator.
    Oregonator, 3, 3, |_, y, dy, p| {
        dy[0] = p[0] * (y[1] + y[0] * (1.0 - p[1] * y[0] - y[1]));
        dy[1] = (y[2] - (1.0 + y[0]) * y[1]) / p[0];
        dy[2] = p[2] * (y[0] - y[2]);
    }, |y, j, p| {
        j[0] = p[0] * (1.0 - 2.0 * p[1] * y[0] - y[1]);
        j[1] = p[0] * (1.0 - y[0]);
        j[2] = 0.0;
        j[3] = -y[1] / p[0];
        j[4] = -(1.0 + y[0]) / p[0];
        j[5] = 1.0 / p[0];
        j[6] = p[2];
        j[7] = 0.0;
        j[8] = -p[2];
    }
}

problem! {
    /// E5: a pyrolysis, scaled to the limit.
    E5, 4, 0, |_, y, dy, _| {
        let (a, b) = (7.89e-10 * y[0], 1.1e7 * y[0] * y[2]);
        let (c, d) = (1.13e9 * y[1] * y[2], 1.13e3 * y[3]);
        dy[0] = -a - b;
        dy[1] = a - c;
        dy[3] = b - d;
        dy[2] = dy[1] - dy[3];
    }, |y, j, _| {
        let b = [-1.1e7 * y[2], 0.0, -1.1e7 * y[0], 0.0];
        let c = [0.0, -1.13e9 * y[2], -1.13e9 * y[1], 0.0];
        let d = [0.0, 0.0, 0.0, -1.13e3];
        for i in 0..4 {
            let a = if i == 0 { 7.89e-10 } else { 0.0 };
            j[i] = -a + b[i];
            j[4 + i] = a + c[i];
            j[12 + i] = -b[i] + d[i];
            j[8 + i] = j[4 + i] - j[12 + i];
        }
    }
}

problem! {
    /// Heat in a rod, its ends at zero: (n + 1)^2 times the second difference.
    Heat, 0, 0, |_, y, dy, _| {
        let n = y.len();
        let scale = ((n + 1) * (n + 1)) as f64;
        for i in 0..n {
            let left = if i == 0 { 0.0 } else { y[i - 1] };
            let right = if i + 1 == n { 0.0 } else { y[i + 1] };
            dy[i] = scale * (left - 2.0 * y[i] + right);
        }
    }
}

problem! {
    /// Air pollution: 25 reactions of 20 species.
    Pollution, 20, 0, |_, y, dy, _| {
        let r0 = 0.35 * y[0];
        let r1 = 26.6 * y[1] * y[3];
        let r2 = 12300.0 * y[4] * y[1];
        let r3 = 0.00086 * y[6];
        let r4 = 0.00082 * y[6];
        let r5 = 15000.0 * y[6] * y[5];
        let r6 = 0.00013 * y[8];
        let r7 = 24000.0 * y[8] * y[5];
        let r8 = 16500.0 * y[10] * y[1];
        let r9 = 9000.0 * y[10] * y[0];
        let r10 = 0.022 * y[12];
        let r11 = 12000.0 * y[9] * y[1];
        let r12 = 1.88 * y[13];
        let r13 = 16300.0 * y[0] * y[5];
        let r14 = 4800000.0 * y[2];
        let r15 = 0.00035 * y[3];
        let r16 = 0.0175 * y[3];
        let r17 = 100000000.0 * y[15];
        let r18 = 444000000000.0 * y[15];
        let r19 = 1240.0 * y[16] * y[5];
        let r20 = 2.1 * y[18];
        let r21 = 5.78 * y[18];
        let r22 = 0.0474 * y[0] * y[3];
        let r23 = 1780.0 * y[18] * y[0];
        let r24 = 3.12 * y[19];
        dy[0] = -r0 - r9 - r13 - r22 - r23 + r1 + r2 + r8 + r10 + r11 + r21 + r24;
        dy[1] = -r1 - r2 - r8 - r11 + r0 + r20;
        dy[2] = -r14 + r0 + r16 + r18 + r21;
        dy[3] = -r1 - r15 - r16 - r22 + r14;
        dy[4] = -r2 + r3 + r3 + r5 + r6 + r12 + r19;
        dy[5] = -r5 - r7 - r13 - r19 + r2 + r17 + r17;
        dy[6] = -r3 - r4 - r5 + r12;
        dy[7] = r3 + r4 + r5 + r6;
        dy[8] = -r6 - r7;
        dy[9] = -r11 + r6 + r8;
        dy[10] = -r8 - r9 + r7 + r10;
        dy[11] = r8;
        dy[12] = -r10 + r9;
        dy[13] = -r12 + r11;
        dy[14] = r13;
        dy[15] = -r17 - r18 + r15;
        dy[16] = -r19;
        dy[17] = r19;
        dy[18] = -r20 - r21 - r23 + r22 + r24;
        dy[19] = -r24 + r23;
    }
}

problem! {
    /// The ring modulator: diodes and coils, driven by two sines.
    RingModulator, 15, 0, |t, y, dy, _| {
        let (c, cs, cp, r, rp) = (1.6e-8, 2e-12, 1e-8, 25e3, 50.0);
        let (lh, ls1, ls2, ls3) = (4.45, 2e-3, 5e-4, 5e-4);
        let (rg1, rg2, rg3, ri, rc) = (36.3, 17.3, 17.3, 50.0, 600.0);
        let (u1, u2) = (0.5 * (2e3 * PI * t).sin(), 2.0 * (2e4 * PI * t).sin());
        let diode = |u: f64| 40.67286402e-9 * ((17.7493332 * u).exp() - 1.0);
        let q1 = diode(y[2] - y[4] - y[6] - u2);
        let q2 = diode(-y[3] + y[5] - y[6] - u2);
        let q3 = diode(y[3] + y[4] + y[6] + u2);
        let q4 = diode(-y[2] - y[5] + y[6] + u2);
        dy[0] = (y[7] - 0.5 * y[9] + 0.5 * y[10] + y[13] - y[0] / r) / c;
        dy[1] = (y[8] - 0.5 * y[11] + 0.5 * y[12] + y[14] - y[1] / r) / c;
        dy[2] = (y[9] - q1 + q4) / cs;
        dy[3] = (-y[10] + q2 - q3) / cs;
        dy[4] = (y[11] + q1 - q3) / cs;
        dy[5] = (-y[12] - q2 + q4) / cs;
        dy[6] = (-y[6] / rp + q1 + q2 - q3 - q4) / cp;
        dy[7] = -y[0] / lh;
        dy[8] = -y[1] / lh;
        dy[9] = (0.5 * y[0] - y[2] - rg2 * y[9]) / ls2;
        dy[10] = (-0.5 * y[0] + y[3] - rg3 * y[10]) / ls3;
        dy[11] = (0.5 * y[1] - y[4] - rg2 * y[11]) / ls2;
        dy[12] = (-0.5 * y[1] + y[5] - rg3 * y[12]) / ls3;
        dy[13] = (-y[0] + u1 - (ri + rg1) * y[13]) / ls1;
        dy[14] = (-y[1] - (rc + rg1) * y[14]) / ls1;
    }
}

problem! {
    /// A body that falls.
    Fall, 2, 1, |_, y, dy, p| {
        dy[0] = y[1];
        dy[1] = -p[0];
    }
}

problem! {
    /// A cannon ball in air: drag grows with the square of the speed.
    Cannon, 4, 2, |_, y, dy, p| {
        let v = (y[2] * y[2] + y[3] * y[3]).sqrt();
        dy[0] = y[2];
        dy[1] = y[3];
        dy[2] = -p[1] * v * y[2];
        dy[3] = -p[0] - p[1] * v * y[3];
    }
}
