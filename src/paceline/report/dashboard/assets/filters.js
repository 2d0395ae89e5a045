/** The bar of filters: family, model, size, host, text, and the implementations, which are the legend too. */

import { all, chartOf, facets } from "./data.js";
import { h, select, toggle } from "./dom.js";
import { size } from "./format.js";
import { swatch } from "./looks.js";
import { amend, choose, keep, state } from "./state.js";

const SELECTS = [["family", "Family", "all families"], ["model", "Model", "all models"], ["n", "Size n", "all sizes"], ["host", "Host", "all hosts"]];
const MOST = 400; // options of a select; the text filter finds the rest

const FOLDED = 14; // implementations: more of them are folded away, so that the answers come first

/** The filters; the implementations, too, where the view has no legend of its own. @returns {HTMLElement} */
export function bar(own = false) {
  const chosen = state();
  const known = facets();
  const selects = SELECTS.filter(([key]) => known[key].length > 1 || chosen[key])
    .map(([key, label, none]) => select(`filter-${key}`, label, [["", none], ...options(known[key], key)],
      chosen[key], (value) => choose({ [key]: value })));
  const text = h("label", { class: "field grow", for: "filter-q" }, h("span", {}, "Text"),
    h("input", { id: "filter-q", type: "search", value: chosen.q, placeholder: "part of any name",
      input: (event) => amend({ q: event.target.value }) }));
  const anything = [...SELECTS.map(([key]) => key), "q", "hide"].some((key) => chosen[key]);
  const reset = h("button", { id: "filter-none", type: "button", class: "quiet", disabled: !anything,
    click: () => choose({ family: "", model: "", n: "", host: "", q: "", hide: "" }) }, "Show all");
  const open = !matchMedia("(max-width: 860px)").matches || chosen.filters === "1";
  const toggled = (event) => keep({ filters: event.target.open && matchMedia("(max-width: 860px)").matches ? "1" : "" });
  return h("div", { role: "search", "aria-label": "Filters" },
    h("details", { class: "filterbox", open, toggle: toggled }, h("summary", {}, anything ? "Filters (some are on)" : "Filters"), h("div", { class: "filters" }, selects, text, reset)),
    !own && everybody());
}

function options(values, key) {
  return values.slice(0, MOST).map((value) => [String(value), key === "n" ? size(value) : value]);
}

/** The implementations of a drawing, or of all: what is pressed is shown. */
export function legend(names = Object.keys(all.implementations)) {
  if (names.length < 2) return null;
  const places = Object.keys(all.implementations);
  return h("div", { class: "legend", role: "group", "aria-label": "Implementations shown" }, names.slice(0, 60).map((name) =>
    toggle(`impl-${places.indexOf(name)}`, [swatch(name), h("span", {}, name)], !hidden().has(name), () => flip(name), { class: "chip" })));
}

function everybody() {
  const count = Object.keys(all.implementations).length;
  if (count <= FOLDED) return legend();
  const text = hidden().size ? `${count} implementations, ${hidden().size} hidden` : `${count} implementations`;
  const toggled = (event) => keep({ impls: event.target.open ? "1" : "" });
  return h("details", { class: "everybody", open: state().impls === "1", toggle: toggled }, h("summary", {}, text), legend());
}

/** The implementations that are not shown. */
export function hidden() {
  return new Set(state().hide ? state().hide.split("|").map(decoded) : []);
}

/** A name as it was written into the address; what nobody wrote there stays what it is. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function flip(name) {
  const now = hidden();
  if (!now.delete(name)) now.add(name);
  choose({ hide: [...now].map(encodeURIComponent).join("|") });
}

/** Whether a ratio table is wanted. */
export function wantsTable(table) {
  const chosen = state();
  return fits(chosen, table.family, table.model, table.section.machine) &&
    (!chosen.n || !table.axis || table.columns.some((column) => String(column) === chosen.n)) &&
    says(chosen.q, [table.title, table.benchmark, table.family, table.section.machine, table.section.environment,
      ...table.rows.map((row) => row.name)]);
}

/** Whether a chart of the history is wanted. */
export function wantsChart(chart) {
  const chosen = state();
  return fits(chosen, chart.family, chart.model, chart.host) &&
    (!chosen.n || String(chart.size) === chosen.n) &&
    says(chosen.q, [chart.title, chart.benchmark, chart.family, chart.where,
      ...chart.lines.map(([name]) => name)]);
}

/** Whether an alert is wanted; one without a line in the history is about any host. */
export function wantsAlert(alert) {
  const chosen = state();
  const chart = chartOf(alert);
  return !hidden().has(alert.params.implementation) && (!chosen.model || chart?.model === chosen.model) && (!chosen.family || chart?.family === chosen.family) &&
    (!chosen.host || !chart || chart.host === chosen.host) &&
    says(chosen.q, [alert.benchmark, alert.cpu, alert.reason, alert.state, alert.subject, ...alert.cases, ...Object.values(alert.params).map(String)]);
}

/** The columns of a table that are wanted. */
export function wantedColumns(table) {
  const { n } = state();
  return table.columns.map((_, place) => place).filter((place) => !n || !table.axis || String(table.columns[place]) === n);
}

function fits(chosen, family, model, host) {
  return (!chosen.family || chosen.family === family) && (!chosen.model || chosen.model === model) &&
    (!chosen.host || chosen.host === host);
}

/** Whether all words of the filter are somewhere in the names. */
export function says(words, names) {
  if (!words) return true;
  const text = names.join("\n").toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
