/** Every choice of the reader lives in the fragment of the address, so that a link shows what they saw. */

const DEFAULTS = { view: "overview", scale: "log", x: "date", cols: "implementation", drag: "pan" };
const listeners = new Set();

/** @returns {Object<string, string>} every choice; those not made have their default, or "" */
export function state() {
  const chosen = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  return new Proxy({ ...DEFAULTS, ...chosen }, { get: (all, name) => all[name] ?? "" });
}

/** The fragment that the choices would have after some changes; an empty text takes a choice back. */
export function link(changes, from = state()) {
  const next = new URLSearchParams();
  const all = { ...from, ...changes };
  for (const name of Object.keys(all).sort()) {
    if (all[name] !== "" && all[name] !== DEFAULTS[name]) next.set(name, all[name]);
  }
  return `#${next}`;
}

/** Take a choice, as a new entry of the history; tell everybody. */
export function choose(changes) {
  history.pushState(null, "", link(changes));
  changed();
}

/** Keep something in the address without drawing anew: where a reader has zoomed to. */
export function keep(changes) {
  history.replaceState(null, "", link(changes));
}

/** Take a choice without a new entry: while somebody types. */
export function amend(changes) {
  keep(changes);
  changed();
}

/** Another view, another chart: what was chosen for the last one alone is forgotten. */
export const FORGET = { x0: "", x1: "", y0: "", y1: "", a: "", b: "" };

export function onChange(listener) {
  listeners.add(listener);
}

function changed() {
  for (const listener of listeners) listener(state());
}

addEventListener("popstate", changed);
addEventListener("hashchange", changed);
