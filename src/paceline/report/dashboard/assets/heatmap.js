/** The heat-map: a plain table with a number and an arrow in each cell, colours centred on 1. */

import { tables } from "./data.js";
import { h, select } from "./dom.js";
import { buttons } from "./exports.js";
import { hidden, wantedColumns, wantsTable } from "./filters.js";
import { interval, ratio, size } from "./format.js";
import { named } from "./looks.js";
import { against } from "./ratios.js";
import { words } from "./ratioview.js";
import { FORGET, choose, link, state } from "./state.js";
import { card, note } from "./tables.js";

const KEYS = { implementation: "Implementations", n: "Sizes", host: "Hosts" };
const MOST = 400;

export function heatmap(box) {
  const chosen = state();
  const across = Object.hasOwn(KEYS, chosen.cols) ? chosen.cols : "implementation";
  const items = cases(chosen.base);
  const choices = h("div", { class: "choices" },
    select("cols", "Columns", Object.entries(KEYS), across, (value) => choose({ cols: value })),
    select("base", "Baseline", [["", "each model's own"], ...names().map((name) => [name, name])], chosen.base, (value) => choose({ base: value })));
  if (!items.length) {
    box.append(card("Heat-map", choices, note("No ratio fits the filters.")));
    return;
  }
  box.append(card(`Time / time of ${chosen.base || "each model's baseline"}; below 1 is faster`, choices, grid(items, across), key(),
    buttons("heat-map", () => exported(items))));
}

function names() {
  return [...new Set(tables.flatMap((one) => one.rows.map((row) => row.name)))];
}

function cases(base) {
  return tables.filter(wantsTable).flatMap((one) => wantedColumns(one).flatMap((column) => {
    const baseline = base && one.rows.some((row) => row.name === base) ? base : one.baseline;
    return against(one, column, baseline).filter((item) => !hidden().has(item.name)).map((item) => ({
      ...item, one, baseline, n: one.axis === null ? "" : one.columns[column], host: one.section.where,
      implementation: item.name, model: one.title }));
  }));
}

function grid(items, across) {
  const several = new Set(items.map((item) => item.host)).size > 1;
  const rest = ["model", "host", "n", "implementation"].filter((name) => name !== across && (name !== "host" || several));
  const heads = [...new Set(items.map((item) => item[across]))];
  if (across === "n") heads.sort((a, b) => (typeof a === "number" && typeof b === "number" ? a - b : 0));
  const rows = new Map();
  for (const item of items) {
    const name = JSON.stringify(rest.map((one) => item[one]));
    if (!rows.has(name)) rows.set(name, { item, cells: new Map() });
    rows.get(name).cells.set(item[across], item);
  }
  const kept = [...rows.values()].filter(({ cells }) => [...cells.values()].some((item) => item.verdict !== "baseline" || across === "implementation"));
  let before = "";
  const body = kept.slice(0, MOST).map(({ item, cells }) => {
    const first = item.model !== before;
    before = item.model;
    return h("tr", { class: first ? "first" : null }, rest.map((name, place) => label(name, item, place === 0 && !first)), heads.map((one) => cell(cells.get(one))));
  });
  const head = h("tr", {}, rest.map((name) => h("th", { scope: "col", class: name === "n" ? "number" : null }, { n: "n", model: "Model", host: "Host", implementation: "Implementation" }[name])),
    heads.map((one) => h("th", { scope: "col" }, across === "implementation" ? named(one) : across === "n" ? `n = ${size(one)}` : one)));
  return [h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Heat-map" },
    h("table", { class: "heat", id: "heat" }, h("caption", { class: "hidden" }, "Ratios to the baseline"), h("thead", {}, head), h("tbody", {}, body))),
  kept.length > MOST && note(`${kept.length - MOST} more rows: filter, or save them as CSV.`)];
}

function label(name, item, again) {
  const text = name === "n" ? size(item.n) : name === "implementation" ? named(item.name) : item[name];
  const content = name === "model" ? h("a", { href: link({ ...FORGET, view: "ratios", chart: item.one.id }) }, text) : text;
  return name === "model" ? h("th", { scope: "row", class: again ? "again" : null }, content) : h("td", { class: name === "n" && typeof item.n === "number" ? "number" : null }, content);
}

function cell(item) {
  if (!item) return h("td", { class: "none", title: "This model has no such case" }, h("span", { class: "note" }, "–"));
  if (item.value === null) return h("td", { class: "none", title: item.reason || item.status }, h("span", { class: "note" }, item.status === "measured" ? "no ratio" : item.status));
  if (item.verdict === "baseline") return h("td", { class: "none" }, h("span", { class: "note" }, "1 baseline"));
  const strength = Math.min(1, Math.abs(Math.log2(item.value)) / 3); // a factor of eight is as strong as it gets
  const side = item.value < 1 ? "faster" : "slower";
  const open = item.verdict === "inconclusive" || item.verdict === "same";
  const arrow = open ? "≈" : item.value < 1 ? "▼" : "▲";
  return h("td", { class: `heat-cell ${open ? "" : side}`, style: `--strength:${Math.round(12 + 43 * strength)}%`, title: `${ratio(item.value)} (${interval(item.low, item.high)}) ${words(item)}` },
    h("span", { "aria-hidden": "true" }, `${arrow} `), ratio(item.value), item.source === "asv" && "‡", h("span", { class: "hidden" }, ` ${words(item)}`));
}

function key() {
  return note("▼ faster, ▲ slower, ≈ the same or undecided; ‡ from asv's medians, not raced. The colour is full at a factor of eight.");
}

function exported(items) {
  const head = ["host", "environment", "model", "n", "implementation", "baseline", "ratio", "low", "high",
    "verdict", "source", "status", "reason"];
  const row = ({ one, model, n, name, baseline, value, low, high, verdict, source, status, reason }) =>
    [one.section.machine, one.section.environment, model, n, name, baseline, value, low, high,
      verdict, source, status, reason];
  return { head, rows: items.map(row) };
}
