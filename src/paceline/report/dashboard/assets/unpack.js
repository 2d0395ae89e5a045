/** The blocks of the page: base64 of gzip of JSON, or of numbers in byte planes. */

/**
 * @param {string} name
 * @returns {Promise<Uint8Array>} empty where the page has no such block
 */
async function bytes(name) {
  const block = document.getElementById(`block-${name}`);
  if (!block) return new Uint8Array();
  const compressed = decoded(block.textContent);
  block.remove(); // megabytes of text that nobody needs any more
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function decoded(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const found = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at++) found[at] = raw.charCodeAt(at);
  return found;
}

/** Put byte planes back together: all first bytes, all second bytes, ... */
function gathered(planes, width) {
  const count = planes.length / width;
  const found = new Uint8Array(planes.length);
  for (let plane = 0; plane < width; plane++) {
    for (let at = 0, to = plane; at < count; at++, to += width) found[to] = planes[plane * count + at];
  }
  return found.buffer;
}

/** The page's document of plain values. */
export async function meta() {
  return JSON.parse(new TextDecoder().decode(await bytes("meta")));
}

/**
 * The numbers of all lines, one line after the other.
 * @returns {Promise<{steps: Uint16Array, values: Float32Array, below: Uint8Array, above: Uint8Array}>}
 */
export async function columns() {
  const [steps, values, below, above] = await Promise.all(["steps", "values", "below", "above"].map(bytes));
  return {
    steps: new Uint16Array(gathered(steps, 2)),
    values: new Float32Array(gathered(values, 4)),
    below, above,
  };
}

/** How far an interval's end is from the value, as a share of it; NaN for none. */
export function share(code) {
  return code === 255 ? NaN : 1e-5 * 1.05 ** code;
}
