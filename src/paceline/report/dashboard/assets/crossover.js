/** Where two implementations are level: the same sums as report/crossings.py and stats/crossover.py. */

const DECIDED = new Set(["faster", "slower"]);

/**
 * Every size at which a line of ratios crosses 1, between sizes at which it is decided which of the two is
 * the faster one. What lies open between them counts: the ends are where the ends of the intervals cross.
 * @param {number[]} sizes that grow @param {import("./ratios.js").Against[]} cases
 * @returns {{at: number, low: number, high: number, then: string}[]}
 */
export function crossovers(sizes, cases) {
  const known = points(sizes, cases);
  const decided = [...known.keys()].filter((place) => known[place].low > 1 || known[place].high < 1);
  return decided.slice(1).flatMap((right, place) => {
    const left = decided[place];
    const rising = known[left].value < 1;
    return rising === known[right].value < 1 ? [] : [between(known.slice(left, right + 1), rising)];
  });
}

/** The cases with an interval and a size; where the verdict is open, 1 is in the interval. */
function points(sizes, cases) {
  const known = sizes.map((n, place) => ({ n, ...cases[place] })).filter(usable);
  return known.map(({ n, value, low, high, verdict }) => {
    const ends = DECIDED.has(verdict) ? [low, value, high] : [low, value, high, 1];
    return { n, value, low: Math.min(...ends), high: Math.max(...ends) };
  });
}

function usable({ n, value, low, high }) {
  return typeof n === "number" && n > 0 && value > 0 && low > 0 && low <= high && high < Infinity;
}

/** The crossover among points of which the first and the last lie on different sides of 1. */
function between(known, rising) {
  const at = (end) => zero(known.map(({ n }) => n), known.map((point) => point[end]), rising);
  const [low, high] = [at("low"), at("high")].sort((one, other) => one - other);
  return { at: at("value"), low, high, then: rising ? "slower" : "faster" };
}

/** Where the line through the points crosses 1 for good. */
function zero(sizes, values, rising) {
  const logs = values.map((value) => (rising ? Math.log(value) : -Math.log(value)));
  const place = logs.findLastIndex((one, index) => one < 0 && logs[index + 1] >= 0);
  const [x0, x1] = [Math.log(sizes[place]), Math.log(sizes[place + 1])];
  const [y0, y1] = [logs[place], logs[place + 1]];
  return Math.exp(x0 - (y0 * (x1 - x0)) / (y1 - y0));
}

/** A size with two digits, as the report has it: it is between those measured, and no better known. */
export function rounded(size) {
  const value = Number(size.toPrecision(2));
  return value >= 10 ? value.toLocaleString("en") : String(value);
}
