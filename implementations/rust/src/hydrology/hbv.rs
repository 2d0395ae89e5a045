//! HBV-Light's equations, one function a routine: the text of `paceline_models/hydrology/_hbv/equations.py`.

/// The lesser of two numbers; not `a.min(b)`, whose rule for NaN costs instructions on the critical path.
#[inline(always)]
pub fn lesser(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

/// The greater of two numbers.
#[inline(always)]
pub fn greater(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

/// The parameters, named; MAXBAS has become the routing weights.
#[derive(Clone, Copy)]
pub struct Parameters {
    /// Threshold temperature of snowfall and melt, degC.
    pub tt: f64,
    /// Degree-day factor, mm/degC/d.
    pub cfmax: f64,
    /// Snowfall correction factor.
    pub sfcf: f64,
    /// Refreezing coefficient.
    pub cfr: f64,
    /// Water that the snow holds, as a share of SP.
    pub cwh: f64,
    /// Field capacity, mm.
    pub fc: f64,
    /// Soil moisture above which AET reaches PET: LP FC, mm.
    pub limit: f64,
    /// Exponent of the recharge.
    pub beta: f64,
    /// Largest percolation, mm/d.
    pub perc: f64,
    /// Content of the upper zone above which Q0 flows, mm.
    pub uzl: f64,
    /// Recessions of Q0, Q1 and Q2, 1/d.
    pub k0: f64,
    /// See `k0`.
    pub k1: f64,
    /// See `k0`.
    pub k2: f64,
}

impl Parameters {
    /// Name the first thirteen values of the parameter vector.
    #[inline(always)]
    pub fn new(params: &[f64; 14]) -> Self {
        let [tt, cfmax, sfcf, cfr, cwh, fc, lp, beta, perc, uzl, k0, k1, k2, _] = *params;
        Self { tt, cfmax, sfcf, cfr, cwh, fc, limit: lp * fc, beta, perc, uzl, k0, k1, k2 }
    }
}

/// Rain, snowfall, SP, melt, LW and soil input; rain goes into the snow's water.
#[inline(always)]
pub fn snow_routine(with: &Parameters, sp: f64, lw: f64, p: f64, temp: f64) -> [f64; 6] {
    let Parameters { tt, cfmax, sfcf, cfr, cwh, .. } = *with;
    let (rain, snowfall, melt, refreezing);
    if temp < tt {
        (rain, snowfall, melt) = (0.0, sfcf * p, 0.0);
        refreezing = lesser(cfr * cfmax * (tt - temp), lw);
    } else {
        (rain, snowfall, refreezing) = (p, 0.0, 0.0);
        melt = lesser(cfmax * (temp - tt), sp);
    }
    let sp = sp - melt + refreezing + snowfall;
    let lw = lw + melt - refreezing + rain;
    let soil_input = greater(0.0, lw - cwh * sp);
    [rain, snowfall, sp, melt, lw - soil_input, soil_input]
}

/// SM and recharge after the soil input in one step; what FC cannot hold is recharge.
#[inline(always)]
pub fn infiltration(with: &Parameters, sm: f64, soil_input: f64) -> [f64; 2] {
    let Parameters { fc, beta, .. } = *with;
    let recharge = soil_input * lesser(sm / fc, 1.0).powf(beta);
    let sm = sm + (soil_input - recharge);
    [lesser(sm, fc), recharge + greater(sm - fc, 0.0)]
}

/// SM and recharge after the soil input in steps of a whole millimetre, the remainder last.
#[inline(always)]
pub fn infiltration_1mm(with: &Parameters, mut sm: f64, soil_input: f64) -> [f64; 2] {
    let Parameters { fc, beta, .. } = *with;
    let whole = soil_input as i64;
    let mut recharge = 0.0;
    for _ in 0..whole {
        let r = lesser(sm / fc, 1.0).powf(beta);
        sm += 1.0 - r;
        recharge += r;
    }
    let remainder = soil_input - whole as f64;
    let r = remainder * lesser(sm / fc, 1.0).powf(beta);
    sm += remainder - r;
    [lesser(sm, fc), recharge + r + greater(sm - fc, 0.0)]
}

/// Actual evapotranspiration, from the mean of SM before and after infiltration.
#[inline(always)]
pub fn evapotranspiration(with: &Parameters, before: f64, sm: f64, e: f64) -> f64 {
    lesser(e * lesser((before + sm) / 2.0 / with.limit, 1.0), sm)
}

/// UZ, LZ, Q0, Q1, Q2 and percolation: recharge in, percolation first, then the outflows.
#[inline(always)]
pub fn response(with: &Parameters, uz: f64, lz: f64, recharge: f64) -> [f64; 6] {
    let Parameters { perc, uzl, k0, k1, k2, .. } = *with;
    let uz = uz + recharge;
    let percolation = lesser(perc, uz);
    let uz = uz - percolation;
    let lz = lz + percolation;
    let q0 = k0 * greater(uz - uzl, 0.0);
    let q1 = k1 * uz;
    let uz = uz - (q0 + q1);
    let q2 = k2 * lz;
    let lz = lz - q2;
    [uz, lz, q0, q1, q2, percolation]
}

/// Sum of c_i Qgen(t - i + 1), i = 1, 2, ...; `generated` runs back in time.
#[inline(always)]
pub fn routed(generated: &[f64], weights: &[f64]) -> f64 {
    let mut q = 0.0;
    for (&past, &weight) in generated.iter().zip(weights) {
        q += weight * past;
    }
    q
}
