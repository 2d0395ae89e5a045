/** How BokehJS is set up: ranges, axes, ticks, colours of the page, and what is drawn behind the lines. */

import { known } from "./format.js";
import { state } from "./state.js";
import { ticks } from "./ticks.js";

const DAY = 86_400_000; // as much room has a single date
const FAR = 700; // no axis ends beyond exp(700), and none is longer: its ends' quotient has to be a number

/** The page's colours, as they are now. */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return { text: of("text"), quiet: of("quiet"), line: of("line"), surface: of("surface"), accent: of("accent"), warn: of("warn") };
}

/** Where the axes begin and end: as far as the figures go, or where the reader zoomed to. */
export function scales(Bokeh, drawing) {
  const x = ends(drawing.lines.map((line) => [line.x]), drawing.x === "log", drawing.x === "log" ? 0.06 : 0.02);
  if (drawing.x === "date" && x[1] - x[0] < DAY) [x[0], x[1]] = [x[0] - DAY / 2, x[1] + DAY / 2];
  const low = (line) => (line.low ? [line.y, line.low, line.high] : [line.y]);
  const y = ends([...drawing.lines.map(low), ...(drawing.one ? [[[1]]] : [])], drawing.y === "log", 0.06, drawing.marks?.length ? 0.2 : 0);
  const chosen = state();
  const zoomed = drawing.zooms ? ["x0", "x1", "y0", "y1"].map((name) => Number.parseFloat(chosen[name])) : [];
  const good = zoomed.length === 4 && zoomed.every(Number.isFinite) && zoomed[0] < zoomed[1] && zoomed[2] < zoomed[3] && (drawing.y !== "log" || zoomed[2] > 0);
  const [x0, x1, y0, y1] = good ? zoomed : [...x, ...y];
  const ranges = { x: new Bokeh.Range1d({ start: x0, end: x1 }), y: new Bokeh.Range1d({ start: y0, end: y1 }) };
  return {
    ranges,
    all: (plot) => { plot.x_range.setv({ start: x[0], end: x[1] }); plot.y_range.setv({ start: y[0], end: y[1] }); },
    isAll: (plot) => plot.x_range.start === x[0] && plot.x_range.end === x[1] && plot.y_range.start === y[0] && plot.y_range.end === y[1],
    update: (plot) => {
      label(plot.left[0], plot.y_range, drawing.y === "log", drawing.yText);
      if (drawing.x !== "date") label(plot.below[0], plot.x_range, drawing.x === "log", drawing.xText, drawing.xTicks);
    },
  };
}

function label(axis, range, log, text, fixed) {
  const found = fixed ?? ticks(range.start, range.end, log);
  axis.ticker.setv({ ticks: found });
  axis.major_label_overrides = new Map(found.map((tick) => [tick, trimmed(text(tick))]));
}

/** "20.0 us" as a tick is "20 us". */
function trimmed(text) {
  return text.replace(/\.0+(?=\s|$)|(\.\d*?[1-9])0+(?=\s|$)/, "$1");
}

function ends(groups, log, margin, below = 0) {
  let [low, high] = [Infinity, -Infinity];
  for (const column of groups.flat()) {
    for (const value of column) {
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return log ? [0.1, 10] : [0, 1];
  if (log) {
    const [first, last] = [Math.log(low), Math.log(high)];
    const room = Math.max((last - first) * margin, 0.05);
    const [start, end] = [Math.max(-FAR, first - room - (last - first) * below), Math.min(FAR, last + room)];
    return end - start > FAR ? [Math.exp(-FAR / 2), Math.exp(FAR / 2)] : [Math.exp(start), Math.exp(end)];
  }
  const room = (high - low) * margin || Math.min(Math.abs(high) * 0.1, DAY) || 1;
  return [low - room - (high - low) * below, high + room];
}

/** A plot without a line in it. */
export function figure(Bokeh, drawing, scale) {
  const { text, line } = colours();
  const kinds = { log: "log", linear: "linear", date: "datetime" };
  const plot = Bokeh.Plotting.figure({
    x_axis_type: kinds[drawing.x], y_axis_type: kinds[drawing.y], x_range: scale.ranges.x, y_range: scale.ranges.y,
    sizing_mode: "stretch_width", height: 400, tools: [], toolbar_location: null, min_border_right: 18, min_border_top: 12,
    background_fill_color: null, border_fill_color: null, outline_line_color: null, output_backend: "canvas",
  });
  const font = { major_label_text_font: "system-ui, sans-serif", axis_label_text_font: "system-ui, sans-serif" };
  for (const [axis, title] of [[plot.below[0], drawing.xLabel], [plot.left[0], drawing.yLabel]]) {
    axis.setv({ ...font, axis_label: title, axis_label_text_color: text, axis_label_text_font_style: "normal", axis_label_text_font_size: "13px",
      major_label_text_color: text, major_label_text_font_size: "12px", axis_line_color: line, major_tick_line_color: line, minor_tick_line_color: null });
  }
  plot.left[0].ticker = new Bokeh.FixedTicker({ ticks: [] });
  if (drawing.x !== "date") plot.below[0].ticker = new Bokeh.FixedTicker({ ticks: [] });
  for (const grid of plot.center.filter((one) => one instanceof Bokeh.Grid)) {
    grid.setv({ grid_line_color: line, grid_line_alpha: 0.7, ticker: grid.dimension === 0 ? plot.below[0].ticker : plot.left[0].ticker });
  }
  plot.below[0].ticker.desired_num_ticks = Math.max(3, Math.min(7, Math.floor(innerWidth / 190)));
  if (drawing.x === "date") plot.below[0].formatter.setv({ years: "%Y", months: "%b %Y", days: "%d %b %Y", hours: "%d %b %H:%M", hourmin: "%d %b %H:%M" });
  return plot;
}

/** What stands behind the lines: 1, the zone that cannot be decided, epochs and notes. */
export function marks(Bokeh, plot, drawing) {
  const { text, quiet, accent, warn } = colours();
  if (drawing.zone) {
    plot.add_layout(new Bokeh.BoxAnnotation({ bottom: drawing.zone[0], top: drawing.zone[1], fill_color: quiet, fill_alpha: 0.18, line_color: null, level: "underlay" }));
  }
  if (drawing.one) plot.add_layout(new Bokeh.Span({ location: 1, dimension: "width", line_color: text, line_width: 1.5, level: "underlay" }));
  for (const { x, text: told, kind } of (drawing.marks ?? []).filter((mark) => known(mark.x))) {
    const colour = { alert: warn, epoch: text, past: quiet }[kind] ?? accent;
    plot.add_layout(new Bokeh.Span({ location: x, dimension: "height", line_color: colour, line_width: 1.5, line_dash: kind === "epoch" ? [8, 4] : [2, 3], level: "underlay" }));
    plot.add_layout(new Bokeh.Label({ x, y: 4, y_units: "screen", text: told, angle: Math.PI / 2, x_offset: -3, text_color: colour, text_font: "system-ui, sans-serif", text_font_size: "11px" }));
  }
}
