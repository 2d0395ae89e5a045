/** Tables: the twin of every drawing, and lists. */

import { h, prose } from "./dom.js";
import { keep, state } from "./state.js";

const MOST = 500; // rows that are put into the page at once

/**
 * A table that scrolls in itself when it is wide.
 * @param {string} caption read out, not shown
 * @param {any[]} head @param {any[][]} rows whose first cell is the row's name
 * @param {{numeric?: number[]}} more the columns of numbers
 */
export function table(caption, head, rows, { numeric = [], id = null, kind = null } = {}) {
  const shown = rows.slice(0, MOST);
  const right = (place) => (numeric.includes(place) ? "number" : null);
  const body = shown.map((row) => h("tr", {}, row.map((value, place) =>
    place ? h("td", { class: right(place) }, value) : h("th", { scope: "row" }, value))));
  const made = h("table", { id, class: kind }, h("caption", { class: "hidden" }, caption),
    h("thead", {}, h("tr", {}, head.map((name, place) => h("th", { scope: "col", class: right(place) }, name)))),
    h("tbody", {}, body));
  return [
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, made),
    rows.length > MOST && h("p", { class: "note" },
      `${rows.length - MOST} more rows are not shown here; CSV and JSON have all of them.`),
  ];
}

/** The table behind a drawing, filled when it is opened. */
export function twin(name, make) {
  const box = h("div", {});
  const open = state().table === "1";
  const fill = () => { if (!box.hasChildNodes()) box.append(...[make()].flat(2).filter(Boolean)); };
  const details = h("details", { class: "twin", open, id: `twin-${name}`, toggle: (event) => {
    if (event.target.open) fill();
    keep({ table: event.target.open ? "1" : "" });
  } }, h("summary", {}, "The same as a table"), box);
  if (open) fill();
  return details;
}

/** A card with a heading. */
export function card(title, ...children) {
  return h("section", { class: "card" }, h("h2", {}, title), children);
}

/** A quiet paragraph; backticks in our own words are code. */
export function note(...text) {
  return h("p", { class: "note" }, text.map((part) => (typeof part === "string" ? prose(part) : part)));
}
