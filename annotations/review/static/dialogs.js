/** The dialogs of the workbench: all the same, history, comment, patient and day 0. */

import { byId, el } from "./report/dom.js";
import { get, post } from "./api.js";
import { choice, entry, field, number, numeric } from "./fields.js";
import { attempt, say } from "./shell.js";

const WORDS = { add_mention: "added a mention", edit_mention: "changed a mention", remove_mention: "removed a mention", add_relation: "added a link",
  edit_relation: "changed a link", remove_relation: "removed a link", add_event: "added an event", edit_event: "changed", remove_event: "removed",
  merge_events: "merged another event into", split_event: "split", edit_case: "changed the patient", accept: "accepted", reject: "rejected", unsure: "was unsure of",
  comment: "commented", document_done: "called the report done", undo: "took back" };

/** A value as a person says it. */
function told(value) {
  if (value === null || value === undefined || value === "") return "nothing";
  if (Array.isArray(value)) return value.map(told).join(", ");
  if (typeof value !== "object") return String(value);
  return Object.entries(value).filter(([, one]) => one !== null).map(([key, one]) => `${key.replaceAll("_", " ")} ${told(one)}`).join(", ") || "nothing";
}

/** `address` is the document's, `query` names the layer; `state()` gives what is shown, `reload()` asks anew. */
export function dialogs({ address, query, state, reload, decide }) {
  byId("comment-close").addEventListener("click", () => byId("comment").close());

  /** What "apply to all the same" would change, before it does. */
  async function same(mention, after, everywhere) {
    const ask = (what) => get(`${address}/${what}/${encodeURIComponent(mention.id)}${query}${query ? "&" : "?"}everywhere=${everywhere}`);
    const both = await attempt(() => Promise.all([ask("same"), ask("unmarked")]));
    if (!both) return;
    const [marked, free] = both;
    const changes = Object.keys(after).length ? after : { name: mention.name ?? mention.text };
    byId("same-told").textContent = `${marked.length || "No"} other${marked.length === 1 ? "" : "s"} “${mention.text}” ${everywhere ? "in the store" : "in this report"}. Each ticked one, and this one, becomes: ${told(changes)}.${free.length ? " Where the words are not marked, a ticked one becomes a mention of its own." : ""}`;
    const line = (one, kind) => el("label", { class: "same" }, el("input", { type: "checkbox", checked: true, "data-kind": kind, value: JSON.stringify([one.document_id, one.mention_id, one.start, one.end]) }),
      el("span", {}, everywhere ? el("b", {}, one.document_id) : null, " …", one.before, el("mark", {}, one.text), one.after, "…"));
    byId("same-list").replaceChildren(...marked.map((one) => line(one, "marked")), free.length ? el("h3", {}, "Not marked yet") : "", ...free.map((one) => line(one, "free")));
    const ticked = (kind) => [...byId("same-list").querySelectorAll(`[data-kind=${kind}]:checked`)].map(({ value }) => JSON.parse(value));
    byId("same-do").onclick = async () => {
      const places = ticked("marked").map(([document, own]) => ({ document, mention: own }));
      const fresh = ticked("free").map(([document, , start, end]) => ({ document, start, end }));
      const decision = { kind: "edit_mention", after: changes };
      const done = await attempt(async () => {
        if (places.length || Object.keys(after).length) await post(`${address}/same${query}`, { decision, places: [...places, { document: state().known.record.id, mention: mention.id }] });
        if (fresh.length) await post(`${address}/unmarked${query}`, { mention: mention.id, places: fresh });
        return true;
      });
      byId("same").close();
      await reload();
      if (done) say(`changed ${places.length + 1}${fresh.length ? `, marked ${fresh.length} more` : ""}; z takes back those of this report`);
    };
    byId("same").showModal();
  }

  async function history() {
    const made = await attempt(() => get(`${address}/history${query}`));
    const names = new Map(state().known.record.cases.flatMap(({ events }) => events.map(({ id, name }) => [id, name])));
    byId("history-list").replaceChildren(...(made?.length ? [...made].reverse().map((one) => el("li", {},
      el("span", { class: "faint" }, `${one.at.replace("T", " ").slice(0, 16)} `), el("b", {}, one.author), ` ${WORDS[one.kind] ?? one.kind} ${one.kind === "undo" ? `change ${one.undoes}` : names.get(one.target) ?? one.target ?? ""}`,
      one.note ? el("q", {}, one.note) : null,
      one.after && one.kind !== "merge_events" ? el("div", { class: "faint" }, one.before ? `${told(one.before)} → ` : "", told(one.after)) : null)) : [el("li", { class: "empty" }, "Nothing was changed yet.")]));
    byId("history").showModal();
  }

  function comment(event) {
    const form = byId("comment-form");
    form.reset();
    byId("comment-about").textContent = event ? `On ${event.name}` : "On the whole report";
    form.onsubmit = (submit) => {
      submit.preventDefault();
      const note = form.elements.note.value.trim();
      byId("comment").close();
      if (note) decide([{ kind: "comment", target: event?.id ?? null, note }], "the comment is kept");
    };
    byId("comment").showModal();
  }

  function patient(one) {
    if (!one) return;
    const form = byId("patient-form");
    const anchor = entry("anchor", one.anchor?.event);
    form.replaceChildren(el("div", { class: "grid" }, field("Age in years", entry("age_years", one.patient.age_years, "number"), "three"), field("Sex", choice("sex", ["", "female", "male"], one.patient.sex), "three"),
      field("Day 0 is", anchor, "three"), field("Reported", choice("reported", ["here", "elsewhere"], one.reported, (where) => (where === "here" ? "here" : "elsewhere, only cited")), "three")),
    el("div", { class: "buttons apart" }, el("button", { type: "submit", class: "main" }, "Save"), el("button", { type: "button", onclick: () => byId("patient").close() }, "Cancel")));
    form.onsubmit = (submit) => {
      submit.preventDefault();
      if (!numeric(form, ["age_years"])) return;
      const { age_years, sex, reported } = form.elements;
      const after = {};
      const now = { age_years: number(age_years.value), sex: sex.value || null };
      const changed = Object.keys(now).filter((key) => now[key] !== one.patient[key]);
      if (changed.length) after.patient = Object.fromEntries(changed.map((key) => [key, now[key]]));
      if (anchor.value.trim() !== (one.anchor?.event ?? "")) after.anchor = anchor.value.trim() ? { event: anchor.value.trim() } : null;
      if (reported.value !== one.reported) after.reported = reported.value;
      byId("patient").close();
      const before = Object.fromEntries(Object.keys(after).map((key) => [key, one[key]]));
      if (Object.keys(after).length) decide([{ kind: "edit_case", target: one.id, before, after }], "the patient is corrected");
    };
    byId("patient").showModal();
  }

  return { same, history, comment, patient };
}
