/** A drawing by keyboard: arrows step through the points of a line, and from line to line. */

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-Infinity, 0], End: [Infinity, 0] };

/**
 * @param {HTMLElement} stage which has the focus @param {HTMLElement} status where a point is told
 * @param {{line: Object, source: Object}[]} shown
 * @param {{zoom: (by: number) => void, all: () => void}} act
 */
export function cursor(stage, status, shown, drawing, act) {
  let line = 0;
  let at = -1;
  const tell = () => {
    const told = shown[line].line.tip(at).map(([name, value]) => `${name} ${value}`);
    status.textContent = told.join("; ");
  };
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== stage || !shown.length) return;
    const step = STEPS[event.key];
    if (step) {
      line = Math.min(Math.max(line + step[1], 0), shown.length - 1);
      const last = shown[line].line.x.length - 1;
      const from = at >= 0 ? at : step[0] < 0 ? last + 1 : -1; // the first arrow enters from its side
      at = Math.min(Math.max(from + step[0], 0), last);
      tell();
    } else if (event.key === "Enter" && at >= 0) {
      const address = shown[line].line.href?.(at);
      if (address) open(address, "_blank", "noopener,noreferrer");
    } else if (drawing.zooms && (event.key === "+" || event.key === "=")) act.zoom(0.5);
    else if (drawing.zooms && event.key === "-") act.zoom(2);
    else if (drawing.zooms && event.key === "0") act.all();
    else return;
    event.preventDefault();
  });
}
