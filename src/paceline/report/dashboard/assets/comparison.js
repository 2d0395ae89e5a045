/** Two points of a chart beside each other: the figures, the commits between, and what changed around them. */

import { all, anchorOf, commitOf } from "./data.js";
import { h, select } from "./dom.js";
import { amount, day, factor, ratio, short } from "./format.js";
import { commit } from "./alerts.js";
import { differences } from "./hosts.js";
import { named } from "./looks.js";
import { choose } from "./state.js";
import { note, table } from "./tables.js";

/** The choice of two commits, and what lies between them. */
export function points(chart, found, chosen) {
  const rows = [...new Set(found.flatMap((line) => line.rows))].sort((one, other) => one - other);
  if (rows.length < 2) return h("div", {}, note("One commit only: there are no two points to compare."));
  const hashes = rows.map((row) => all.commits.hash[commitOf(chart, row)]);
  const at = (hash, other) => { const place = hash ? hashes.findIndex((one) => one.startsWith(hash)) : -1; return place < 0 ? other : place; };
  const [a, b] = [at(chosen.a, 0), at(chosen.b, rows.length - 1)];
  const options = rows.map((row, place) => {
    const number = commitOf(chart, row);
    return [hashes[place].slice(0, 12), `${day(all.commits.date[number])} ${short(hashes[place])} ${all.commits.subject[number].slice(0, 50)}`];
  });
  return h("div", { class: "points" }, h("h3", {}, "Between two points"),
    h("div", { class: "choices" }, select("point-a", "From", options, options[a][0], (value) => choose({ a: value })), select("point-b", "To", options, options[b][0], (value) => choose({ b: value }))),
    figures(chart, found, rows[a], rows[b]), surroundings(chart, rows[a], rows[b]), note(commit(hashes[a]), " … ", commit(hashes[b]), `: ${Math.abs(b - a)} measured commits on`));
}

function figures(chart, found, a, b) {
  const cells = found.map((line) => {
    const [one, other] = [a, b].map((row) => line.y[line.rows.indexOf(row)]);
    const told = (value) => (value === undefined ? "not measured" : Number.isNaN(value) ? "failed" : amount(value, chart.unit));
    return [named(line.name) , told(one), told(other), one > 0 && other > 0 ? `${ratio(other / one)} (${said(chart, other / one)})` : "no ratio"];
  });
  return table("The figures at both points", ["Implementation", "From", "To", anchorOf(chart) ? "To / from, both raced" : "To / from, unpaired"], cells, { numeric: [1, 2] });
}

/** A quotient in words: below 10 %, medians that were measured apart say nothing. */
function said(chart, value) {
  return !anchorOf(chart) && value > 1 / 1.1 && value < 1.1 ? "open" : factor(value);
}

/** What is known to have changed on the host. */
function surroundings(chart, a, b) {
  const track = all.tracks[chart.track];
  if (track.anchor) return note("Both ratios were raced against the same anchor, each in pairs on one host: what changed on the host is in neither.");
  const history = all.hosts[track.machine] ?? [];
  const [before, after] = [track.epochs[a], track.epochs[b]].map((place) => history[place]);
  if (!before || !after) return note("What changed on the host between them is unknown: no fingerprint was recorded before one of them was measured.");
  const found = differences(before.facts, after.facts);
  const same = `The environment is the same (${track.environment}).`;
  if (!found.length) return note(before.epoch === after.epoch ? `Both were measured in one epoch of the host. ${same}` : `The host's epoch changed, but nothing that was recorded differs. ${same}`);
  return h("div", {}, h("p", { class: "warn" }, "The host changed between them: the difference may be the host's."), h("ul", {}, found.map(([name, was, is]) => h("li", {}, h("b", {}, name), ` ${was} → ${is}`))), note(same));
}

/** All points of the lines as rows, for export and for the table. */
export function pointRows(chart, drawn) {
  const track = all.tracks[chart.track];
  const head = ["host", "environment", "implementation", "commit", "date", "value", "low", "high", "unit", "subject", "author"];
  const rows = drawn.flatMap((line) => line.rows.map((row, at) => {
    const number = commitOf(chart, row);
    const known = Number.isFinite(line.whole.low[at]) && Number.isFinite(line.whole.high[at]);
    return [track.machine, track.environment, line.name, all.commits.hash[number], day(all.commits.date[number], true), line.y[at],
      known ? line.low[at] : null, known ? line.high[at] : null, line.base === undefined ? chart.unit : `/ ${line.base}`, all.commits.subject[number], all.commits.author[number]];
  }));
  return { head, rows: rows.sort((one, other) => (one[4] < other[4] ? -1 : one[4] > other[4] ? 1 : 0)) };
}
