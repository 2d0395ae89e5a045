/** What a reader takes away: CSV, JSON and PNG, made here; nothing leaves the computer. */

import { h } from "./dom.js";

/** Offer a file to save. */
function save(name, content) {
  const address = URL.createObjectURL(content);
  const anchor = h("a", { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * Rows as CSV (RFC 4180). Text that a spreadsheet would calculate gets an apostrophe.
 * @param {string[]} head @param {any[][]} rows
 */
export function csv(head, rows) {
  return `${[head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

function cell(value) {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = value === null || value === undefined ? "" : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/**
 * Buttons that save a table's rows, and a chart's picture where there is one.
 * @param {string} name of the files, without ending
 * @param {() => {head: string[], rows: any[][]}} table
 * @param {?() => Promise<?Blob>} picture
 */
export function buttons(name, table, picture = null) {
  const file = name.replace(/[^0-9A-Za-z_.-]+/g, "-").slice(0, 60) || "paceline";
  const asCsv = () => { const { head, rows } = table(); save(`${file}.csv`, new Blob([csv(head, rows)], { type: "text/csv" })); };
  const asJson = () => save(`${file}.json`, new Blob([json(table())], { type: "application/json" }));
  const asPng = async () => { const made = await picture(); if (made) save(`${file}.png`, made); };
  return h("div", { class: "exports", role: "group", "aria-label": "Save as" },
    h("button", { type: "button", class: "quiet", click: asCsv }, "CSV"),
    h("button", { type: "button", class: "quiet", click: asJson }, "JSON"),
    picture && h("button", { type: "button", class: "quiet", click: asPng }, "PNG"));
}

/** Rows as objects; what is not finite is null. */
export function json({ head, rows }) {
  const one = (row) => Object.fromEntries(head.map((name, place) => [name, plain(row[place])]));
  return `${JSON.stringify(rows.map(one), null, 2)}\n`;
}

function plain(value) {
  return value === undefined || (typeof value === "number" && !Number.isFinite(value)) ? null : value;
}
