/** What stands beside the ratios of a model: memory, and what the first call costs. */

import { h } from "./dom.js";
import { hidden } from "./filters.js";
import { amount, short, size } from "./format.js";
import { named } from "./looks.js";
import { note, table } from "./tables.js";

/** @returns {Node[]} nothing where neither was measured */
export function beside(one) {
  const memory = one.section.memory.filter((each) => each.model === one.model && same(each.fixed, one.fixed));
  const first = one.section.startup.filter((each) => each.axis === "model" && each.columns.includes(one.model));
  const parts = [...memory.map(memoryOf), ...first.map((each) => firstOf(each, one.model))].flat(2).filter(Boolean);
  return parts.length ? [h("details", { class: "twin" }, h("summary", {}, `Memory and first call, by asv${one.section.commit ? ` at ${short(one.section.commit)}` : ""}`), parts)] : [];
}

function same(one, other) {
  return JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
}

function memoryOf(each) {
  const head = ["Implementation", ...each.columns.map((column) => (each.axis === null ? "peak" : `${each.axis} = ${size(column)}`))];
  const rows = shown(each).map((row) => [named(row.name), ...row.cells.map((cell) => told(cell, each.unit))]);
  const what = each.above ? "Peak memory above imports and inputs" : "Peak memory of the process";
  return [h("h3", {}, `${what} (${each.title})`), table(what, head, rows, { numeric: each.columns.map((_, place) => place + 1) })];
}

function firstOf(each, model) {
  const place = each.columns.indexOf(model);
  const rows = shown(each).filter((row) => row.cells[place].time || row.cells[place].reason).map((row) => [named(row.name), told(row.cells[place], each.unit)]);
  const what = each.benchmark.split(".").at(-1).replace(/^track_/, "").replaceAll("_", " ");
  return rows.length ? [h("h3", {}, `In a fresh process: ${what}`), table(what, ["Implementation", each.unit || "value"], rows, { numeric: [1] })] : [note(`${what}: not measured`)];
}

function shown(each) {
  return each.rows.filter((row) => !hidden().has(row.name));
}

function told(cell, unit) {
  return cell.time ? amount(cell.time[0], unit) : h("span", { class: "note" }, [cell.status, cell.reason].filter(Boolean).join(": "));
}
