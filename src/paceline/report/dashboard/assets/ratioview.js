/** Ratios by size against a baseline that the reader chooses, with crossovers; time by size beside it. */

import { beside } from "./beside.js";
import { draw } from "./chart.js";
import { crossovers, rounded } from "./crossover.js";
import { tables } from "./data.js";
import { h, select, toggle } from "./dom.js";
import { buttons } from "./exports.js";
import { hidden, legend, wantedColumns, wantsTable } from "./filters.js";
import { amount, day, digits, interval, percent, ratio, size } from "./format.js";
import { named } from "./looks.js";
import { against } from "./ratios.js";
import { FORGET, choose, link, state } from "./state.js";
import { card, note, table, twin } from "./tables.js";

export async function ratios(box) {
  const wanted = tables.filter(wantsTable);
  if (!wanted.length) {
    box.append(card("Ratios by size", note(tables.length ? "No model fits the filters." : "Nothing here has an axis `implementation`: there are no ratios.")));
    return;
  }
  const chosen = state();
  const one = wanted.find(({ id }) => id === chosen.chart) ?? wanted[0];
  const baseline = one.rows.some((row) => row.name === chosen.base) ? chosen.base : one.baseline;
  const columns = wantedColumns(one);
  const cases = columns.map((column) => against(one, column, baseline));
  const names = one.rows.map((row) => row.name).filter((name) => !hidden().has(name));
  const stage = h("div", { class: "drawing" });
  const kind = chosen.show === "time" ? "time" : "ratio";
  const made = h("div", {}, bar(one, baseline, kind), heading(one, baseline, kind), legend(one.rows.map((row) => row.name)), stage);
  const exported = () => rowsOf(one, columns, cases, names, baseline);
  box.append(h("div", { class: "split" }, list(wanted, one), h("section", { class: "card" }, made)));
  const drawn = drawable(one, columns) ? await draw(stage, drawing(one, columns, cases, names, baseline, kind)) : null;
  if (!drawn) stage.append(note(columns.length ? "There is no axis of sizes to draw these over: the table has them." : "No size fits the filters."));
  made.append(crossing(one, columns, cases, names, baseline), figures(one, columns, cases, names),
    buttons(`${one.title}-${kind}`, exported, drawn && drawn.picture), ...beside(one), ...provenance(one));
}

function drawable(one, columns) {
  return columns.length > 0 && columns.every((column) => typeof one.columns[column] === "number" && one.columns[column] > 0);
}

function list(wanted, one) {
  const hosts = new Set(wanted.map((each) => each.section)).size > 1;
  return h("nav", { class: "list", "aria-label": "Models" }, wanted.slice(0, 400).map((each) => h("a", {
    href: link({ ...FORGET, chart: each.id }), "aria-current": each === one ? "true" : null,
  }, each.title, hosts && h("span", { class: "note" }, each.section.where))));
}

function bar(one, baseline, kind) {
  return h("div", { class: "choices" },
    select("base", "Baseline", one.rows.map(({ name }) => [name, name]), baseline, (value) => choose({ base: value === one.baseline ? "" : value })),
    toggle("show-ratio", "Ratio", kind === "ratio", () => choose({ show: "" })),
    toggle("show-time", "Time", kind === "time", () => choose({ show: "time" })),
    toggle("scale", "Logarithmic", state().scale === "log", () => choose({ scale: state().scale === "log" ? "linear" : "log" })));
}

function heading(one, baseline, kind) {
  return h("h2", {}, kind === "time" ? `${one.title}: time by size` : `${one.title}: time / time of ${baseline}; below 1 is faster`);
}

function drawing(one, columns, cases, names, baseline, kind) {
  const x = columns.map((column) => one.columns[column]);
  const lines = names.filter((name) => kind === "time" || name !== baseline).map((name) => lineOf(one, name, x, cases, kind)).filter((line) => line.x.length);
  const { floor } = one.section;
  const single = new Set(x).size < 2;
  return {
    label: kind === "time" ? `${one.title}: time by ${one.axis}` : `${one.title}: time / time of ${baseline}, by ${one.axis}; below 1 is faster`, caption: source(one),
    x: single ? "linear" : "log", y: state().scale === "linear" ? "linear" : "log", xLabel: one.axis, yLabel: kind === "time" ? "time of a call" : `time / time of ${baseline}`,
    xText: size, yText: kind === "time" ? (value) => amount(value, one.unit) : digits, xTicks: x, lines,
    one: kind === "ratio", zone: kind === "ratio" && floor ? [1 / (1 + floor[1]), 1 + floor[1]] : null,
  };
}

function lineOf(one, name, x, cases, kind) {
  const own = cases.map((column) => column.find((item) => item.name === name));
  const value = (item) => (kind === "time" ? item.time ?? [NaN, NaN, NaN] : [item.value ?? NaN, item.low, item.high]);
  const there = own.map((_, at) => at).filter((at) => value(own[at])[0] > 0);
  const pick = (end) => there.map((at) => value(own[at])[end] ?? value(own[at])[0]);
  const tip = (at) => {
    const item = own[there[at]];
    return [["", name], [one.axis, size(x[there[at]])], ["ratio", `${item.value === null ? "none" : ratio(item.value)} (${interval(item.low, item.high)})`],
      ["time", item.time ? amount(item.time[0], one.unit) : "none"], ["", words(item)]];
  };
  return { name, x: there.map((at) => x[at]), y: pick(0), low: pick(1), high: pick(2), tip };
}

/** A verdict as people read it, with where it is from. */
export function words(item) {
  if (item.status !== "measured") return [item.status, item.reason].filter(Boolean).join(": ");
  const verdict = { inconclusive: "undecided", baseline: "the baseline" }[item.verdict] ?? item.verdict;
  const from = item.verdict === "baseline" ? "" : item.derived ? "through the common baseline" : item.source === "asv" ? "not raced (‡)" : "";
  return [verdict, from, item.reason].filter(Boolean).join("; ");
}

function crossing(one, columns, cases, names, baseline) {
  const sizes = columns.map((column) => one.columns[column]);
  const items = names.filter((name) => name !== baseline).flatMap((name) => {
    const own = cases.map((column) => column.find((item) => item.name === name));
    return crossovers(sizes, own).map((found) => h("li", {}, named(name),
      ` is ${found.then} than ${baseline} from ${one.axis}* = ${rounded(found.at)} on `,
      h("span", { class: "note" }, between(found))));
  });
  const none = note(`None crosses ${baseline} between the measured sizes.`);
  return h("div", {}, h("h3", {}, "Crossover"), items.length ? h("ul", { class: "plain" }, items) : none);
}

function between({ low, high }) {
  return `(${rounded(low)} to ${rounded(high)}), interpolated between the measured sizes`;
}

function figures(one, columns, cases, names) {
  return twin("ratios", () => {
    const head = ["Implementation", ...columns.map((column) => (one.axis === null ? "ratio" : `${one.axis} = ${size(one.columns[column])}`))];
    const rows = names.map((name) => [named(name), ...cases.map((column) => cell(one, column.find((item) => item.name === name)))]);
    return table(`${one.title}, ratios and times`, head, rows, { numeric: columns.map((_, place) => place + 1) });
  });
}

function cell(one, item) {
  if (item.value === null) return h("span", { class: "note" }, words(item) || "no ratio");
  if (item.verdict === "baseline") return [h("div", {}, "1, the baseline"), h("div", { class: "note" }, amount(item.time[0], one.unit))];
  return [h("div", {}, h("b", {}, ratio(item.value)), ` (${interval(item.low, item.high)}) ${words(item)}`),
    h("div", { class: "note" }, item.time ? `${amount(item.time[0], one.unit)}` : "")];
}

function rowsOf(one, columns, cases, names, baseline) {
  const head = ["host", "environment", "model", ...Object.keys(one.fixed), one.axis ?? "size", "implementation", "baseline", "status", "seconds", "ratio", "low", "high", "verdict", "source", "reason"];
  const rows = columns.flatMap((column, place) => cases[place].filter((item) => names.includes(item.name)).map((item) => [
    one.section.machine, one.section.environment, one.model, ...Object.values(one.fixed), one.columns[column], item.name, baseline, item.status,
    item.time?.[0] ?? null, item.value, item.low, item.high, item.verdict, item.derived ? `${item.source}, derived` : item.source, item.reason]));
  return { head, rows };
}

/** Where a table's figures are from: host, its own races, commits, and the noise floor of the host. */
function source({ section, rows }) {
  const cells = rows.flatMap((row) => row.cells);
  const own = new Set(cells.map((cell) => cell.race));
  const races = new Set(section.races.filter((_, place) => own.has(place)).map((race) => `raced ${day(race.utc)} at ${race.label}`));
  const floor = section.floor ? `noise floor ${percent(section.floor[1])} (the grey band)` : "noise floor unknown: not raced";
  return [section.where, section.cpu, ...races, section.commit && cells.some((cell) => cell.time && cell.race === undefined) && `asv: commit ${section.commit.slice(0, 8)}`, floor].filter(Boolean).join("; ");
}

function provenance(one) {
  return [note(source(one)), note("Intervals of races hold the true ratio about 98 times in 100. Against another baseline than ", h("b", {}, one.baseline ?? "none"),
    ", they are put together from two, and wider than those of a race of their own."), one.notes.map(([name, text]) => note(h("b", {}, name), `: ${text}`))].flat();
}

