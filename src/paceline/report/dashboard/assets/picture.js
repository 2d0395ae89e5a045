/** A drawing as a picture that can stand alone: with its title, whose line is whose, and where it is from. */

import { colours } from "./bokeh.js";
import { h } from "./dom.js";
import { look } from "./looks.js";

const LINE = 20;

/** @returns {Promise<?Blob>} PNG, twice as fine as the screen shows it */
export function picture(view, drawing) {
  const { canvas } = view.export("png", true);
  const scale = canvas.width / view.canvas.el.clientWidth || devicePixelRatio;
  const width = canvas.width / scale;
  const made = h("canvas", {});
  const pen = made.getContext("2d");
  pen.font = "13px system-ui, sans-serif";
  const caption = wrapped(pen, drawing.caption ?? "", width - 24);
  const height = canvas.height / scale + LINE * (2.6 + caption.length + 0.6);
  made.width = canvas.width;
  made.height = Math.round(height * scale);
  pen.scale(scale, scale);
  const { surface, text, quiet } = colours();
  pen.fillStyle = surface;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = text;
  pen.font = "600 15px system-ui, sans-serif";
  pen.fillText(drawing.label, 12, LINE, width - 24);
  pen.font = "13px system-ui, sans-serif";
  legend(pen, drawing.lines, text, width);
  pen.drawImage(canvas, 0, LINE * 2.6, width, canvas.height / scale);
  pen.fillStyle = quiet;
  caption.forEach((line, place) => pen.fillText(line, 12, canvas.height / scale + LINE * (3.4 + place)));
  return new Promise((done) => made.toBlob(done, "image/png"));
}

function legend(pen, lines, text, width) {
  let x = 12;
  for (const { name } of lines) {
    const own = look(name);
    pen.strokeStyle = own.colour;
    pen.lineWidth = 2.5;
    pen.setLineDash(own.dash);
    pen.beginPath();
    pen.moveTo(x, LINE * 2 - 4);
    pen.lineTo(x + 26, LINE * 2 - 4);
    pen.stroke();
    pen.fillStyle = text;
    pen.fillText(name, x + 32, LINE * 2);
    x += 52 + pen.measureText(name).width;
    if (x > width - 80) break;
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
