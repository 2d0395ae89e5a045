/** A drawing as a picture that can stand alone: with its title, whose line is whose, and where it is from. */

import { colours } from "./bokeh.js";
import { h } from "./dom.js";
import { look } from "./looks.js";

const LINE = 20;
const EDGE = 12;
const SIGN = 32; // from where a line's sign begins to its name
const FACE = "system-ui, sans-serif";
const FONT = `13px ${FACE}`;

/** @returns {Promise<?Blob>} PNG, twice as fine as the screen shows it */
export function picture(view, drawing) {
  const { canvas } = view.export("png", true);
  const scale = canvas.width / view.canvas.el.clientWidth || devicePixelRatio;
  const [width, plot] = [canvas.width / scale, canvas.height / scale];
  const made = h("canvas", {});
  const pen = made.getContext("2d");
  pen.font = FONT;
  const names = laid(pen, drawing.lines.map(({ name }) => name), width);
  const caption = wrapped(pen, drawing.caption ?? "", width - 2 * EDGE);
  const top = LINE * (2.6 + (names.at(-1)?.row ?? 0));
  const height = top + plot + LINE * (caption.length + 0.6);
  made.width = canvas.width;
  made.height = Math.round(height * scale);
  pen.scale(scale, scale);
  const { surface, text, quiet } = colours();
  pen.fillStyle = surface;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = text;
  pen.font = `600 15px ${FACE}`;
  pen.fillText(drawing.label, EDGE, LINE, width - 2 * EDGE);
  pen.font = FONT;
  legend(pen, names, text, width);
  pen.drawImage(canvas, 0, top, width, plot);
  pen.fillStyle = quiet;
  caption.forEach((line, place) => pen.fillText(line, EDGE, top + plot + LINE * (0.8 + place)));
  return new Promise((done) => made.toBlob(done, "image/png"));
}

/**
 * Where the names of the lines stand: as many rows as they need.
 * @param {{measureText: (text: string) => {width: number}}} pen @param {string[]} names @param {number} width
 * @returns {{name: string, x: number, row: number}[]}
 */
export function laid(pen, names, width) {
  let [x, row] = [EDGE, 0];
  return names.map((name) => {
    const own = SIGN + pen.measureText(name).width;
    if (x > EDGE && x + own > width - EDGE) [x, row] = [EDGE, row + 1];
    const placed = { name, x, row };
    x += own + LINE;
    return placed;
  });
}

function legend(pen, names, text, width) {
  for (const { name, x, row } of names) {
    const own = look(name);
    const y = LINE * (2 + row);
    pen.strokeStyle = own.colour;
    pen.lineWidth = 2.5;
    pen.setLineDash(own.dash);
    pen.beginPath();
    pen.moveTo(x, y - 4);
    pen.lineTo(x + 26, y - 4);
    pen.stroke();
    pen.fillStyle = text;
    pen.fillText(name, x + SIGN, y, width - EDGE - x - SIGN);
  }
  pen.setLineDash([]);
}

function wrapped(pen, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.slice(0, 6);
}
