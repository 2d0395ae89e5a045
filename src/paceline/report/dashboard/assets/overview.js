/** The first screen: what is slower now, which implementation is fastest where, and how far to trust it. */

import { all, chartOf, tables } from "./data.js";
import { h, prose } from "./dom.js";
import { hidden, wantedColumns, wantsAlert, wantsChart, wantsTable } from "./filters.js";
import { day, factor, interval, percent, plural, ratio, short, size, spread } from "./format.js";
import { named } from "./looks.js";
import { against, fastest } from "./ratios.js";
import { FORGET, link } from "./state.js";
import { card, note, table } from "./tables.js";

const MOST = 6;
const ROWS = 60; // at once
const FOLDED = 30; // rows of several families, above which each family is folded into a line

export function overview(box) {
  box.append(
    h("div", { class: "columns" }, card("What is slower now", ...slower()), card("How far to trust this", ...trust())),
    card("Fastest where", ...best()),
    card("Slower than the baseline", ...losing()),
  );
}

function slower() {
  const open = all.alerts.filter((alert) => alert.live);
  const live = open.filter(wantsAlert);
  const moves = moved();
  const worse = moves.filter((move) => move.ratio > 1);
  const better = moves.filter((move) => move.ratio < 1);
  return [
    live.length ? h("ul", { class: "plain" }, live.slice(0, MOST).map(alertItem)) : note(open.length ? "No open alert fits the filters." : "No open alert."),
    live.length > MOST && h("p", {}, h("a", { href: link({ view: "alerts" }) }, `All ${live.length} open alerts`)),
    ...hints(worse, better),
    summary(),
  ];
}

function hints(worse, better) {
  if (!all.charts.length) return [note("asv has measured no history here: `paceline run` begins one. Ratios below are of the newest race.")];
  const commits = Math.max(...all.tracks.map((track) => new Set(track.commits).size));
  if (commits < 3) return [note(`Only ${plural(commits, "commit")} measured so far: what got slower can be told when there are more.`)];
  if (!worse.length && !better.length) return [note("Nothing moved by 10 % or more within the last 40 points of any series.")];
  const list = (moves) => h("ul", { class: "plain" }, moves.slice(0, MOST).map(moveItem));
  return [
    worse.length > 0 && [h("h3", {}, `${plural(worse.length, "line")} slower of late`), list(worse)],
    better.length > 0 && [h("h3", {}, `${plural(better.length, "line")} faster of late`), list(better.slice(0, worse.length ? 2 : MOST))],
    h("p", {}, h("a", { href: link({ ...FORGET, view: "history", sort: "" }) }, "All of them, in the history")),
    note("Of single lines, by asv's medians or (raced by commit) ratios to an anchor: a hint where to look, no verdict. `paceline compare` and `paceline bisect` decide."),
  ];
}

/** Every implementation against the baseline: how often it is slower, and where most; who loses most often first. */
function tallied() {
  const tally = new Map();
  for (const one of tables.filter(wantsTable)) {
    for (const column of wantedColumns(one)) {
      for (const item of against(one, column, one.baseline)) {
        if (item.value === null || item.verdict === "baseline" || hidden().has(item.name)) continue;
        const own = tally.get(item.name) ?? { faster: 0, slower: 0, open: 0, worst: null };
        own[item.verdict === "faster" || item.verdict === "slower" ? item.verdict : "open"] += 1;
        if (item.verdict === "slower" && !(own.worst?.value > item.value)) own.worst = { value: item.value, one, column };
        tally.set(item.name, own);
      }
    }
  }
  return [...tally].sort(([, one], [, other]) => other.slower - one.slower);
}

function summary() {
  const every = tallied();
  const told = every.filter(([, own]) => own.slower).map(([name, own]) => `${name} in ${own.slower} of ${own.slower + own.open + own.faster}`);
  const never = every.filter(([, own]) => !own.slower).map(([name]) => name);
  const many = every.length > 2 * MOST; // then names tell less than numbers
  const shown = told.slice(0, many ? MOST : told.length);
  return every.length > 0 && h("p", {}, h("b", {}, "Slower than the baseline: "), shown.length ? `${shown.join(", ")} cases` : "none", told.length > shown.length && `; ${told.length - shown.length} more below`,
    never.length > 0 && `; never: ${many ? plural(never.length, "implementation") : never.join(", ")}`, ".");
}

function losing() {
  const tally = tallied();
  if (!tally.length) return [note("There is no ratio to a baseline.")];
  const rows = tally.map(([name, own]) => [named(name), own.slower, own.open, own.faster,
    own.worst ? h("a", { href: link({ ...FORGET, view: "ratios", chart: own.worst.one.id }) }, `${factor(own.worst.value)}: ${place(own.worst)}`) : "never"]);
  return [table("Cases slower than the baseline, by implementation", ["Implementation", "Slower", "Same or open", "Faster", "Slowest where"], rows, { numeric: [1, 2, 3], kind: "losing" })];
}

function place({ one, column }) {
  return one.axis === null ? one.title : `${one.title}, ${one.axis} = ${size(one.columns[column])}`;
}

function moved() {
  const found = all.charts.filter(wantsChart).flatMap((chart) => chart.lines.flatMap(([name, , , move]) =>
    move && !hidden().has(name) ? [{ chart, name, ratio: move[0] }] : []));
  return found.sort((one, other) => Math.abs(Math.log(other.ratio)) - Math.abs(Math.log(one.ratio)));
}

function moveItem({ chart, name, ratio: value }) {
  return h("li", {}, h("a", { href: link({ ...FORGET, view: "history", chart: chart.id }) }, h("b", {}, factor(value))), " ", named(name),
    h("span", {}, ` ${chart.title}`), h("span", { class: "note" }, ` ${chart.where}`));
}

function alertItem(alert) {
  const chart = chartOf(alert);
  const text = alert.ratio ? factor(alert.ratio) : alert.state;
  const what = alert.cases.length === 1 ? alert.cases[0] : alert.benchmark;
  const params = Object.entries(alert.params).filter(([name]) => !what.includes(`${name}=`)).map(([name, value]) => `${name} = ${size(value)}`);
  const where = [what, ...params, alert.cases.length > 1 && plural(alert.cases.length, "case"), alert.cpu].filter(Boolean).join(", ");
  return h("li", {}, h("a", { href: chart ? link({ ...FORGET, view: "history", chart: chart.id }) : link({ view: "alerts" }) }, h("b", {}, text)),
    ` ${where}`, alert.bad && h("span", { class: "note" }, ` since ${short(alert.bad)} ${alert.subject}`));
}

function best() {
  const wanted = tables.filter(wantsTable);
  if (!tables.length) return [note("Nothing here has an axis `implementation`: there is nothing to compare. The history shows what was measured.")];
  if (!wanted.length) return [note("No model fits the filters.")];
  const families = [...new Set(wanted.map((one) => one.family))];
  const folded = families.length > 1 && wanted.length > FOLDED;
  const parts = folded ? families.map((name) => family(name, wanted.filter((one) => one.family === name))) : fastestTable(wanted);
  return [parts, note("Of those that agree with the reference. ", h("b", {}, "≈"), " cannot be told from it: the intervals overlap. ", h("b", {}, "‡"), " from asv's medians, not raced.")];
}

/** A family of a long list: who is fastest how often, and the table behind it. */
function family(name, own) {
  const tally = new Map();
  for (const one of own) {
    for (const column of wantedColumns(one)) {
      const found = fastest(against(one, column, one.baseline).filter((item) => !hidden().has(item.name)));
      if (found) tally.set(found.first.name, (tally.get(found.first.name) ?? 0) + 1);
    }
  }
  const cases = [...tally.values()].reduce((sum, count) => sum + count, 0);
  const often = [...tally].sort((one, other) => other[1] - one[1]).slice(0, 3).map(([who, count]) => `${who} in ${count}`);
  const box = h("div", {});
  const fill = () => { if (!box.hasChildNodes()) box.append(...fastestTable(own).filter(Boolean)); };
  return h("details", { class: "family", toggle: fill },
    h("summary", {}, h("b", {}, name), ` ${plural(own.length, "row")}; fastest of ${plural(cases, "case")}: ${often.join(", ") || "none"}${tally.size > 3 ? `, ${tally.size - 3} more` : ""}`),
    box);
}

function fastestTable(wanted) {
  const hosts = new Set(wanted.map((one) => one.section)).size > 1;
  const rows = wanted.slice(0, ROWS).map((one) => [
    [h("a", { href: link({ ...FORGET, view: "ratios", chart: one.id }) }, one.title),
      hosts && h("div", { class: "note" }, one.section.where)],
    h("div", { class: "cells" }, wantedColumns(one).map((column) => winner(one, column))),
  ]);
  return [...table("Fastest implementation by model and size", ["Model", "Fastest at each size, and how it compares with the baseline"], rows, { kind: "fastest" }),
    wanted.length > ROWS && note(`${wanted.length - ROWS} more: choose a model above.`)];
}

function winner(one, column) {
  const cases = against(one, column, one.baseline).filter((item) => !hidden().has(item.name));
  const found = fastest(cases);
  const where = one.axis === null ? "" : `${one.axis} = ${size(one.columns[column])}`;
  if (!found) return h("div", { class: "cell" }, h("div", { class: "note" }, where), h("div", {}, reason(cases)));
  const { first, close } = found;
  const alone = cases.filter((item) => item.value > 0).length === 1;
  const compared = alone ? "the only one measured" : first.name === one.baseline ? "the baseline" : words(first, one.baseline);
  return h("div", { class: "cell", title: `ratio ${ratio(first.value)} (${interval(first.low, first.high)})` },
    h("div", {}, named(first.name), first.source === "asv" && "‡", close.length > 0 && h("span", { class: "note" }, ` ≈ ${close.map((item) => item.name).join(", ")}`)),
    h("div", { class: "note" }, where && `${where}: `, compared));
}

/** How the fastest compares with the baseline: what is not decided is not called faster. */
function words(first, baseline) {
  if (first.verdict === "same") return `as fast as ${baseline}`;
  return first.verdict === "inconclusive" ? `undecided against ${baseline} (${ratio(first.value)})` : `${factor(first.value)} than ${baseline}`;
}

function reason(cases) {
  const told = cases.find((item) => item.reason);
  return told ? `no figure: ${told.reason}` : "no figure";
}

function trust() {
  if (!all.sections.length) return [note("No host has measured anything yet.")];
  return all.sections.slice(0, 8).map(hostCard);
}

function hostCard(section) {
  const floor = section.floor
    ? [h("b", { class: "big" }, percent(section.floor[1])), " is the noise floor: slow-downs of this size are found 19 times in 20",
      h("span", { class: "note" }, ` (median of ${plural(section.raced, "raced case")}; ${spread(section)})`)]
    : [h("b", { class: "big" }, "not raced"), prose(" The noise floor is unknown: the ratios are asv's medians, and below 10 % nothing is decided. `paceline race` tells it.")];
  const history = all.hosts[section.machine] ?? [];
  const epochs = new Set(history.map((record) => record.epoch)).size;
  const infra = section.races.filter((race) => race.infra).map((race) => race.infra);
  const last = section.races[0];
  return h("div", { class: "trust" },
    h("h3", {}, section.where, h("span", { class: "note" }, ` ${section.cpu}`)),
    h("p", {}, floor),
    h("ul", { class: "facts" },
      last && h("li", {}, `Raced ${day(last.utc)} at ${last.label}`),
      section.commit && h("li", {}, `asv: commit ${short(section.commit)} of ${day(section.date)}`),
      section.unpaired > 0 && h("li", {}, `${plural(section.unpaired, "ratio")} not raced (‡)`),
      h("li", {}, epochs === 0 ? "No fingerprint of the host: what changed on it is unknown" : epochs === 1 ? "One epoch: nothing that changes its speed has changed" : `${epochs} epochs: figures before and after are not compared`),
      infra.length > 0 && h("li", { class: "warn" }, `Absolute times of ${plural(infra.length, "run")} of races are not to be believed; ratios are: ${infra[0]}`)));
}

