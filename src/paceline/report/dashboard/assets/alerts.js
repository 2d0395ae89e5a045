/** The list of alerts, and what moved without being one. */

import { all, chartOf, commitUrl } from "./data.js";
import { h } from "./dom.js";
import { buttons } from "./exports.js";
import { wantsAlert } from "./filters.js";
import { day, factor, interval, short, size } from "./format.js";
import { FORGET, link } from "./state.js";
import { card, note, table } from "./tables.js";

export function alerts(box) {
  const wanted = all.alerts.filter(wantsAlert);
  const ordered = [...wanted].sort((one, other) => Number(other.live) - Number(one.live) || (other.opened ?? 0) - (one.opened ?? 0));
  const empty = all.alerts.length ? "No alert fits the filters." : "There are no alerts: nothing is known to be slower, or nothing looks for it yet. `paceline compare` and CI make them.";
  box.append(card("Alerts", ordered.length ? [list(ordered), buttons("alerts", () => exported(ordered))] : note(empty)));
}

function list(ordered) {
  const rows = ordered.map((alert) => {
    const chart = chartOf(alert);
    const params = Object.entries(alert.params).map(([name, value]) => `${name} = ${size(value)}`).join(", ");
    return [
      h("span", { class: alert.live ? "state live" : "state" }, alert.state),
      alert.ratio ? [h("b", {}, factor(alert.ratio)), h("div", { class: "note" }, interval(alert.low, alert.high))] : "unknown",
      [h("div", {}, [alert.benchmark, params].filter(Boolean).join(", ")), alert.cases.slice(0, 5).map((one) => h("div", { class: "note" }, one)), alert.reason && h("div", { class: "note" }, alert.reason)],
      alert.cpu || "any",
      [h("div", {}, commit(alert.good), " … ", commit(alert.bad)), h("div", { class: "note" }, [alert.subject, alert.author].filter(Boolean).join(", "))],
      alert.opened === null ? "" : day(alert.opened),
      chart ? h("a", { href: link({ ...FORGET, view: "history", chart: chart.id }) }, "plot") : "no history",
    ];
  });
  return table("Alerts", ["State", "Change", "Case", "Processor", "Last good … first bad", "Opened", "History"], rows, { id: "alert-list" });
}

/** A commit's short hash, as a link where the project has an address for it. */
export function commit(hash) {
  if (!hash) return "unknown";
  const address = commitUrl(hash);
  return address ? h("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, short(hash)) : h("code", {}, short(hash));
}

function exported(ordered) {
  const head = ["name", "state", "benchmark", "params", "cpu", "ratio", "low", "high", "good", "bad", "subject", "author", "opened", "reason"];
  return { head, rows: ordered.map((alert) => head.map((name) => (name === "params" ? JSON.stringify(alert.params) : name === "opened" && alert.opened ? day(alert.opened) : alert[name]))) };
}
