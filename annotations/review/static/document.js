/** The workbench: text, timeline and events side by side, and what a reviewer does to them. */

import { byId, el } from "./report/dom.js";
import { eventList } from "./report/events.js";
import { reading } from "./report/reading.js";
import { timeline } from "./report/timeline.js";
import { adding } from "./adding.js";
import { documentAddress, documentOfPage, get, post } from "./api.js";
import { dialogs } from "./dialogs.js";
import { dragging, nudging } from "./drag.js";
import { editor } from "./editor.js";
import { attempt, bar, say } from "./shell.js";

const id = documentOfPage("document");
const address = documentAddress(id);
const layer = new URLSearchParams(location.search).get("layer");
const query = layer ? `?layer=${encodeURIComponent(layer)}` : "";
const state = { known: null, text: "", one: null, chosen: null, merging: null, spans: "", comments: [] };

const text = reading(byId("reading"), { onMention: chooseMention });
const drawn = timeline(byId("timeline"), { onSelect: pick, onAnchor: goToAnchor, onTip: tip });
const listed = eventList(byId("events"), { onSelect: pick, onPlace: (start, end) => text.go(start, end) });
const asked = dialogs({ address, query, state: () => state, reload: async () => show(await fetched()), decide });
const form = editor(byId("editor"), `${id}${query}`, { decide, choose, same: asked.same, merge: startMerge, comment, expression, mention: openMention });
const selection = adding({ state: () => state, decide, choose });
dragging(byId("timeline"), drawn, { moved: moveTo, say });
const nudge = nudging({ event: () => state.chosen && fullEvent(state.chosen), moved: moveTo, say });

const eventById = (wanted) => state.one.events.find((event) => event.id === wanted);
const fullCase = () => state.known.record.cases.find((one) => one.id === state.one.id);
const fullEvent = (wanted) => state.known.record.cases.flatMap((one) => one.events).find((event) => event.id === wanted);
const fullMention = (wanted) => state.known.record.mentions.find((mention) => mention.id === wanted);

async function fetched() {
  const known = await get(address + query);
  state.text = known.record.text;
  return known;
}

const first = fetched(); // on its way while the page is built
first.catch(() => {}); // load() tells of it

async function load() {
  const known = await first;
  const title = known.record.source.title ?? id;
  byId("title").textContent = title;
  byId("title").title = title;
  document.title = `${title} · caseline review`;
  known.view.text = state.text;
  state.spans = spansOf(known);
  text.show(known.view);
  await new Promise((next) => requestAnimationFrame(() => setTimeout(next))); // the text is painted before the timeline is drawn
  performance.mark("text");
  show(known, true);
  choose(location.hash.slice(1) || null);
  performance.mark("events");
  comments();
}

/** Comments come after the first paint. */
async function comments() {
  const made = await attempt(() => get(`${address}/history${query}`));
  state.comments = (made ?? []).filter((one) => one.kind === "comment");
  if (state.chosen) showForm();
}

/** What the text shows of a record; the text is drawn anew only where this has changed. */
const spansOf = ({ view }) => JSON.stringify([view.mentions, view.cases.map(({ anchor, events }) => [anchor, events.map((event) => [event.id, event.start, event.end, event.mentions])])]);

function show(known, fresh = false) {
  known.view.text = state.text;
  known.record.text = state.text;
  const index = fresh ? 0 : Math.max(known.view.cases.findIndex(({ id: own }) => own === state.one.id), 0);
  state.known = known;
  const spans = spansOf(known);
  if (spans !== state.spans) {
    state.spans = spans;
    const scrolled = byId("reading").scrollTop;
    text.show(known.view);
    byId("reading").scrollTop = scrolled;
  }
  const told = (i) => (known.record.cases[i].reported === "here" ? `Case ${i + 1}` : `cited ${i + 1}`);
  byId("cases").replaceChildren(...known.view.cases.map((one, i) => el("option", { value: i }, told(i))));
  byId("cases").hidden = known.view.cases.length < 2;
  showCase(index, fresh);
  byId("undo").disabled = !known.undo;
  byId("redo").disabled = !known.redo;
  const done = Boolean(known.record.review?.finished);
  byId("done").textContent = done ? "Done ✓" : "Done";
  byId("done").classList.toggle("is-done", done);
}

function showCase(index, fresh) {
  state.one = state.known.view.cases[index] ?? { id: "", headline: "no case", anchor: null, events: [] };
  byId("cases").value = index;
  const { events } = state.one;
  const checked = events.filter(({ review }) => review && review !== "unsure").length;
  byId("headline").textContent = `${checked} of ${events.length} checked · ${state.one.headline.replace(/^\w+: /, "")}`;
  drawn.show(events, state.one.anchor, fresh);
  listed.show(state.known.view, events);
  for (const event of events) if (event.review) byId("events").querySelector(`[data-row="${CSS.escape(event.id)}"]`)?.classList.add(`was-${event.review}`);
}

/** Chooses an event, or nothing; an event of another case opens that case. */
function choose(wanted, { scroll = true } = {}) {
  const index = state.known.view.cases.findIndex((one) => one.events.some((event) => event.id === wanted));
  if (index >= 0 && state.known.view.cases[index].id !== state.one.id) showCase(index);
  const event = wanted ? eventById(wanted) : null;
  state.chosen = event?.id ?? null;
  text.select(event ?? null, scroll);
  drawn.select(state.chosen);
  listed.select(event ?? null, false);
  showForm();
  history.replaceState(null, "", event ? `#${event.id}` : location.pathname + location.search);
}

function showForm() {
  const event = state.chosen ? fullEvent(state.chosen) : null;
  form.showEvent(event, state.known.record, state.one.id, state.comments.filter(({ target }) => target === state.chosen));
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
  if (!state.known) return;
  const next = events?.[(events.indexOf(state.chosen) + 1) % events.length];
  if (next) choose(next, { scroll: false });
  openMention(mention);
}

function openMention(mention) {
  form.showMention(fullMention(mention), state.known.record);
}

function startMerge() {
  if (!state.chosen) { say("Choose an event first."); return; }
  state.merging = state.chosen;
  say(`Choose the event that is the same as ${fullEvent(state.chosen).name}; Esc to leave it.`);
}

/** Sends decisions; keeps the choice; a conflict is told and the newer state is shown. */
async function decide(decisions, told) {
  try {
    const known = await post(`${address}/decisions${query}`, { seen: state.known.revision, decisions });
    after(known);
    if (decisions.some(({ kind }) => kind === "comment")) comments();
    say(told ? `${told}; z takes it back` : "");
    return known;
  } catch (error) {
    if (error.status === 409) {
      const newer = await attempt(fetched);
      if (newer) after(newer);
      say("This report was changed meanwhile, perhaps in another tab. The newer state is shown; your last change was not made.", "wrong");
    } else {
      say(error.message, "wrong");
    }
    return null;
  }
}

function after(known) {
  const { chosen } = state;
  show(known);
  choose(fullEvent(chosen) ? chosen : null, { scroll: false });
}

async function step(which) {
  const known = await attempt(() => post(`${address}/${which}${query}`, { seen: state.known.revision }));
  if (!known) return;
  after(known);
  say(which === "undo" ? "taken back" : "done again");
}

function opinion(kind, told) {
  if (!state.chosen) { say("Choose an event first."); return; }
  const { events } = state.one;
  const next = events[events.findIndex((event) => event.id === state.chosen) + 1]?.id;
  decide([{ kind, target: state.chosen }], told).then((known) => { if (known && next) choose(next); });
}

async function moveTo(wanted, day) {
  const event = fullEvent(wanted);
  if (!event) return;
  const { day_low, day_high } = event.time;
  const span = day_low !== null && day_high !== null ? day_high - day_low : 0;
  if (day === day_low) return;
  state.chosen = wanted;
  await decide([{ kind: "edit_event", target: wanted, before: { time: { day_low, day_high } }, after: { time: { day_low: day, day_high: day + span } } }], `${event.name} is on day ${day}`);
}

/** What a typed expression means; where its words stand in the report, its characters go with it. */
async function expression(event, typed) {
  if (!typed.trim()) { say("Write an expression first: “two weeks after rituximab”, “day 28”."); return null; }
  const wanted = new URLSearchParams({ text: typed, case: state.one.id, event: event.id, ...(layer ? { layer } : {}) });
  const found = await attempt(() => get(`${address}/expression?${wanted}`));
  if (found) say("The days are filled in; save them if they are right.");
  return found;
}

function comment() {
  asked.comment(state.chosen ? fullEvent(state.chosen) : null);
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

/** The next event that nobody has checked yet. */
function unchecked() {
  const { events } = state.one;
  const at = events.findIndex((event) => event.id === state.chosen);
  const next = [...events.slice(at + 1), ...events.slice(0, at + 1)].find(({ review }) => !review || review === "unsure");
  if (next) choose(next.id);
  else say("Every event is checked; D calls the report done.");
}

const KEYS = {
  j: ["next event", () => move(1)], k: ["previous event", () => move(-1)], i: ["next event not checked yet", unchecked],
  a: ["accept", () => opinion("accept", "accepted")], x: ["reject", () => opinion("reject", "rejected")],
  u: ["mark unsure", () => opinion("unsure", "marked unsure")], e: ["edit", () => form.focus()], d: ["edit the day", () => form.day()],
  "<": ["a day earlier", () => nudge(-1)], ">": ["a day later", () => nudge(1)],
  m: ["merge with another event", startMerge], c: ["comment", comment],
  z: ["undo", () => step("undo")], Z: ["redo", () => step("redo")],
  n: ["make the selected text a mention", () => selection.focus()],
  p: ["patient and day 0", () => asked.patient(fullCase())],
  h: ["what was changed", asked.history],
  D: ["this report is done", () => decide([{ kind: "document_done" }], "the report is done")],
  "+": ["closer", () => drawn.zoom(1 / 1.6)], "-": ["wider", () => drawn.zoom(1.6)], 0: ["the whole course", () => drawn.fit()],
  "?": ["this help", () => byId("keys").showModal()],
};

document.addEventListener("keydown", (key) => {
  if (!state.known || key.ctrlKey || key.metaKey || key.altKey || document.querySelector("dialog[open]")) return;
  if (key.key === "Escape") { state.merging = null; selection.hide(); key.target.blur?.(); choose(null); return; }
  if (key.target.matches("input, select, textarea")) return;
  const act = KEYS[key.key] ?? { ArrowDown: KEYS.j, ArrowUp: KEYS.k }[key.key];
  if (!act) return;
  key.preventDefault();
  act[1]();
});

byId("key-list").append(...Object.entries(KEYS).sort(([a], [b]) => (a === "0") - (b === "0")).flatMap(([key, [told]]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, told)]),
  el("dt", {}, el("kbd", {}, "Esc")), el("dd", {}, "leave the choice"));
const button = (name, told, title, act) => el("button", { type: "button", id: name, title, onclick: act }, told);
const middle = el("div", { class: "where" }, el("h1", { id: "title" }), el("p", { id: "meta" },
  el("select", { id: "cases", "aria-label": "Case", hidden: true, onchange: ({ target }) => { showCase(Number(target.value), true); choose(null); } }), el("span", { id: "headline" }),
  layer ? el("span", { class: "layer" }, layer) : null));
const acts = el("span", { class: "buttons", role: "group", "aria-label": "Whole report" }, button("undo", "Undo", "Undo (z)", () => step("undo")), button("redo", "Redo", "Redo (Z)", () => step("redo")),
  button("patient-open", "Patient", "Patient and day 0 (p)", KEYS.p[1]), button("history-open", "History", "What was changed (h)", asked.history),
  button("done", "Done", "This report is done (D)", KEYS.D[1]), button("help", "Help", "Keys and signs (?)", KEYS["?"][1]));
let width = innerWidth;
addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; drawn.redraw(); drawn.select(state.chosen); } });

await bar("", middle, acts);
await attempt(load);
