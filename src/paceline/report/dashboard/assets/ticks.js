/** Where the ticks of an axis are, by 1, 2 and 5. Pure functions. */

/**
 * @param {number} low @param {number} high @param {boolean} log @param {number} most
 * @returns {number[]}
 */
export function ticks(low, high, log, most = 7) {
  if (!(high > low) || !Number.isFinite(high - low)) return [low].filter(Number.isFinite);
  return log && low > 0 && high / low > 3 ? powers(low, high, most) : steps(low, high, most);
}

function steps(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10);
  const found = [];
  for (let at = Math.ceil(low / step); at * step <= high * (1 + 1e-12); at++) found.push(Number((at * step).toPrecision(12)));
  return found;
}

function powers(low, high, most) {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  for (const mantissas of [[1, 2, 5], [1, 3], [1]]) {
    const found = [];
    for (let power = first; power <= last; power++) {
      for (const one of mantissas) {
        const tick = Number((one * 10 ** power).toPrecision(6));
        if (tick >= low * 0.999 && tick <= high * 1.001) found.push(tick);
      }
    }
    if (found.length <= most) return found.length >= 2 ? found : steps(low, high, most);
  }
  const every = Math.ceil((last - first) / most);
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, at) => 10 ** (first + at * every));
}
