/** What happened beside the figures: epochs of the host, alerts, and notes from a file. */

import { all } from "./data.js";
import { h } from "./dom.js";
import { day } from "./format.js";
import { commit } from "./alerts.js";
import { note } from "./tables.js";

const MOST = 40; // marks of a kind

/** Marks for a chart: {x, text, kind}. */
export function marks(chart, lines, order) {
  const track = all.tracks[chart.track];
  const x = (row) => (order ? row + 1 : all.commits.date[track.commits[row]]);
  const epochs = track.epochs.map((_, row) => row).filter((row) => row > 0 && track.epochs[row] !== track.epochs[row - 1])
    .map((row) => ({ x: order ? row + 0.5 : (x(row) + x(row - 1)) / 2, text: "epoch", kind: "epoch" }));
  const noted = all.notes.map((one, place) => ({ x: placed(one, track, x, order), text: `note ${place + 1}`, kind: "note" })).filter((mark) => mark.x !== null);
  const named = new Set(lines.flatMap((line) => line.alerts));
  const alerts = all.alerts.filter((alert) => named.has(alert.name)).map((alert) => {
    const row = track.commits.findIndex((place) => alert.bad && all.commits.hash[place].startsWith(alert.bad));
    return { x: row < 0 ? null : x(row), text: alert.live ? "alert" : alert.state, kind: alert.live ? "alert" : "past" };
  });
  return [...newest(epochs), ...newest(noted), ...alerts.filter((mark) => mark.x !== null)];
}

/** As many marks as a drawing has room for; notes come in the order of their file. */
function newest(found) {
  return [...found].sort((one, other) => one.x - other.x).slice(-MOST);
}

/** Where a note stands: at its commit, else at the first commit that is not older. */
function placed(one, track, x, order) {
  if (one.commit) {
    const row = track.commits.findIndex((place) => all.commits.hash[place].startsWith(one.commit));
    return row < 0 ? null : x(row);
  }
  if (!order) return one.when;
  const row = track.commits.findIndex((place) => all.commits.date[place] >= one.when);
  return row < 0 ? null : x(row) - 0.5;
}

/** The notes, numbered as their marks are. */
export function events() {
  if (!all.notes.length) return h("div", {}, note("Events such as new versions can be noted in results/notes.toml: they are drawn here."));
  return h("div", {}, h("h3", {}, "Notes"), h("ol", { class: "notes" }, all.notes.map((one) =>
    h("li", {}, h("b", {}, one.when === null ? ["at ", commit(one.commit)] : day(one.when)), ` ${one.text}`))));
}

