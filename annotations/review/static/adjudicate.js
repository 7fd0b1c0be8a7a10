/** Where annotators differ, side by side; taking a side writes the adjudicated layer. */

import { byId, el } from "./report/dom.js";
import { documentAddress, documentOfPage, get, post } from "./api.js";
import { attempt, bar, say } from "./shell.js";

const id = documentOfPage("adjudicate");
const address = documentAddress(id);
let seen = 0;

const shown = (value) => {
  if (value === null || value === undefined) return "—";
  if (Array.isArray(value)) return value.map((v) => v ?? "?").join(" … ");
  if (typeof value === "object") return [value.text, value.value, value.value_high, value.unit].filter((v) => v !== null && v !== undefined && v !== "").join(" ");
  return String(value);
};

async function load() {
  const [found, own] = await Promise.all([get(`${address}/layers`), get(`${address}?layer=adjudicated`)]);
  seen = own.revision;
  const settled = new Set((await get(`${address}/history?layer=adjudicated`)).map((one) => one.note?.startsWith("settles ") && one.note.slice(8)));
  byId("title").textContent = `Adjudication: ${own.record.source.title ?? id}`;
  byId("links").replaceChildren(el("a", { href: `/document/${id.split("/").map(encodeURIComponent).join("/")}?layer=adjudicated` }, "Open the adjudicated report"));
  byId("differences").replaceChildren(...(found.differences.length
    ? found.differences.map((one) => difference(one, own.record, settled.has(one.event)))
    : [el("p", {}, found.layers.length < 2 ? "Fewer than two annotators have worked on this report." : "The annotators agree on every event.")]));
}

function difference(one, record, settled) {
  const text = record.text;
  const layers = Object.keys(one.by_layer);
  const rows = one.fields[0] === "missing" ? ["name", "days"] : one.fields;
  return el("section", { class: settled ? "difference settled" : "difference" },
    el("h2", {}, Object.values(one.by_layer).find(Boolean).name, settled ? el("span", { class: "faint" }, " · settled") : null),
    el("blockquote", {}, text.slice(Math.max(0, one.start - 90), one.start), el("mark", {}, text.slice(one.start, one.end)), text.slice(one.end, one.end + 90)),
    el("table", { class: "rows" },
      el("thead", {}, el("tr", {}, el("td", {}), layers.map((layer) => el("th", { scope: "col" }, layer)))),
      el("tbody", {}, rows.map((field) => el("tr", {}, el("th", { scope: "row" }, field),
        layers.map((layer) => el("td", {}, one.by_layer[layer] ? shown(one.by_layer[layer][field]) : "not there"))))),
      el("tfoot", {}, el("tr", {}, el("td", {}), layers.map((layer) => el("td", {},
        el("button", { type: "button", onclick: () => take(one, layer, record) }, `Take ${layer}’s`)))))));
}

async function take(one, layer, record) {
  const side = one.by_layer[layer];
  const known = record.cases.some((c) => c.events.some((e) => e.id === one.event));
  const { kind, name, action, status, dose, measurement, time } = side ?? {};
  const when = time && { day_low: time.day_low, day_high: time.day_high };
  const fields = { kind, name, action, status, dose, measurement, time: when };
  let decision;
  if (!side) decision = { kind: "remove_event", target: one.event };
  else if (known) decision = { kind: "edit_event", target: one.event, after: fields };
  else decision = { kind: "add_event", after: { ...fields, start: one.start, end: one.end } };
  const done = await attempt(() => post(`${address}/decisions?layer=adjudicated`, { seen, decisions: [{ ...decision, note: `settles ${one.event}` }] }));
  if (done) {
    say(`${layer}’s is taken`);
    await load();
  }
}

await bar("");
await attempt(load);
