/** The workbench: text, timeline and events side by side, and what a reviewer does to them. */

import { byId, el } from "./report/dom.js";
import { eventList } from "./report/events.js";
import { reading } from "./report/reading.js";
import { timeline } from "./report/timeline.js";
import { documentAddress, documentOfPage, get, post } from "./api.js";
import { dragging } from "./drag.js";
import { editor } from "./editor.js";
import { attempt, bar, say } from "./shell.js";
import { codePoints, selected } from "./selection.js";

const id = documentOfPage("document");
const address = documentAddress(id);
const layer = new URLSearchParams(location.search).get("layer");
const query = layer ? `?layer=${encodeURIComponent(layer)}` : "";
const state = { known: null, text: "", one: null, chosen: null, mention: null, merging: null };

const text = reading(byId("reading"), { onMention: chooseMention });
const drawn = timeline(byId("timeline"), { onSelect: pick, onAnchor: goToAnchor, onTip: tip });
const listed = eventList(byId("events"), { onSelect: pick, onPlace: (start, end) => text.go(start, end) });
const form = editor(byId("editor"), { decide, choose, same: askSame, merge: startMerge });
dragging(byId("timeline"), drawn, moveTo);

const eventById = (wanted) => state.one.events.find((event) => event.id === wanted);
const fullEvent = (wanted) => state.known.record.cases.flatMap((one) => one.events).find((event) => event.id === wanted);
const fullMention = (wanted) => state.known.record.mentions.find((mention) => mention.id === wanted);

async function load() {
  const known = await get(address + query);
  state.text = known.record.text;
  byId("title").textContent = known.record.source.title ?? id;
  document.title = `${known.record.source.title ?? id} · caseline review`;
  show(known, true);
  choose(location.hash.slice(1) || null);
}

function show(known, fresh = false) {
  known.view.text = state.text;
  const index = fresh ? 0 : Math.max(state.known.view.cases.findIndex(({ id: own }) => own === state.one.id), 0);
  state.known = known;
  const scrolled = byId("reading").scrollTop;
  text.show(known.view);
  byId("reading").scrollTop = fresh ? 0 : scrolled;
  const { cases } = known.view;
  const told = (i) => (known.record.cases[i].reported === "here" ? `Case ${i + 1}` : `cited ${i + 1}`);
  byId("cases").replaceChildren(...cases.map((one, i) => el("option", { value: i }, told(i))));
  byId("cases").hidden = cases.length < 2;
  showCase(index, fresh);
  byId("undo").disabled = !known.undo;
  byId("redo").disabled = !known.redo;
}

function showCase(index, fresh) {
  state.one = state.known.view.cases[index] ?? { id: "", headline: "no case", anchor: null, events: [] };
  byId("cases").value = index;
  byId("headline").textContent = state.one.headline.replace(/^\w+: /, "");
  drawn.show(state.one.events, state.one.anchor, fresh);
  listed.show(state.known.view, state.one.events);
  markReviewed();
}

/** Each row says what was made of its event. */
function markReviewed() {
  for (const one of state.known.record.cases) {
    for (const event of one.events) {
      if (!event.review) continue;
      const button = byId("events").querySelector(`[data-event="${CSS.escape(event.id)}"]`);
      button?.closest("tr")?.classList.add(`was-${event.review}`);
      button?.append(el("span", { class: "review-mark" }, ` ${event.review}`));
    }
  }
}

/** Chooses an event, or nothing; an event of another case opens that case. */
function choose(wanted, { scroll = true } = {}) {
  const index = state.known.view.cases.findIndex((one) => one.events.some((event) => event.id === wanted));
  if (index >= 0 && state.known.view.cases[index].id !== state.one.id) showCase(index);
  const event = wanted ? eventById(wanted) : null;
  state.chosen = event?.id ?? null;
  state.mention = null;
  text.select(event ?? null, scroll);
  drawn.select(state.chosen);
  listed.select(event ?? null, false);
  form.showEvent(event ? fullEvent(event.id) : null, state.known.record, state.one.id);
  history.replaceState(null, "", event ? `#${event.id}` : location.pathname + location.search);
}

function pick(wanted) {
  if (state.merging && wanted !== state.merging) {
    const kept = state.merging;
    state.merging = null;
    decide([{ kind: "merge_events", target: kept, after: { merged: [wanted] } }], "merged");
    return;
  }
  choose(wanted);
}

function chooseMention(mention, events) {
  const next = events?.[(events.indexOf(state.chosen) + 1) % events.length];
  if (next) choose(next, { scroll: false });
  state.mention = mention;
  form.showMention(fullMention(mention), state.known.record);
}

function startMerge() {
  state.merging = state.chosen;
  say("Choose the event that is the same; Esc to leave it.");
}

/** Sends decisions; keeps the choice; a conflict is told and the newer state is shown. */
async function decide(decisions, told) {
  try {
    const known = await post(`${address}/decisions${query}`, { seen: state.known.revision, decisions });
    const chosen = state.chosen;
    show(known);
    choose(eventById(chosen) || fullEvent(chosen) ? chosen : null, { scroll: false });
    say(told ? `${told}; z takes it back` : "");
    return known;
  } catch (error) {
    if (error.status === 409) {
      await attempt(async () => show(await reload()));
      say("This report was changed meanwhile, perhaps in another tab. The newer state is shown; your last change was not made.", "wrong");
    } else {
      say(error.message, "wrong");
    }
    return null;
  }
}

async function reload() {
  const known = await get(address + query);
  state.text = known.record.text;
  return known;
}

async function step(which) {
  const known = await attempt(() => post(`${address}/${which}${query}`, { seen: state.known.revision }));
  if (!known) return;
  const chosen = state.chosen;
  show(known);
  choose(fullEvent(chosen) ? chosen : null, { scroll: false });
  say(which === "undo" ? "taken back" : "done again");
}

function opinion(kind, told) {
  if (!state.chosen) { say("Choose an event first."); return; }
  const events = state.one.events;
  const next = events[events.findIndex((event) => event.id === state.chosen) + 1]?.id;
  decide([{ kind, target: state.chosen }], told).then((known) => { if (known && next) choose(next); });
}

async function moveTo(wanted, day) {
  const event = fullEvent(wanted);
  if (!event) return;
  const span = event.time.day_low !== null && event.time.day_high !== null ? event.time.day_high - event.time.day_low : 0;
  await decide([{ kind: "edit_event", target: wanted, before: { time: { day_low: event.time.day_low, day_high: event.time.day_high } },
    after: { time: { day_low: day, day_high: day + span } } }], `${event.name} is on day ${day}`);
}

/** What "apply to all the same" would change, before it does. */
async function askSame(mention, decision, everywhere) {
  const found = await attempt(() => get(`${address}/same/${encodeURIComponent(mention)}${query}${query ? "&" : "?"}everywhere=${everywhere}`));
  if (!found) return;
  const boxes = found.map((one) => el("label", { class: "same" }, el("input", { type: "checkbox", checked: true, value: `${one.document_id}\n${one.mention_id}` }),
    el("span", {}, el("b", {}, one.document_id), " …", one.before, el("mark", {}, one.text), one.after, "…")));
  byId("same-list").replaceChildren(...(boxes.length ? boxes : [el("p", {}, "There is no other.")]));
  byId("same-do").onclick = async () => {
    const places = [...byId("same-list").querySelectorAll("input:checked")].map(({ value }) => {
      const [document, own] = value.split("\n");
      return { document, mention: own };
    });
    if (places.length) {
      const changed = await attempt(() => post(`${address}/same${query}`, { decision, places: [...places, { document: state.known.record.id, mention }] }));
      if (changed) { show(await reload()); say(`changed in ${Object.keys(changed).length} reports`); }
    }
    byId("same").close();
  };
  byId("same").showModal();
}

async function showHistory() {
  const told = await attempt(() => get(`${address}/history${query}`));
  byId("history-list").replaceChildren(...(told ?? []).reverse().map((one) => el("li", {},
    `${one.at.replace("T", " ").slice(0, 16)} · ${one.author} · ${one.kind.replaceAll("_", " ")} ${one.target ?? ""}`,
    one.note ? el("q", {}, one.note) : null, one.after ? el("code", {}, JSON.stringify(one.after)) : null)));
  byId("history").showModal();
}

function comment() {
  const note = prompt("Comment"); // eslint-disable-line no-alert
  if (note?.trim()) decide([{ kind: "comment", target: state.chosen, note: note.trim() }], "comment kept");
}

function goToAnchor() {
  const { anchor } = state.one;
  if (anchor?.start !== undefined) text.go(anchor.start, anchor.end);
}

function tip(wanted, near) {
  const box = byId("tip");
  const event = wanted && eventById(wanted);
  box.hidden = !event;
  if (!event) return;
  box.replaceChildren(el("b", {}, event.name), event.amount ? el("span", {}, event.amount) : "", el("span", { class: "faint" }, event.days ? `day ${event.days}` : "day not stated"));
  const seat = near.closest("[data-event]").getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(seat.left, innerWidth - 260))}px`;
  box.style.top = `${Math.min(seat.bottom + 8, innerHeight - 90)}px`;
}

function move(by) {
  const { events } = state.one;
  const at = events.findIndex((event) => event.id === state.chosen);
  const next = events[at < 0 ? (by > 0 ? 0 : events.length - 1) : at + by];
  if (next) choose(next.id);
}

/** A stretch of the text is chosen: offer to make it a mention. */
function offer() {
  const box = byId("choice");
  const span = selected(byId("reading"), state.known.view, state.text);
  box.hidden = !span;
  if (!span) return;
  const labels = el("select", { "aria-label": "Label" }, form.LABELS.map((label) => el("option", {}, label)));
  const name = el("input", { "aria-label": "Normalised name", placeholder: "normalised name" });
  const event = el("input", { type: "checkbox", checked: true });
  box.replaceChildren(labels, name, el("label", {}, event, " with an event"),
    el("button", { type: "button", onclick: async () => {
      box.hidden = true;
      await add(span, labels.value, name.value.trim(), event.checked);
    } }, "Add"));
  const seat = getSelection().getRangeAt(0).getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(seat.left, innerWidth - 460))}px`;
  box.style.top = `${Math.min(seat.bottom + 6, innerHeight - 60)}px`;
}

async function add([start, end], label, name, withEvent) {
  const [from, to] = [codePoints(state.text, start), codePoints(state.text, end)];
  const mention = { kind: "add_mention", after: { label, start: from, end: to, ...(name ? { name } : {}) } };
  const kind = form.KIND_OF[label];
  const decisions = [mention];
  if (withEvent && kind) {
    const own = `r${state.known.revision + 1}`;
    decisions.push({ kind: "add_event", after: { case: state.one.id || undefined, kind, name: name || state.text.slice(start, end), start: from, end: to, mentions: [own] } });
  }
  const batch = `add-${state.known.revision}`;
  const known = await decide(decisions.map((one) => ({ ...one, batch })), "added");
  if (known && decisions.length > 1) choose(`r${known.revision}`, { scroll: false });
}

const KEYS = {
  j: ["next event", () => move(1)], k: ["previous event", () => move(-1)],
  a: ["accept", () => opinion("accept", "accepted")], x: ["reject", () => opinion("reject", "rejected")],
  u: ["mark unsure", () => opinion("unsure", "marked unsure")], e: ["edit", () => form.focus()],
  m: ["merge with another event", () => startMerge()], c: ["comment", comment],
  z: ["undo", () => step("undo")], Z: ["redo", () => step("redo")],
  n: ["make the selected text a mention", () => byId("choice").querySelector("select")?.focus()],
  h: ["what was changed", showHistory],
  D: ["this report is done", () => decide([{ kind: "document_done" }], "the report is done")],
  "+": ["closer", () => drawn.zoom(1 / 1.6)], "-": ["wider", () => drawn.zoom(1.6)], 0: ["the whole course", () => drawn.fit()],
  "?": ["these keys", () => byId("keys").showModal()],
};

document.addEventListener("keydown", (key) => {
  if (key.ctrlKey || key.metaKey || key.altKey || document.querySelector("dialog[open]")) return;
  if (key.key === "Escape") { state.merging = null; byId("choice").hidden = true; key.target.blur?.(); choose(null); return; }
  if (key.target.matches("input, select, textarea")) return;
  const act = KEYS[key.key] ?? { ArrowDown: KEYS.j, ArrowUp: KEYS.k }[key.key];
  if (!act) return;
  key.preventDefault();
  act[1]();
});

byId("key-list").append(...Object.entries(KEYS).flatMap(([key, [told]]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, told)]),
  el("dt", {}, "drag"), el("dd", {}, "move an event along the axis"), el("dt", {}, "select text"), el("dd", {}, "add a mention"));
byId("acts").append(
  el("button", { type: "button", id: "undo", onclick: () => step("undo"), title: "Undo (z)" }, "Undo"),
  el("button", { type: "button", id: "redo", onclick: () => step("redo"), title: "Redo (Z)" }, "Redo"),
  el("button", { type: "button", onclick: showHistory }, "History"),
  el("button", { type: "button", onclick: KEYS.D[1], title: "Done (D)" }, "Done"),
  el("button", { type: "button", onclick: () => byId("keys").showModal(), title: "Keys (?)" }, "Keys"));
byId("cases").addEventListener("change", (change) => { showCase(Number(change.target.value), true); choose(null); });
document.addEventListener("mouseup", (mouse) => { if (!mouse.target.closest?.("#choice")) setTimeout(offer); });
document.addEventListener("keyup", (key) => { if (key.shiftKey && key.key.startsWith("Arrow")) offer(); });
let width = innerWidth;
addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; drawn.redraw(); drawn.select(state.chosen); } });

await bar("");
await attempt(load);
