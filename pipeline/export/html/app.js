/** The page: which document, case and event are chosen, what the filters let through, and the keys. */

import { byId, el } from "./dom.js";
import { KINDS, named, pretty, when } from "./kinds.js";
import { timeline } from "./timeline.js";
import { reading } from "./reading.js";
import { eventList } from "./events.js";
import { holds, paint, places } from "./find.js";

const documents = JSON.parse(byId("documents").textContent);
const state = { number: 0, whole: null, one: null, selected: null, hidden: new Set(), status: "", least: 0, query: "", found: [], place: -1 };

const text = reading(byId("reading"), { onMention: (id, events) => chooseMention(id, events) });
const drawn = timeline(byId("timeline"), {
  onSelect: (id) => toggle(id),
  onAnchor: () => state.one.anchor && text.go(state.one.anchor.start, state.one.anchor.end),
  onTip: tip,
});
const listed = eventList(byId("events"), {
  onSelect: (id, { keep = false } = {}) => (keep ? select(id, { focus: true }) : toggle(id, true)),
  onPlace: (start, end) => text.go(start, end),
});

const eventById = (id) => state.one.events.find((event) => event.id === id);
const passing = () => state.one.events.filter((event) =>
  !state.hidden.has(event.kind) && (!state.status || event.status === state.status) &&
  event.confidence >= state.least && (!state.query || holds(event, state.whole, state.query)));

function open(number, wanted = null) {
  state.number = number;
  state.whole = JSON.parse(byId(`document-${number}`).textContent);
  const { source, id, cases } = state.whole;
  byId("title").textContent = source.title ?? id;
  const doi = source.doi && el("a", { href: `https://doi.org/${encodeURI(source.doi)}`, rel: "noreferrer noopener" }, source.doi);
  const facts = [source.title ? id : "", source.published, doi, source.license].filter(Boolean);
  byId("meta").replaceChildren(...facts.flatMap((fact, i) => (i ? [" · ", fact] : [fact])));
  document.title = `${source.title ?? id} · caseline`;
  text.show(state.whole);
  const pick = byId("cases");
  pick.replaceChildren(...cases.map((one, i) => el("option", { value: i }, `Case ${i + 1} of ${cases.length}`)));
  pick.hidden = cases.length < 2;
  const holder = cases.findIndex((one) => one.events.some((event) => event.id === wanted));
  showCase(Math.max(holder, 0), wanted);
  byId("list-items").querySelectorAll("[aria-current]").forEach((item) => item.removeAttribute("aria-current"));
  const item = byId("list-items").querySelector(`[data-number="${number}"]`);
  item?.setAttribute("aria-current", "true");
  if (!byId("list").hidden) item?.scrollIntoView({ block: "nearest" });
}

function showCase(index, wanted = null) {
  state.one = state.whole.cases[index] ?? { id: "", headline: "No case was found in this document.", anchor: null, events: [] };
  byId("cases").value = index;
  byId("headline").textContent = state.one.headline.replace(/^\w+: /, "");
  byId("headline").title = state.whole.made;
  showFilters();
  refresh(true);
  select(wanted, { scroll: true });
}

function showFilters() {
  const count = new Map();
  for (const event of state.one.events) count.set(event.kind, (count.get(event.kind) ?? 0) + 1);
  const chips = KINDS.filter(([kind]) => count.has(kind)).map(([kind, title]) =>
    el("button", { type: "button", class: `chip ${kind}`, "aria-pressed": String(!state.hidden.has(kind)), "data-kind": kind,
      title: "Show or hide; with Alt only this one",
      onclick: (click) => hide(kind, click.altKey) },
    el("span", { class: `dot ${kind}`, "aria-hidden": "true" }), title, el("span", { class: "count" }, count.get(kind))));
  const statuses = [...new Set(state.one.events.map((event) => event.status))];
  if (!statuses.includes(state.status)) state.status = "";
  const status = el("select", { id: "status", "aria-label": "Status", onchange: () => { state.status = status.value; refresh(); } },
    el("option", { value: "" }, "any status"), statuses.map((name) => el("option", { value: name, selected: name === state.status }, name)));
  const shown = el("output", { for: "least" }, state.least.toFixed(2));
  const least = el("input", { id: "least", type: "range", min: 0, max: 0.95, step: 0.05, value: state.least,
    oninput: () => { state.least = Number(least.value); shown.textContent = state.least.toFixed(2); refresh(); } });
  byId("filters").replaceChildren(el("span", { class: "chips" }, chips), el("span", { class: "others" }, status,
    el("label", { for: "least" }, "conf. ≥ ", shown), least, el("span", { id: "count", role: "status" })));
}

function hide(kind, only) {
  const present = new Set(state.one.events.map((event) => event.kind));
  if (only) state.hidden = new Set([...present].filter((other) => other !== kind));
  else if (!state.hidden.delete(kind)) state.hidden.add(kind);
  byId("filters").querySelectorAll("[data-kind]").forEach((chip) => chip.setAttribute("aria-pressed", String(!state.hidden.has(chip.dataset.kind))));
  refresh();
}

function refresh(fresh = false) {
  const events = passing();
  byId("count").textContent = events.length === state.one.events.length ? `${events.length} events` : `${events.length} of ${state.one.events.length}`;
  drawn.show(events, state.one.anchor, fresh);
  listed.show(state.whole, events);
  if (state.selected && events.some((event) => event.id === state.selected)) {
    drawn.select(state.selected);
    listed.select(eventById(state.selected));
  }
  search();
}

function search() {
  state.found = places(text.box, state.query);
  state.place = -1;
  byId("found").textContent = state.query ? `${passing().length} events, ${state.found.length} places` : "";
  paint(state.found, null);
}

function nextPlace(step) {
  if (!state.found.length) return;
  state.place = (state.place + step + state.found.length) % state.found.length;
  const range = state.found[state.place];
  range.startContainer.parentElement.scrollIntoView({ block: "center" });
  paint(state.found, range);
}

function select(id, { scroll = true, focus = false } = {}) {
  const event = id ? eventById(id) : null;
  state.selected = event?.id ?? null;
  text.select(event, scroll);
  drawn.select(state.selected);
  listed.select(event, focus);
  const name = encodeURIComponent(state.whole.id);
  history.replaceState(null, "", event ? `#${name}/${event.id}` : `#${name}`);
}

function toggle(id, focus = false) {
  select(id === state.selected ? null : id, { focus });
}

/** A mention marks its event; where it belongs to several, each click the next. */
function chooseMention(id, events) {
  const next = events[(events.indexOf(state.selected) + 1) % events.length];
  const index = state.whole.cases.findIndex((one) => one.events.some((event) => event.id === next));
  if (state.whole.cases[index] !== state.one) showCase(index);
  if (!passing().some((event) => event.id === next)) clearFilters();
  select(next, { scroll: false });
}

function clearFilters() {
  Object.assign(state, { hidden: new Set(), status: "", least: 0, query: "" });
  byId("search").value = "";
  showFilters();
  refresh();
}

function tip(id, near) {
  const box = byId("tip");
  const event = id && eventById(id);
  box.hidden = !event;
  if (!event) return;
  box.replaceChildren(el("b", {}, named(event)), event.amount ? el("span", {}, pretty(event.amount)) : "",
    el("span", { class: "faint" }, `${when(event) ? `day ${when(event)}` : "day not stated"} · ${event.status} · ${event.confidence.toFixed(2)}`));
  const seat = near.closest("[data-event]").querySelector(".shape, .stop").getBoundingClientRect();
  const own = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(seat.left, innerWidth - own.width - 8))}px`;
  box.style.top = `${seat.bottom + own.height + 12 > innerHeight ? seat.top - own.height - 8 : seat.bottom + 8}px`;
}

function showList(query = "") {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = documents.map((one, number) => [one, number]).filter(([one]) => {
    const all = `${one.id} ${one.title} ${one.cases.join(" ")} ${one.names.join(" ")}`.toLowerCase();
    return wanted.every((word) => all.includes(word));
  });
  byId("list-count").textContent = matching.length === documents.length ? `${documents.length} documents` : `${matching.length} of ${documents.length} documents`;
  byId("list-items").replaceChildren(...matching.map(([one, number]) => el("li", {},
    el("button", { type: "button", "data-number": number, "aria-current": number === state.number ? "true" : null, onclick: () => open(number) },
      el("b", {}, one.title || one.id), el("span", {}, one.cases.length > 1 ? `${one.cases.length} cases, ${one.events} events`
        : one.cases[0]?.replace(/^\w+: /, "") ?? "no case")))));
}

function toggleList(shown = byId("list").hidden) {
  byId("list").hidden = !shown;
  byId("list-toggle").setAttribute("aria-expanded", String(shown));
  byId("list-toggle").title = "Documents (d)";
  drawn.redraw();
  drawn.select(state.selected);
}

function move(step) {
  const events = passing();
  const at = events.findIndex((event) => event.id === state.selected);
  const next = events[at < 0 ? (step > 0 ? 0 : events.length - 1) : at + step];
  if (next) select(next.id);
}

function escape() {
  if (!byId("tip").hidden) byId("tip").hidden = true;
  if (state.query) { byId("search").value = ""; state.query = ""; refresh(); } else select(null);
}

document.addEventListener("keydown", (key) => {
  if (key.ctrlKey || key.metaKey || key.altKey || byId("keys").open) return;
  const typing = key.target.matches("input, select, textarea");
  if (key.key === "Escape") { if (typing) key.target.blur(); escape(); return; }
  if (typing) return;
  const acts = {
    "/": () => byId("search").focus(), "?": () => byId("keys").showModal(), ArrowDown: () => move(1), ArrowUp: () => move(-1),
    "+": () => drawn.zoom(1 / 1.6), "-": () => drawn.zoom(1.6), 0: () => drawn.fit(), d: () => toggleList(),
    "]": () => open(Math.min(state.number + 1, documents.length - 1)), "[": () => open(Math.max(state.number - 1, 0)),
  };
  const act = acts[key.key];
  if (!act) return;
  key.preventDefault();
  act();
  if (state.selected) drawn.select(state.selected);
});

let waiting = 0;
byId("search").addEventListener("input", (input) => {
  clearTimeout(waiting);
  waiting = setTimeout(() => { state.query = input.target.value.trim().toLowerCase(); refresh(); }, 90);
});
byId("search").addEventListener("keydown", (key) => { if (key.key === "Enter") nextPlace(key.shiftKey ? -1 : 1); });
byId("list-search").addEventListener("input", (input) => showList(input.target.value));
byId("list-toggle").addEventListener("click", () => toggleList());
byId("cases").addEventListener("change", (change) => showCase(Number(change.target.value)));
byId("help").addEventListener("click", () => byId("keys").showModal());
byId("print").addEventListener("click", () => print());
byId("theme").addEventListener("click", () => {
  const dark = (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
});
let width = innerWidth;
addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; drawn.redraw(); drawn.select(state.selected); } });

function start() {
  if (!documents.length) { byId("title").textContent = "No documents"; return; }
  showList();
  byId("list-toggle").hidden = documents.length < 2;
  byId("list").hidden = documents.length < 2 || innerWidth < 1500;
  byId("list-toggle").setAttribute("aria-expanded", String(!byId("list").hidden));
  const [name, event] = location.hash.slice(1).split("/").map(decodeURIComponent);
  open(Math.max(documents.findIndex((one) => one.id === name), 0), event);
}

start();
