/** The queue of reports, how far the project is, and who has what. */

import { byId, el } from "./report/dom.js";
import { get, post } from "./api.js";
import { files } from "./files.js";
import { atLeast, attempt, bar, say } from "./shell.js";

const PAGE = 100;
const PARTS = [["all", "all reports"], ["mine", "assigned to me"], ["open", "assigned to me, not done"], ["done", "done"],
  ["unassigned", "assigned to nobody", "adjudicator"], ["differing", "settled differently", "adjudicator"]];
let who = null;
let offset = 0;
let asked = 0;
const picked = new Set();

async function load(more = false) {
  const mine = ++asked;
  offset = more ? offset + PAGE : 0;
  const wanted = new URLSearchParams({ q: byId("q").value, show: byId("show").value, offset, limit: PAGE });
  const found = await attempt(() => get(`/api/queue?${wanted}`));
  if (!found || mine !== asked) return;
  const rows = found.documents.map(row);
  if (!more) picked.clear();
  byId("rows").replaceChildren(...(more ? byId("rows").children : []), ...rows);
  byId("more").replaceChildren(found.documents.length === PAGE
    ? el("button", { type: "button", onclick: () => load(true) }, "Show more") : found.documents.length || more ? "" : empty());
  tell();
}

const empty = () => el("span", { class: "empty" }, byId("q").value ? "No report matches." : {
  mine: "No report is assigned to you.", open: "Nothing is left to do.", done: "No report is done yet.",
  unassigned: "Every report is assigned.", differing: "Annotators have settled nothing differently.",
}[byId("show").value] ?? "The store has no report yet: caseline extract or caseline run with --store fills it.");

const path = (page, id) => `/${page}/${id.split("/").map(encodeURIComponent).join("/")}`;

function row(one) {
  const doubt = el("span", { class: "gauge", "aria-hidden": "true" });
  doubt.style.setProperty("--part", Math.min(one.doubt / 20, 1));
  const several = one.layers.filter((name) => name !== "adjudicated").length > 1 && atLeast("adjudicator", who);
  const notes = [one.contradictions && `${one.contradictions} contradiction${one.contradictions > 1 ? "s" : ""}`,
    one.differences && `${one.differences} settled differently`].filter(Boolean).join(", ");
  return el("tr", {},
    atLeast("admin", who) && el("td", { class: "pick" }, el("input", { type: "checkbox", "aria-label": `Choose ${one.title ?? one.id}`, value: one.id,
      onchange: ({ target }) => { if (target.checked) picked.add(one.id); else picked.delete(one.id); tell(); } })),
    el("th", { scope: "row" }, el("a", { href: path("document", one.id) }, one.title ?? one.id), one.title ? el("span", { class: "faint under" }, one.id) : null),
    el("td", { class: "number" }, one.events), el("td", { class: "number doubt" }, doubt, one.doubt.toFixed(1)),
    el("td", {}, notes, several ? el("a", { class: "under", href: path("adjudicate", one.id) }, "adjudicate") : null),
    el("td", { class: "states" }, states(one)));
}

/** Who has it, who has begun and who is done, each as a word and a colour. */
function states(one) {
  const names = [...new Set([...one.assigned, ...one.layers, ...one.done])].sort();
  if (!names.length) return el("span", { class: "faint" }, "—");
  return names.map((name) => {
    const state = one.done.includes(name) ? "done" : one.layers.includes(name) ? (name === "adjudicated" ? "" : "begun") : "assigned";
    return el("span", { class: `state ${state || "done"}` }, name === who.name ? "" : name, state && name !== who.name ? " " : "", state);
  });
}

function tell() {
  byId("giving").hidden = !picked.size;
  byId("picked").textContent = `${picked.size} chosen`;
}

async function project() {
  const { progress, people } = await get("/api/project");
  const told = [["reports", progress.documents], ["assigned", progress.assigned], ["begun", progress.begun], ["done", progress.done],
    ...(atLeast("adjudicator", who) && who.accounts ? [["adjudicated", progress.adjudicated]] : [])];
  byId("progress").replaceChildren(...told.map(([name, count]) => el("div", {}, el("dt", {}, name), el("dd", {}, count,
    el("progress", { max: progress.documents || 1, value: count, "aria-label": `${name}: ${count} of ${progress.documents}` })))));
  byId("people").hidden = !people.length;
  byId("people-rows").replaceChildren(...people.map((one) => el("tr", {}, el("th", { scope: "row" }, one.name), el("td", {}, one.role ?? "—"),
    [one.assigned, one.begun, one.done].map((count) => el("td", { class: "number" }, count)),
    el("td", {}, one.assigned ? el("progress", { max: one.assigned, value: Math.min(one.done, one.assigned), "aria-label": `${one.name}: ${one.done} of ${one.assigned} done` }) : el("span", { class: "faint" }, "nothing assigned")))));
  const chosen = byId("to").value;
  byId("to").replaceChildren(...people.filter((one) => one.role).map((one) => el("option", { selected: one.name === chosen }, one.name)));
}

async function give(withdraw) {
  const annotators = [byId("to").value];
  const done = await attempt(() => post("/api/assignments", { documents: [...picked], annotators, withdraw }));
  if (!done) return;
  await Promise.all([load(), project()]);
  say(withdraw ? `${done.changed} taken from ${annotators[0]}` : `${done.changed} assigned to ${annotators[0]}`);
}

function heads() {
  const all = el("input", { type: "checkbox", "aria-label": "Choose all shown", onchange: ({ target }) => {
    for (const box of byId("rows").querySelectorAll(".pick input")) if (box.checked !== target.checked) box.click();
  } });
  byId("heads").replaceChildren(...[atLeast("admin", who) ? el("td", { class: "pick" }, all) : null, el("th", { scope: "col" }, "Report"),
    el("th", { scope: "col", class: "number" }, "Events"), el("th", { scope: "col", class: "number" }, "Doubt"), el("th", { scope: "col" }, "To look at"),
    el("th", { scope: "col" }, "Work")].filter(Boolean));
}

let waiting = 0;
byId("q").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(load, 150); });
byId("show").addEventListener("change", () => load());
byId("ask").addEventListener("submit", (submit) => { submit.preventDefault(); load(); });
byId("giving").addEventListener("submit", (submit) => { submit.preventDefault(); give(false); });
byId("withdraw").addEventListener("click", () => give(true));
document.addEventListener("keydown", (key) => {
  if (key.key === "/" && !key.target.matches("input, select, textarea")) { key.preventDefault(); byId("q").focus(); }
});

who = await bar("Reports");
byId("show").replaceChildren(...PARTS.filter(([value, , role]) => (!role || atLeast(role, who)) && (who.accounts || value === "all" || value === "done"))
  .map(([value, title]) => el("option", { value }, title)));
heads();
files(who, () => Promise.all([load(), project()]));
await Promise.all([load(), attempt(project)]);
