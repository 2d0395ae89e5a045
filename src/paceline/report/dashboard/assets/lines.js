/** The lines of a chart, as the drawing wants them. */

import { all, anchorOf, commitOf, commitUrl, line } from "./data.js";
import { amount, between, day, interval, ratio, short } from "./format.js";

/**
 * @param {Object} chart @param {Object} numbers the columns of the page @param {Set<string>} hidden
 * @param {boolean} order whether x is the place of the commit instead of its date
 */
export function lines(chart, numbers, hidden, order) {
  return chart.lines.map((_, index) => index).filter((index) => !hidden.has(chart.lines[index][0])).map((index) => {
    const found = line(chart, index, numbers);
    const rows = [...found.rows];
    const y = [...found.values].map((value) => (value === 0 ? 0 : value));
    const end = (column) => [...column].map((value, at) => (Number.isFinite(value) ? value : y[at]));
    const made = {
      ...found, rows, y, low: end(found.low), high: end(found.high), whole: found, chart,
      x: rows.map((row) => (order ? row + 1 : all.commits.date[commitOf(chart, row)])),
      breaks: epochsOf(chart, rows), href: (at) => commitUrl(all.commits.hash[commitOf(chart, rows[at])]),
    };
    return { ...made, tip: (at) => tip(chart, made, at) };
  });
}

/** The places before which the host's epoch changed. */
function epochsOf(chart, rows) {
  const { epochs } = all.tracks[chart.track];
  return new Set(rows.map((_, at) => at).filter((at) => at > 0 && epochs[rows[at]] !== epochs[rows[at - 1]]));
}

function tip(chart, made, at) {
  const commit = commitOf(chart, made.rows[at]);
  const value = made.y[at];
  const { low, high } = made.whole;
  const told = made.base === undefined
    ? [[anchorOf(chart) ? "ratio to the anchor" : "value", Number.isNaN(value) ? "failed" : amount(value, chart.unit)], [anchorOf(chart) ? "interval" : "interval (99 %)", between(low[at], high[at], chart.unit)]]
    : [[`/ ${made.base}`, Number.isFinite(value) ? ratio(value) : "none"], ["interval", interval(made.low[at], made.high[at])], ["value", amount(made.own[at], chart.unit)]];
  return [["", made.name || chart.title], ...told, ["commit", short(all.commits.hash[commit])], ["", all.commits.subject[commit] || "(subject unknown: not in this repository)"],
    ["author", all.commits.author[commit] || "unknown"], ["date", day(all.commits.date[commit], true)]];
}

/** Every line divided by one of them, at the same commit; no figure where that has none. */
export function normalised(found, base) {
  const by = found.find((line) => line.name === base);
  const places = new Map(by.rows.map((row, at) => [row, at]));
  return found.map((line) => {
    const of = (value, at) => { const place = places.get(line.rows[at]); return place === undefined || !(by.y[place] > 0) ? NaN : value / by.y[place]; };
    const made = { ...line, base, own: line.y, y: line.y.map(of), low: line.low.map(of), high: line.high.map(of) };
    return { ...made, tip: (at) => tip(line.chart, made, at) };
  });
}

