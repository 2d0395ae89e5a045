/** What the page knows, and lists of it that every view needs. */

import { size } from "./format.js";
import { columns, meta, share } from "./unpack.js";

/** @type {Object} the document: see report/dashboard/document.py */
export let all = null;
/** Every ratio table, with its section. */
export let tables = [];
let alerts = new Map();
let charts = new Map(); // the first one that an alert is about, by the alert's name
let offsets = [];
let numbers = null;

/** Read the document; the numbers of the history follow when somebody wants them. */
export async function load() {
  all = await meta();
  for (const names of [all.hosts, all.implementations]) Object.setPrototypeOf(names, null); // a host may be called "constructor"
  alerts = new Map(all.alerts.map((alert) => [alert.name, alert]));
  locate(all.sections);
  locate(all.tracks.filter((track) => !track.anchor));
  locate(all.tracks.filter((track) => track.anchor)); // their environments are what they were raced against
  charts = new Map([...all.charts].reverse().flatMap((chart) => namesOf(chart).map((name) => [name, chart])));
  tables = all.sections.flatMap((section) => section.tables.map((table) => ({ ...table, section })));
  let offset = 0;
  offsets = all.charts.map((chart) => chart.lines.map(([, count]) => (offset += count) - count));
  all.charts.forEach((chart, place) => {
    chart.place = place;
    chart.size = sizeOf(chart.params);
    chart.host = all.tracks[chart.track].machine;
    chart.where = all.tracks[chart.track].where;
    chart.title = titled(chart);
  });
}

/** Say where each was measured: the host, and the environment, too, where the host has several. */
function locate(measured) {
  const known = new Map(measured.map(({ machine }) => [machine, new Set()]));
  for (const { machine, environment } of measured) known.get(machine).add(environment);
  for (const one of measured) {
    one.where = known.get(one.machine).size > 1 ? `${one.machine}, ${one.environment}` : one.machine;
  }
}

/** The commit that a chart's ratios were raced against; empty for asv's medians. */
export function anchorOf(chart) {
  return all.tracks[chart.track].anchor;
}

function titled(chart) {
  const named = `${chart.function.startsWith("time_run") || !chart.function ? "" : `, ${chart.function}`}${anchorOf(chart) ? ", raced by commit" : ""}`;
  const params = Object.entries(chart.params).map(([name, value]) => `${name} = ${size(value)}`);
  return [`${chart.model}${named}`, ...params].join(", ");
}

/** The size: the parameter n, else the first that is a number, else none. */
export function sizeOf(params) {
  if ("n" in params) return params.n;
  return Object.values(params).find((value) => typeof value === "number") ?? null;
}

/** Decode the numbers of the history, once. */
export function ready() {
  numbers ??= columns();
  return numbers;
}

/**
 * One line of a chart: the places of its points in the track, their values and intervals.
 * @returns {{name: string, rows: Int32Array, values: Float32Array, low: Float64Array, high: Float64Array,
 *   thinned: number, move: ?number[], alerts: string[]}}
 */
export function line(chart, index, found) {
  const [name, count, thinned, move, alerts] = chart.lines[index];
  const start = offsets[chart.place][index];
  const rows = new Int32Array(count);
  const values = found.values.subarray(start, start + count);
  const low = new Float64Array(count);
  const high = new Float64Array(count);
  for (let at = 0, row = 0; at < count; at++) {
    rows[at] = row += found.steps[start + at];
    low[at] = values[at] * (1 - share(found.below[start + at]));
    high[at] = values[at] * (1 + share(found.above[start + at]));
  }
  return { name, rows, values, low, high, thinned, move, alerts };
}

/** The number of the commit that a point of a chart was measured at. */
export function commitOf(chart, row) {
  return all.tracks[chart.track].commits[row];
}

/** The address of a commit, if the project has one that a browser may follow. */
export function commitUrl(hash) {
  return /^https?:\/\//i.test(all.commit_url) && /^[0-9a-f]{4,64}$/i.test(hash) ? all.commit_url + hash : null;
}

/** The chart that an alert is about. */
export function chartOf(alert) {
  return charts.get(alert.name);
}

/** The names of the alerts about a chart's lines. */
function namesOf(chart) {
  return chart.lines.flatMap(([, , , , names]) => names);
}

/** The alerts about a chart, those that are open first. */
export function alertsOf(chart) {
  const found = namesOf(chart).map((name) => alerts.get(name));
  return [...new Set(found)].sort((one, other) => Number(other.live) - Number(one.live));
}

/** Every implementation, family, model, size and host that there is. */
export function facets() {
  const from = (pick) => [...new Set([...tables.flatMap(pick.tables), ...all.charts.flatMap(pick.charts)])];
  return {
    family: from({ tables: (t) => t.family, charts: (c) => c.family }),
    model: from({ tables: (t) => t.model, charts: (c) => c.model }),
    host: from({ tables: (t) => t.section.machine, charts: (c) => c.host }),
    n: from({ tables: (t) => (t.axis === null ? [] : t.columns.filter((one) => one !== "")), charts: (c) => (c.size === null || c.size === "" ? [] : [c.size]) })
      .sort((one, other) => (typeof one === "number" && typeof other === "number" ? one - other : String(one) < String(other) ? -1 : 1)),
  };
}
