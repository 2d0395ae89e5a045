/** What the screen can show of a long line: of every few points the lowest and the highest. */

/**
 * @param {ArrayLike<number>} x in rising order
 * @param {ArrayLike<number>} y
 * @param {number} low the first x that is seen @param {number} high the last
 * @param {number} pixels how wide the canvas is
 * @returns {number[]} places, in order: all points where they fit, else extremes; one more at either side
 */
export function places(x, y, low, high, pixels) {
  const first = Math.max(0, search(x, low) - 1);
  const last = Math.min(x.length, search(x, high) + 2);
  const count = last - first;
  if (count <= 2 * pixels) return Array.from({ length: Math.max(0, count) }, (_, at) => first + at);
  const found = [];
  for (let piece = 0; piece < pixels; piece++) {
    const start = first + Math.floor((piece * count) / pixels);
    const end = first + Math.floor(((piece + 1) * count) / pixels);
    let least = start;
    let most = start;
    for (let at = start; at < end; at++) {
      if (!(y[at] >= y[least])) least = at; // what is no number goes with the lowest
      if (y[at] > y[most]) most = at;
    }
    found.push(Math.min(least, most));
    if (least !== most) found.push(Math.max(least, most));
  }
  return found;
}

/** The place of the first x that is not below a value. */
export function search(x, value) {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
