/** Ratios against the baseline that the reader chose. Pure functions. */

const TURNED = { faster: "slower", slower: "faster", same: "same", inconclusive: "inconclusive" };
const MARGIN = 0.2; // of the threshold, on the logarithm: so far from 1 an interval must lie to decide

/**
 * What one case says against a baseline.
 * @typedef {{name: string, status: string, reason: string, value: ?number, low: ?number, high: ?number,
 *   verdict: string, source: string, time: ?number[], pairs: number, derived: boolean}} Against
 */

/** The cases of one column of a table, each against the baseline. @returns {Against[]} */
export function against(table, column, baseline) {
  const base = table.rows.find((row) => row.name === baseline)?.cells[column];
  return table.rows.map((row) => one(row.name, row.cells[column], base, baseline, table.baseline));
}

function one(name, cell, base, baseline, first) {
  const told = {
    name, status: cell.status, reason: cell.reason ?? "", value: null, low: null, high: null, verdict: "",
    source: cell.race === undefined ? "asv" : "race", time: cell.time ?? null, pairs: cell.pairs ?? 0,
    derived: false, answers: cell.answers ?? "",
  };
  if (!cell.time) return told;
  if (name === baseline) return { ...told, value: 1, low: 1, high: 1, verdict: "baseline" };
  if (!base?.time) return { ...told, reason: `no ratio: ${baseline || "a baseline"} has no figure here` };
  if (!cell.ratio || !base.ratio) return { ...told, reason: told.reason || "no ratio" };
  if (baseline === first) {
    const [value, low, high] = cell.ratio;
    return { ...told, value, low, high, verdict: cell.verdict || unpaired(value, low, high) };
  }
  const [value, low, high] = divided(cell.ratio, base.ratio);
  const both = told.source === "race" && base.race !== undefined;
  const derived = name !== first; // the first baseline's own ratio is that of a race, the other way up
  const turned = derived ? "" : TURNED[base.verdict];
  const threshold = Math.max(cell.threshold, base.threshold);
  const verdict = both ? turned || judged(value, low, high, threshold) : unpaired(value, low, high);
  return { ...told, value, low, high, verdict, derived, source: both ? "race" : "asv" };
}

/** The rule of stats/verdict.py for two ratios to a third: beyond the threshold, within it, or neither. */
function judged(value, low, high, threshold) {
  if (low === null || high === null) return "inconclusive";
  const cut = Math.log1p(threshold);
  const [middle, down, up] = [value, low, high].map(Math.log);
  if (middle > cut && down > MARGIN * cut) return "slower";
  if (middle < -cut && up < -MARGIN * cut) return "faster";
  return down > -cut && up < cut ? "same" : "inconclusive";
}

/**
 * a / b with an interval, both being ratios to a third: half widths add in quadrature on the logarithms, as if
 * the two were independent. They share the third, so the truth is narrower.
 */
export function divided([a, aLow, aHigh], [b, bLow, bHigh]) {
  const value = a / b;
  if (![aLow, aHigh, bLow, bHigh].every((end) => end > 0)) return [value, null, null];
  const down = Math.hypot(Math.log(a / aLow), Math.log(bHigh / b));
  const up = Math.hypot(Math.log(aHigh / a), Math.log(b / bLow));
  return [value, value * Math.exp(-down), value * Math.exp(up)];
}

function decided(low, high) {
  if (low === null || high === null) return "inconclusive";
  return low > 1 ? "slower" : high < 1 ? "faster" : "inconclusive";
}

/** asv's medians were measured apart: a difference below 10 % is open. */
function unpaired(value, low, high) {
  return value > 1 / 1.1 && value < 1.1 ? "inconclusive" : decided(low, high);
}

/** The one with the smallest ratio of those that are believed, and all that cannot be told from it. */
export function fastest(cases) {
  const fine = cases.filter((item) => item.value > 0 && item.status === "measured" || item.verdict === "baseline")
    .filter((item) => item.value > 0).sort((a, b) => a.value - b.value);
  if (!fine.length) return null;
  const [first, ...others] = fine;
  const close = others.filter((item) => first.high !== null && item.low !== null && item.low <= first.high);
  return { first, close };
}
