/** Where annotators differ, side by side; taking a side writes the adjudicated layer. */

import { byId, el } from "./report/dom.js";
import { documentAddress, documentOfPage, get, post } from "./api.js";
import { attempt, bar, say } from "./shell.js";

const AROUND = 140; // characters of the text on each side of an event
const NAMES = { kind: "Kind", name: "Name", action: "What was done", status: "Status", dose: "Dose", measurement: "Result", days: "Day" };
const id = documentOfPage("adjudicate");
const address = documentAddress(id);
const path = id.split("/").map(encodeURIComponent).join("/");
let seen = 0;

/** A value of an event as a person says it. */
function shown(field, value) {
  if (value === null || value === undefined || value === "") return "—";
  if (field === "days") {
    const [low, high] = value.map((day) => (day === null ? null : Math.round(day * 100) / 100));
    if (low === null && high === null) return "not stated";
    if (low === high) return `day ${low}`;
    return low === null ? `until day ${high}` : high === null ? `from day ${low}` : `day ${low} to ${high}`;
  }
  if (typeof value === "object") {
    const { comparator, value: amount, value_high, unit, frequency, route, interpretation, text } = value;
    const said = [comparator, amount === null || amount === undefined ? null : value_high ? `${amount}–${value_high}` : amount, unit, frequency, route, interpretation];
    return said.filter((one) => one !== null && one !== undefined).join(" ") || text || "—";
  }
  return String(value).replaceAll("_", " ");
}

async function load() {
  const [found, own, history] = await Promise.all([get(`${address}/layers`), get(`${address}?layer=adjudicated`), get(`${address}/history?layer=adjudicated`)]);
  seen = own.revision;
  const settled = new Map(history.filter((one) => one.note?.startsWith("settles ")).map((one) => [one.note.slice(8), one.author]));
  const title = own.record.source.title ?? id;
  document.title = `${title} · Adjudication · caseline review`;
  byId("title").textContent = title;
  const open = found.differences.filter((one) => !settled.has(one.event)).length;
  const alike = Object.values(found.agreed).reduce((sum, count) => sum + count, 0);
  byId("lead").replaceChildren(found.layers.length < 2 ? "Adjudication needs two annotators who have worked on this report." : `${found.layers.join(" and ")} differ on ${found.differences.length} event${found.differences.length === 1 ? "" : "s"}${found.differences.length ? `, ${open} still open` : ""}. `,
    alike ? el("span", {}, `They agree on ${alike} change${alike === 1 ? "" : "s"}: taken over with your first choice, or `, el("button", { type: "button", onclick: begin }, "now"), ". ") : "",
    el("a", { href: `/document/${path}?layer=adjudicated` }, "Open the adjudicated report"), found.layers.length > 1 ? " to write a third." : "");
  byId("differences").replaceChildren(...(found.differences.length
    ? found.differences.map((one) => difference(one, own.record, settled.get(one.event)))
    : [el("p", { class: "empty" }, found.layers.length < 2 ? "Fewer than two annotators have worked on this report." : "The annotators agree on every event.")]));
}

/** Whole words around a stretch. */
const before = (text, start) => text.slice(Math.max(0, start - AROUND), start).replace(start > AROUND ? /^\S*\s/ : /^$/, "");
const behind = (text, end) => text.slice(end, end + AROUND).replace(end + AROUND < text.length ? /\s\S*$/ : /^$/, "");

/** From offsets in code points, as the records count, to UTF-16 units. */
const utf16 = (text) => (offset) => {
  let at = 0;
  for (let count = 0; count < offset && at < text.length; count += 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
};

function difference(one, record, author) {
  const at = utf16(record.text);
  const [first, last] = [at(one.start), at(one.end)];
  const layers = Object.keys(one.by_layer);
  const missing = one.fields[0] === "missing" || layers.some((layer) => !one.by_layer[layer]);
  const fields = missing ? ["kind", "days", "dose", "measurement"].filter((field) => Object.values(one.by_layer).some((side) => side?.[field] !== null && side?.[field] !== undefined)) : one.fields;
  const known = Object.values(one.by_layer).find(Boolean);
  return el("section", { class: author ? "difference settled" : "difference", "aria-label": known.name },
    el("h2", {}, el("span", { class: `dot ${known.kind}`, "aria-hidden": "true" }), known.name, author ? el("span", { class: "faint" }, `settled by ${author}`) : null),
    el("blockquote", {}, before(record.text, first), el("mark", {}, record.text.slice(first, last)), behind(record.text, last)),
    el("table", { class: "rows" },
      el("thead", {}, el("tr", {}, el("td", {}), layers.map((layer) => el("th", { scope: "col" }, layer)))),
      el("tbody", {}, fields.map((field) => el("tr", {}, el("th", { scope: "row" }, NAMES[field]),
        layers.map((layer) => el("td", { class: "unlike" }, one.by_layer[layer] ? shown(field, one.by_layer[layer][field]) : "no such event"))))),
      el("tfoot", {}, el("tr", {}, el("td", {}), layers.map((layer) => el("td", {},
        el("button", { type: "button", onclick: () => take(one, layer) }, `Take ${layer}’s`)))))));
}

async function begin() {
  await attempt(() => post(`${address}/adjudication`, {}));
  await attempt(load);
  say("What all agree on is taken over");
}

async function take(one, layer) {
  if (!seen) await attempt(() => post(`${address}/adjudication`, {}));
  const own = await attempt(() => get(`${address}?layer=adjudicated`));
  if (!own) return;
  const side = one.by_layer[layer];
  const ids = new Set(Object.values(one.by_layer).filter(Boolean).map((other) => other.id));
  const events = own.record.cases.flatMap(({ events: all }) => all);
  const known = events.find((event) => ids.has(event.id) && !event.id.startsWith("r")) ?? events.find((event) => event.start === one.start && event.end === one.end && event.id.startsWith("r"));
  const { kind, name, action, status, dose, measurement, time } = side ?? {};
  const when = time && { text: time.text, start: time.start, end: time.end, day_low: time.day_low, day_high: time.day_high };
  const fields = { kind, name, action, status, dose, measurement, time: when };
  const note = `settles ${one.event}`;
  let decision = { kind: "comment", note };
  if (side && known) decision = { kind: "edit_event", target: known.id, after: fields, note };
  else if (side) decision = { kind: "add_event", after: { ...fields, start: one.start, end: one.end }, note };
  else if (known) decision = { kind: "remove_event", target: known.id, note };
  const done = await attempt(() => post(`${address}/decisions?layer=adjudicated`, { seen: own.revision, decisions: [decision] }));
  if (done) {
    await attempt(load);
    say(`${layer}’s is taken`);
  }
}

await bar("");
await attempt(load);
