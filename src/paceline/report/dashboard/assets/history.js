/** History by commit: a list of charts, what moved first, and the one that was chosen. */

import { draw } from "./chart.js";
import { alertsOf, all, anchorOf } from "./data.js";
import { h, select, toggle } from "./dom.js";
import { points, pointRows } from "./comparison.js";
import { events, marks } from "./events.js";
import { buttons } from "./exports.js";
import { hidden, legend, wantsChart } from "./filters.js";
import { amount, digits, factor, plural, short, size } from "./format.js";
import { lines, normalised } from "./lines.js";
import { named } from "./looks.js";
import { FORGET, choose, link, state } from "./state.js";
import { card, note, table, twin } from "./tables.js";

const PAGE = 60;

export async function history(box, chosen, numbers) {
  const wanted = all.charts.filter(wantsChart);
  if (!wanted.length) {
    box.append(card("History", note(all.charts.length ? "No chart fits the filters." : "asv has measured no history here; `paceline run` begins one.")));
    return;
  }
  const ordered = sorted(wanted, chosen.sort);
  const chart = ordered.find(({ id }) => id === chosen.chart) ?? ordered[0];
  const stage = h("div", { class: "drawing" });
  const found = lines(chart, numbers, hidden(), chosen.x === "order");
  const base = found.some((line) => line.name === chosen.norm) && !anchorOf(chart) ? chosen.norm : "";
  const drawn = base ? normalised(found, base) : found;
  const section = h("section", { class: "card" }, bar(chart, found, base), h("h2", {}, base ? `${chart.title}: time / time of ${base} at the same commit` : chart.title), note(where(chart)), legend(chart.lines.map(([name]) => name).filter(Boolean)), stage);
  box.append(h("div", { class: "split" }, list(ordered, chart, chosen), section));
  const fine = drawn.some((line) => line.x.length > 0);
  const made = fine ? await draw(stage, drawing(chart, drawn, base, chosen)) : null;
  if (!fine) stage.append(note("Nothing to draw: every implementation is hidden, or nothing was measured."));
  section.append(...told(chart, drawn, base), twin("history", () => figures(chart, drawn, base)),
    buttons(`${chart.title}-history`, () => pointRows(chart, drawn), made && made.picture), points(chart, found, chosen), events());
}

/** Charts with a live alert first, then those that moved most; or by name. */
function sorted(charts, order) {
  if (order === "name") return [...charts].sort((one, other) => text(one.model, other.model) || (one.size ?? 0) - (other.size ?? 0) || text(one.title, other.title));
  return charts.map((chart) => [weight(chart), chart]).sort((one, other) => other[0] - one[0]).map(([, chart]) => chart);
}

const text = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

function weight(chart) {
  let most = alertsOf(chart)[0]?.live ? 1000 : 0;
  for (const [, , , move] of chart.lines) {
    if (move) most = Math.max(most, Math.abs(Math.log(move[0])) + (move[0] > 1 ? 100 : 0));
  }
  return most;
}

function list(ordered, chart, chosen) {
  const many = Number(chosen.more || 1) * PAGE;
  const several = all.tracks.length > 1;
  const items = ordered.slice(0, many).map((one) => h("a", { href: link({ ...FORGET, chart: one.id }), "aria-current": one === chart ? "true" : null },
    h("span", {}, one.title), several && h("span", { class: "note" }, one.where), sign(one)));
  return h("nav", { class: "list", "aria-label": "Charts" },
    select("sort", "Order", [["", "what moved first"], ["name", "by name"]], chosen.sort, (value) => choose({ sort: value })),
    h("p", { class: "note" }, plural(ordered.length, "chart")), items,
    ordered.length > many && h("button", { id: "more", type: "button", class: "quiet", click: () => choose({ more: String(many / PAGE + 1) }) }, `Show ${Math.min(PAGE, ordered.length - many)} more`));
}

function sign(chart) {
  const [alert] = alertsOf(chart);
  const moves = chart.lines.flatMap(([name, , , move]) => (move ? [[name, move[0]]] : [])).sort((a, b) => Math.abs(Math.log(b[1])) - Math.abs(Math.log(a[1])));
  return [alert && h("span", { class: alert.live ? "state live" : "state" }, alert.live ? "alert" : alert.state),
    moves.length > 0 && h("span", { class: moves[0][1] > 1 ? "move slower" : "move faster" }, `${moves[0][1] > 1 ? "▲" : "▼"} ${factor(moves[0][1])}`)];
}

function bar(chart, found, base) {
  const names = found.map((line) => line.name).filter(Boolean);
  const flip = (key, first, second) => () => choose({ [key]: state()[key] === second ? first : second, x0: "", x1: "", y0: "", y1: "" });
  return h("div", { class: "choices" },
    names.length > 1 && !anchorOf(chart) && select("norm", "Divide by", [["", "nothing"], ...names.map((name) => [name, name])], base, (value) => choose({ norm: value, y0: "", y1: "", x0: "", x1: "" })),
    toggle("scale", "Logarithmic", state().scale === "log", flip("scale", "log", "linear")),
    toggle("x-order", "Commits evenly spaced", state().x === "order", flip("x", "date", "order")));
}

function where(chart) {
  const track = all.tracks[chart.track];
  if (track.anchor) return `${chart.benchmark}; processor ${track.cpu}. Time / time at the anchor ${short(track.anchor)}, raced in pairs by \`paceline compare\`, with their intervals; below 1 is faster. Epochs do not matter here.`;
  return `${chart.benchmark}; host ${track.machine}${track.cpu ? ` (${track.cpu})` : ""}; ${track.environment}. asv's medians with their 99 % intervals; measured apart, not raced.`;
}

function drawing(chart, drawn, base, chosen) {
  const unit = base ? "" : chart.unit;
  const positive = drawn.some((line) => line.y.some((value) => value > 0));
  return {
    label: `${chart.title}, by commit${base ? `: time / time of ${base}` : ""}`, caption: where(chart), zooms: true, lines: drawn, one: Boolean(base || anchorOf(chart)), marks: marks(chart, drawn, chosen.x === "order"),
    x: chosen.x === "order" ? "linear" : "date", y: chosen.scale === "linear" || !positive ? "linear" : "log",
    xLabel: chosen.x === "order" ? "commits, the oldest first" : "date of the commit (UTC)", yLabel: base ? `time / time of ${base}` : anchorOf(chart) ? "time / time at the anchor" : chart.kind === "time" ? "time of a call" : chart.kind || "value",
    xText: (value) => size(Math.round(value)), yText: (value) => (unit ? amount(value, unit) : digits(value)),
  };
}

/** What the drawing does not show. */
function told(chart, drawn, base) {
  const thinned = drawn.reduce((sum, line) => sum + line.thinned, 0);
  const failed = drawn.reduce((sum, line) => sum + line.y.filter((value) => Number.isNaN(value)).length, 0);
  const low = drawn.reduce((sum, line) => sum + line.y.filter((value) => value <= 0 || Math.abs(value) === Infinity).length, 0);
  return [
    thinned > 0 && note(`This is a long history: ${thinned.toLocaleString("en")} points of these lines are left out, and the lowest and the highest of each piece kept. Lines with an alert or a move are whole.`),
    failed > 0 && note(`${plural(failed, "point")} failed${base ? ", or had no baseline" : ""}: they interrupt the line; the table names them.`),
    low > 0 && note(`${plural(low, "value")} not above 0 or infinite: no time can be; on a logarithmic axis they are not drawn.`),
  ].filter(Boolean);
}

function figures(chart, drawn, base) {
  const { rows } = pointRows(chart, drawn);
  const unit = base ? "" : chart.unit;
  const cells = [...rows].reverse().map(([, , name, hash, date, value, low, high, , subject]) => [date, h("code", {}, hash.slice(0, 8)), named(name),
    value === null || Number.isNaN(value) ? "failed" : amount(value, unit), Number.isFinite(low) ? `${amount(low, unit)} to ${amount(high, unit)}` : "no interval", subject]);
  return table(`${chart.title}, by commit`, ["Date", "Commit", "Implementation", base ? `Ratio to ${base}` : "Value", "Interval", "Subject"], cells, { numeric: [3], id: "points" });
}
