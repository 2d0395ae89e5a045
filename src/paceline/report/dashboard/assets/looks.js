/** One look per implementation, as in the static figures: colour, marker and dash. */

import { all } from "./data.js";
import { h, svg } from "./dom.js";

const PLAIN = { colour: "#0072B2", marker: "o", dash: [] };
const MARKERS = { o: "circle", s: "square", D: "diamond", "^": "triangle", v: "inverted_triangle", P: "plus", p: "hex", X: "x" };
const DARKER = { "#000000": "#F2F2F2", "#6E6E6E": "#A0A0A0", "#0072B2": "#3D9BE0" }; // too dark for a dark page

/** @returns {{colour: string, marker: string, dash: number[]}} with the names that BokehJS has for markers */
export function look(name) {
  const own = all.implementations[name] ?? PLAIN;
  const colour = isDark() ? DARKER[own.colour] ?? own.colour : own.colour;
  return { colour, marker: MARKERS[own.marker] ?? "circle", dash: own.dash };
}

export function isDark() {
  return getComputedStyle(document.documentElement).colorScheme.trim() === "dark";
}

const SHAPES = {
  circle: () => svg("circle", { cx: 14, cy: 7, r: 4 }),
  square: () => svg("rect", { x: 10.5, y: 3.5, width: 7, height: 7 }),
  diamond: () => svg("path", { d: "M14 2l4.5 5-4.5 5-4.5-5z" }),
  triangle: () => svg("path", { d: "M14 2.5l4.5 8h-9z" }),
  inverted_triangle: () => svg("path", { d: "M14 11.5l4.5-8h-9z" }),
  plus: () => svg("path", { d: "M12.5 2.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z" }),
  hex: () => svg("path", { d: "M11.5 3h5l2.5 4-2.5 4h-5L9 7z" }),
  x: () => svg("path", { d: "M10.5 3.5l7 7m0-7l-7 7", "stroke-width": 2 }),
};

/** A small drawing of an implementation's line; text beside it has the name. */
export function swatch(name) {
  const { colour, marker, dash } = look(name);
  const line = svg("line", { x1: 0, y1: 7, x2: 28, y2: 7, "stroke-width": 2, "stroke-dasharray": dash.join(" ") || null });
  return svg("svg", { class: "swatch", viewBox: "0 0 28 14", width: 28, height: 14, "aria-hidden": "true", style: `color:${colour}` },
    line, SHAPES[marker]());
}

/** An implementation's name behind its drawing. */
export function named(name) {
  return h("span", { class: "named", title: name.length > 40 ? name : null }, name ? [swatch(name), name] : "");
}
