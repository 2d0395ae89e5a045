/** The page: its head, the filters, and the view that the address asks for. */

import { all, load, ready } from "./data.js";
import { h, select } from "./dom.js";
import { bar } from "./filters.js";
import { day, plural } from "./format.js";
import { FORGET, choose, link, onChange, state } from "./state.js";
import { alerts } from "./alerts.js";
import { heatmap } from "./heatmap.js";
import { history } from "./history.js";
import { hosts } from "./hosts.js";
import { overview } from "./overview.js";
import { ratios } from "./ratioview.js";

const VIEWS = { overview: ["Overview", overview], ratios: ["Ratios by size", ratios], heatmap: ["Heat-map", heatmap],
  history: ["History", history], alerts: ["Alerts", alerts], hosts: ["Hosts", hosts] };
const OWN = new Set(["ratios", "history"]); // views with a legend of their own
const content = document.getElementById("content");

async function start() {
  try {
    await load();
  } catch (error) {
    problem("The figures in this file cannot be read: it is torn, or the browser is too old (it needs DecompressionStream).", error);
    return;
  }
  document.getElementById("footer").append(...footer());
  onChange(render);
  await render(state());
  globalThis.requestIdleCallback?.(() => ready()); // while the reader reads; Safari has none
}

let asked = 0;

/** The view that the address names, whatever it names. */
function shown(chosen) {
  return Object.hasOwn(VIEWS, chosen.view) ? chosen.view : "overview";
}

async function render(chosen) {
  const mine = ++asked;
  const kept = document.activeElement?.id;
  const caret = document.activeElement?.selectionStart;
  theme(chosen.theme);
  document.getElementById("header").replaceChildren(...head(chosen));
  const [title, view] = VIEWS[shown(chosen)];
  const box = h("div", { class: `view ${shown(chosen)}` });
  content.replaceChildren(...[shown(chosen) === "hosts" ? null : bar(OWN.has(chosen.view)), box].filter(Boolean));
  restore(kept, caret);
  try {
    const wait = chosen.view === "history" ? await ready() : null;
    if (mine === asked) await view(box, chosen, wait);
    restore(kept, caret);
  } catch (error) {
    if (mine === asked) problem(`${title} cannot be drawn.`, error, box);
  }
  if (mine === asked) document.documentElement.dataset.ready = String(mine);
}

function restore(id, caret) {
  const element = id && document.activeElement?.id !== id ? document.getElementById(id) : null;
  element?.focus({ preventScroll: true });
  if (element && Number.isInteger(caret)) element.setSelectionRange(caret, caret);
}

function head(chosen) {
  const tabs = Object.entries(VIEWS).map(([name, [title]]) => h("a", {
    id: `view-${name}`, href: link({ ...FORGET, view: name, chart: "" }), "aria-current": shown(chosen) === name ? "page" : null,
  }, title, name === "alerts" && badge()));
  return [
    h("div", { class: "brand" }, h("h1", {}, all.project || "paceline"), h("span", { class: "note" }, `as of ${day(Date.parse(all.made), true)}`)),
    h("nav", { "aria-label": "Views" }, tabs),
    select("theme", "Colours", [["", "as the system"], ["light", "light"], ["dark", "dark"]], chosen.theme, (value) => choose({ theme: value })),
  ];
}

function badge() {
  const count = all.alerts.filter((alert) => alert.live).length;
  return count ? h("span", { class: "badge" }, count) : null;
}

function theme(name) {
  const dark = name ? name === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => render(state()));

function footer() {
  const links = all.links.map(([text, address]) => h("a", { href: address }, text));
  const warnings = all.warnings.length ? [h("details", {}, h("summary", {}, `${plural(all.warnings.length, "warning")} while reading the results`),
    h("ul", {}, all.warnings.map((one) => h("li", {}, one))))] : [];
  return [h("p", { class: "note" }, `Made by paceline ${all.paceline}. A ratio is a time / the time of the baseline; below 1 is faster.`,
    links.map((one) => [" · ", one])), ...warnings];
}

/** The skip link moves the focus only: its fragment would take the place of every choice. */
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  content.focus();
});

function problem(text, error, box = content) {
  box.replaceChildren(h("p", { class: "problem", role: "alert" }, text, h("br"), h("small", {}, String(error))));
}

start();
