/** Numbers as people read them: the last formatters. */

const TIMES = [[1, "s"], [1e-3, "ms"], [1e-6, "us"], [1e-9, "ns"]];
const SIZES = [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"], [1, "B"]];

/** Three digits without an exponent where the number is not far from 1. */
export function digits(value) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "none" : value > 0 ? "infinite" : "-infinite";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) return value.toExponential(2);
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(size) + 1e-9));
  return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A value in the unit that asv records. */
export function amount(value, unit) {
  if (unit === "seconds") return scaled(value, TIMES);
  if (unit === "bytes") return scaled(value, SIZES);
  return `${digits(value)} ${unit}`.trim();
}

function scaled(value, units) {
  if (!Number.isFinite(value) || value === 0) return `${digits(value)} ${units === SIZES ? "B" : "s"}`;
  const [scale, unit] = units.find(([least]) => Math.abs(value) >= least * 0.9995) ?? units.at(-1);
  return `${digits(value / scale)} ${unit}`;
}

/** A ratio: three digits, a fourth near 1. */
export function ratio(value) {
  if (!(value > 0) || !Number.isFinite(value)) return digits(value);
  return value >= 0.9 && value < 1.1 ? value.toFixed(3) : digits(value);
}

/** "1.90x faster", "1.12x slower". */
export function factor(value) {
  if (!(value > 0) || !Number.isFinite(value)) return "no ratio";
  if (ratio(value) === "1.000") return "as fast";
  return value < 1 ? `${ratio(1 / value)}x faster` : `${ratio(value)}x slower`;
}

/** "0.510-0.541", or "no interval". */
export function interval(low, high) {
  return known(low) && known(high) ? `${ratio(low)}-${ratio(high)}` : "no interval";
}

export function between(low, high, unit) {
  return known(low) && known(high) ? `${amount(low, unit)} to ${amount(high, unit)}` : "no interval";
}

export function percent(share) {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** How the noise floors of a host's cases lie: most of them, and the two ends. */
export function spread({ floor, mostly }) {
  return `${mostly === null ? "" : `9 in 10 find ${percent(mostly)}; from `}${percent(floor[0])} to ${percent(floor[2])}`;
}

export function known(value) {
  return value !== null && value !== undefined && !Number.isNaN(value);
}

/** A date as ISO has it; the time of day in UTC where asked for. */
export function day(milliseconds, time = false) {
  if (!known(milliseconds)) return "unknown";
  const text = new Date(milliseconds);
  if (Number.isNaN(text.getTime())) return "unknown";
  return time ? `${text.toISOString().slice(0, 16).replace("T", " ")} UTC` : text.toISOString().slice(0, 10);
}

const PYTHON = new Map([[null, "None"], [true, "True"], [false, "False"]]);

/** A parameter's value as Python writes it; whole numbers with separators where they can be read. */
export function size(value) {
  const whole = typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 1e15;
  return whole ? value.toLocaleString("en") : PYTHON.get(value) ?? String(value);
}

export function short(commit) {
  return commit.slice(0, 8);
}

export function plural(count, word) {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}
