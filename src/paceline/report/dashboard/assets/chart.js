/** One drawing by BokehJS: lines with points and intervals, marks, a hover of our own, keys, zoom in the address. */

import { h, toggle } from "./dom.js";
import { cursor } from "./cursor.js";
import { colours, figure, marks, scales } from "./bokeh.js";
import { places } from "./decimate.js";
import { look } from "./looks.js";
import { picture } from "./picture.js";
import { FORGET, choose, keep, state } from "./state.js";

/**
 * @typedef {{name: string, x: number[], y: number[], low: ?number[], high: ?number[],
 *   breaks?: Set<number>, tip: (at: number) => [string, string][], href?: (at: number) => ?string}} Line
 *   breaks: places before which the line is interrupted
 * @typedef {{label: string, x: "log"|"linear"|"date", y: "log"|"linear", xLabel: string, yLabel: string,
 *   xText: (v: number) => string, yText: (v: number) => string, lines: Line[], one?: boolean, zone?: [number, number],
 *   xTicks?: number[], marks?: {x: number, text: string, kind: string}[], zooms?: boolean}} Drawing
 */

/**
 * Put a drawing into a box.
 * @param {HTMLElement} box @param {Drawing} drawing
 * @returns {Promise<{picture: () => Promise<?Blob>}>}
 */
export async function draw(box, drawing) {
  const Bokeh = globalThis.Bokeh;
  const scale = scales(Bokeh, drawing);
  const plot = figure(Bokeh, drawing, scale);
  const shown = drawing.lines.map((line) => put(Bokeh, plot, line, drawing));
  marks(Bokeh, plot, drawing);
  const refresh = () => {
    const { start, end } = plot.x_range;
    const pixels = Math.max(200, box.clientWidth || 800);
    shown.forEach((one) => one.fill(start, end, pixels));
    scale.update(plot);
  };
  refresh();
  interact(Bokeh, plot, shown, drawing);
  const stage = h("div", { class: "stage", role: "group", tabindex: 0, "aria-label": `${drawing.label}. Arrow keys step from point to point, + and - zoom, 0 shows all, Enter opens the commit.` });
  const status = h("p", { class: "status", role: "status" }, drawing.zooms ? "Drag to move, Ctrl and wheel to zoom; keys: arrows, +, -, 0." : "");
  box.replaceChildren(...[stage, status, tools(plot, scale, drawing)].filter(Boolean));
  cursor(stage, status, shown, drawing, { zoom: (by) => zoom(plot, by, drawing), all: () => scale.all(plot) });
  const view = await Bokeh.Plotting.show(plot, stage);
  let waiting = 0;
  const moved = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { refresh(); if (drawing.zooms) remember(plot, scale); }, 40);
  };
  for (const range of [plot.x_range, plot.y_range]) for (const end of ["start", "end"]) range.properties[end].change.connect(moved);
  const tidy = new MutationObserver(() => { if (!stage.isConnected) { tidy.disconnect(); view.remove?.(); } });
  tidy.observe(document.getElementById("content"), { childList: true });
  return { picture: () => picture(view, drawing) };
}

/** Put one line's points, line and intervals into the plot; fill() takes those that the screen can show. */
function put(Bokeh, plot, line, drawing) {
  const own = look(line.name);
  const source = new Bokeh.ColumnDataSource({ data: { x: [], y: [], low: [], high: [], at: [] } });
  const path = new Bokeh.ColumnDataSource({ data: { x: [], y: [] } });
  const style = { line_color: own.colour, line_width: 2, line_dash: own.dash };
  if (line.low) plot.segment({ field: "x" }, { field: "low" }, { field: "x" }, { field: "high" }, { source, line_color: own.colour, line_alpha: 0.45, line_width: 1.5 });
  plot.line({ field: "x" }, { field: "y" }, { source: path, ...style });
  const points = plot.scatter({ field: "x" }, { field: "y" }, {
    source, marker: own.marker, size: 7, fill_color: own.colour, line_color: own.colour,
    hover_fill_color: own.colour, hover_fill_alpha: 1, nonselection_alpha: 1, selection_color: own.colour,
  });
  const signs = new Bokeh.ColumnDataSource({ data: { x: [], y: [] } });
  plot.scatter({ field: "x" }, { field: "y" }, { source: signs, marker: own.marker, size: 9, fill_color: own.colour, line_color: colours().surface });
  const drawable = (at) => Number.isFinite(line.y[at]) && (drawing.y !== "log" || line.y[at] > 0);
  const fill = (start, end, pixels) => {
    const at = places(line.x, line.y, start, end, pixels / 2);
    const fine = at.filter(drawable);
    const pick = (from) => fine.map((one) => from[one]);
    source.data = { x: pick(line.x), y: pick(line.y), low: pick(line.low ?? line.y), high: pick(line.high ?? line.y), at: fine };
    path.data = broken(line, at, drawable);
    const dense = fine.length > 100; // then the line shows them, and a few marks say whose it is
    points.glyph.setv({ fill_alpha: { value: dense ? 0 : 1 }, line_alpha: { value: dense ? 0 : 1 } });
    const few = dense ? fine.filter((_, place) => place % Math.ceil(fine.length / 8) === Math.floor(fine.length / 16)) : [];
    signs.data = { x: few.map((one) => line.x[one]), y: few.map((one) => line.y[one]) };
  };
  return { line, source, points, fill, colour: own.colour };
}

/** The corners of a line, with a gap where there is no figure or the host's epoch changed. */
function broken(line, at, drawable) {
  const [x, y] = [[], []];
  let before = -1;
  for (const one of at) {
    if (line.breaks && before >= 0 && between(line.breaks, before, one)) { x.push(line.x[one]); y.push(NaN); }
    x.push(line.x[one]);
    y.push(drawable(one) ? line.y[one] : NaN);
    before = one;
  }
  return { x, y };
}

function between(breaks, before, one) {
  for (const place of breaks) if (place > before && place <= one) return true;
  return false;
}

function interact(Bokeh, plot, shown, drawing) {
  const renderers = shown.map(({ points }) => points);
  const of = (source) => shown.find((one) => one.source === source);
  const tooltips = (source, { index }) => {
    const at = source.data.at[index];
    const { line } = of(source);
    const label = (name) => h("span", { style: "color:#5b6470" }, name); // BokehJS shows it in a root of its own, on white
    return h("div", { class: "tip", style: "color:#1c2024; max-width:360px; overflow-wrap:anywhere; font:13px/1.4 system-ui, sans-serif" },
      line.tip(at).map(([name, value]) => h("div", {}, name ? [label(name), ` ${value}`] : h("b", {}, value))));
  };
  plot.add_tools(new Bokeh.HoverTool({ renderers, tooltips, mode: "mouse", point_policy: "snap_to_data", limit: 1 }));
  const execute = (_tool, { source }) => {
    const [index] = source.selected.indices;
    const { line } = of(source);
    source.selected.indices = [];
    const address = index === undefined ? null : line.href?.(source.data.at[index]);
    if (address) open(address, "_blank", "noopener,noreferrer");
  };
  plot.add_tools(new Bokeh.TapTool({ renderers, callback: { execute } }));
  if (!drawing.zooms) return;
  const pan = new Bokeh.PanTool();
  const box = new Bokeh.BoxZoomTool();
  const wheel = new Bokeh.WheelZoomTool({ modifiers: { ctrl: true } });
  plot.add_tools(pan, box, wheel);
  const coarse = matchMedia("(pointer: coarse)").matches; // a finger scrolls the page; the buttons zoom
  plot.toolbar.active_drag = coarse ? null : state().drag === "zoom" ? box : pan;
  plot.toolbar.active_scroll = wheel;
}

function tools(plot, scale, drawing) {
  if (!drawing.zooms) return null;
  const button = (id, text, label, click) => h("button", { id, type: "button", class: "quiet", "aria-label": label, title: label, click }, text);
  return h("div", { class: "tools", role: "group", "aria-label": "Zoom" },
    button("zoom-in", "+", "Zoom in", () => zoom(plot, 0.5, drawing)),
    button("zoom-out", "−", "Zoom out", () => zoom(plot, 2, drawing)),
    button("zoom-all", "All", "Show all", () => { scale.all(plot); keep({ ...FORGET, a: state().a, b: state().b }); }),
    toggle("drag-zoom", "Drag to zoom", state().drag === "zoom", () => choose({ drag: state().drag === "zoom" ? "" : "zoom" }), { class: "quiet" }));
}

/** Zoom the x axis around its middle. */
function zoom(plot, by, drawing) {
  const { start, end } = plot.x_range;
  const log = drawing.x === "log";
  const [low, high] = log ? [Math.log(start), Math.log(end)] : [start, end];
  const [middle, half] = [(low + high) / 2, ((high - low) / 2) * by];
  plot.x_range.setv({ start: log ? Math.exp(middle - half) : middle - half, end: log ? Math.exp(middle + half) : middle + half });
}

function remember(plot, scale) {
  const digits = (value) => String(Number(value.toPrecision(9)));
  const { x_range: x, y_range: y } = plot;
  const whole = scale.isAll(plot);
  keep(whole ? { x0: "", x1: "", y0: "", y1: "" } : { x0: digits(x.start), x1: digits(x.end), y0: digits(y.start), y1: digits(y.end) });
}
