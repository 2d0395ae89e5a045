/** The hosts, their epochs, and what changed between one and the next. */

import { all } from "./data.js";
import { h } from "./dom.js";
import { day, percent, plural, spread } from "./format.js";
import { card, note, table } from "./tables.js";

export function hosts(box) {
  const names = [...new Set([...all.sections.map((one) => one.machine), ...all.tracks.map((one) => one.machine), ...Object.keys(all.hosts)])];
  if (!names.length) box.append(card("Hosts", note("No host has measured anything yet.")));
  for (const name of names.slice(0, 50)) box.append(card(name, ...told(name)));
}

function told(name) {
  const sections = all.sections.filter((one) => one.machine === name);
  const tracks = all.tracks.filter((one) => one.machine === name);
  const history = all.hosts[name] ?? [];
  return [sections.map(about), environments(tracks), epochs(history)].flat();
}

function about(section) {
  const facts = { processor: section.cpu, cores: section.cores, memory: section.ram, system: `${section.os} ${section.arch}`.trim(),
    environment: section.environment, python: section.python, versions: Object.entries(section.requirements).map(([name, value]) => `${name} ${value}`).join(", "),
    "noise floor": section.floor ? `${percent(section.floor[1])} (${spread(section)}; ${plural(section.raced, "raced case")})` : "unknown: not raced" };
  const list = h("dl", {}, Object.entries(facts).filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  const races = section.races.map((race) => h("li", {}, `${day(race.utc, true)}: raced at ${race.label}, epoch ${race.epoch || "unknown"}${race.infra ? `; absolute times not to be believed: ${race.infra}` : ""}`));
  const remarks = section.remarks.map((remark) => note(remark));
  return [list, races.length > 0 && folded(races, section.races.filter((race) => race.infra).length), ...remarks];
}

/** The runs of races; more than a few open when they are asked for. */
function folded(races, doubted) {
  if (races.length <= 3) return h("ul", {}, races);
  const doubt = doubted ? `; the absolute times of ${doubted} are not to be believed` : "";
  return h("details", { class: "runs" }, h("summary", {}, `${races.length} runs of races${doubt}`), h("ul", {}, races));
}

function environments(tracks) {
  if (!tracks.length) return [];
  const rows = tracks.map((track) => [track.environment, track.commits.length, [...new Set([day(first(track)), day(last(track))])].join(" to ")]);
  return [h("h3", {}, "Measured by asv"), table("Environments measured by asv", ["Environment", "Runs", "Commits of"], rows, { numeric: [1] })];
}

const first = (track) => all.commits.date[track.commits[0]];
const last = (track) => all.commits.date[track.commits.at(-1)];

function epochs(history) {
  if (!history.length) return [note("No fingerprint of this host was recorded: whether it changed is unknown. `paceline race` and `paceline run` record it.")];
  const rows = history.map((record, place) => [record.utc.replace("T", " ").replace("Z", " UTC"), h("code", {}, record.epoch),
    place === 0 ? "first seen" : changes(history[place - 1].facts, record.facts, history[place - 1].epoch !== record.epoch)]);
  return [h("h3", {}, "Epochs"), table("Epochs of the host", ["Since", "Epoch", "What changed"], rows),
    note("An epoch is what can change a host's speed: processor, microcode, governor, turbo, kernel. Figures of different epochs are not compared.")];
}

function changes(before, after, other) {
  const found = differences(before, after);
  if (!found.length) return other ? "another epoch, but nothing that was recorded differs" : "nothing";
  return h("ul", { class: "plain" }, found.map(([name, was, is]) => h("li", {}, h("b", {}, name), ` ${was} → ${is}`)));
}

/** What differs between two records of facts: [name, before, after]. */
export function differences(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => name !== "epoch");
  return names.filter((name) => String(before[name] ?? "") !== String(after[name] ?? "")).map((name) => [name, before[name] ?? "not recorded", after[name] ?? "not recorded"]);
}
