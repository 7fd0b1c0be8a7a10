/** The form of the chosen event: what it is, when, how much, and on which mentions it stands. */

import { byId, el } from "./report/dom.js";
import { drafted, settled } from "./draft.js";
import { KIND_OF, choice, entry, field, number, numeric, said } from "./fields.js";
import { mentionForm } from "./mention.js";

const KINDS = [...new Set(Object.values(KIND_OF))];
const ACTIONS = ["", "start", "stop", "change", "continue", "given", "planned", "not_given"];
const STATUSES = ["affirmed", "negated", "hypothetical", "historical", "family"];
const COMPARATORS = ["", "<", ">", "<=", ">="];
const READINGS = ["", "high", "low", "normal", "positive", "negative"];
const NUMBERS = new Set(["value", "value_high", "duration_days", "reference_low", "reference_high"]);
const DAYS = ["day_low", "day_high", "offset_low", "offset_high"];

/** Fills `box`; `act` holds what can be done: decide, choose, same, merge, comment, expression. */
export function editor(box, page, act) {
  const empty = () => box.replaceChildren(el("div", { class: "empty" },
    el("p", {}, "Choose an event on the timeline or in the list, or a word in the text."),
    el("p", {}, "Select words in the text to add what was missed."),
    el("p", {}, el("kbd", {}, "j"), " ", el("kbd", {}, "k"), " next and previous event, ", el("kbd", {}, "a"), " accept, ", el("kbd", {}, "?"), " all keys")));
  empty();

  function showEvent(event, record, caseId, comments) {
    if (!event) { empty(); return; }
    const one = record.cases.find(({ id }) => id === caseId);
    const dosed = ["drug", "procedure"].includes(event.kind) || event.dose;
    const measured = ["lab", "vital", "imaging", "finding"].includes(event.kind) || event.measurement;
    const form = el("form", { class: "fields", onsubmit: (submit) => { submit.preventDefault(); save(form, event); } },
      el("h2", {}, el("span", { class: `dot ${event.kind}`, "aria-hidden": "true" }), ` ${event.name}`,
        el("span", { class: "faint" }, event.review ? `${event.review}${event.reviewed_by ? ` by ${event.reviewed_by}` : ""}` : `${event.id} · confidence ${event.confidence.toFixed(2)}`)),
      el("div", { class: "grid" }, field("Name", entry("name", event.name), "four"), field("Kind", choice("kind", KINDS, event.kind), "two"),
        field("What was done", choice("action", ACTIONS, event.action), "three"), field("Status", choice("status", STATUSES, event.status), "three")),
      when(event, record, one),
      dosed ? amounts("Dose", "dose", event.dose, [["frequency", "Frequency", "two"], ["route", "Route", "two"], ["duration_days", "For days", "two"]]) : null,
      measured ? amounts("Result", "measurement", event.measurement, [["reference_low", "Normal from", "two"], ["reference_high", "to", "two"]],
        field("Reads", choice("measurement.interpretation", READINGS, event.measurement?.interpretation), "two")) : null,
      standing(event, record),
      comments.length ? el("ul", { class: "comments" }, comments.map(({ author, at, note }) => el("li", {}, note, el("span", { class: "faint" }, ` ${author}, ${at.slice(0, 10)}`)))) : null,
      el("div", { class: "deeds" },
        el("button", { type: "submit", class: "main" }, "Save"),
        el("button", { type: "button", title: "a", onclick: () => act.decide([{ kind: "accept", target: event.id }], "accepted") }, "Accept"),
        el("button", { type: "button", title: "u", onclick: () => act.decide([{ kind: "unsure", target: event.id }], "marked unsure") }, "Unsure"),
        el("button", { type: "button", title: "x", onclick: () => act.decide([{ kind: "reject", target: event.id }], "rejected") }, "Reject"),
        el("button", { type: "button", title: "m", onclick: () => act.merge() }, "Merge …"),
        el("button", { type: "button", title: "c", onclick: () => act.comment() }, "Comment …")));
    const again = drafted(form, page, event.id);
    if (again) form.prepend(el("p", { class: "told-draft" }, "What you typed before and did not save is here again."));
    box.replaceChildren(form);
  }

  /** The day, as a number, as an expression, or counted from another event. */
  function when(event, record, one) {
    const { time } = event;
    const others = one.events.filter(({ id }) => id !== event.id);
    const anchor = one.anchor?.event ?? "day 0";
    const times = record.mentions.filter(({ label }) => label === "TIME").map(({ text }) => text);
    const expression = entry("expression", time.text);
    expression.setAttribute("list", "expressions");
    const read = el("button", { type: "button", onclick: async () => {
      const found = await act.expression(event, expression.value);
      if (!found) return;
      for (const name of [...DAYS, "relative_to"]) box.querySelector(`[name=${name}]`).value = found[name] ?? "";
      expression.dispatchEvent(new Event("input", { bubbles: true }));
    } }, "Read");
    return el("fieldset", {}, el("legend", {}, "Day"),
      el("div", { class: "grid" }, field("First", entry("day_low", time.day_low, "number"), "three"), field("Last", entry("day_high", time.day_high, "number"), "three"),
        field("Expression", expression, "four"), el("span", { class: "two bottom" }, read),
        field("Days", entry("offset_low", time.offset_low, "number"), "one"), field("to", entry("offset_high", time.offset_high, "number"), "one"),
        field("after", choice("relative_to", ["", anchor, ...others.map(({ id }) => id)], time.relative_to,
          (id) => { const other = others.find((o) => o.id === id); return other ? `${other.name}${other.time.day_low === null ? "" : `, day ${Math.round(other.time.day_low)}`}` : id.replaceAll("_", " ") || "—"; }), "four")),
      el("datalist", { id: "expressions" }, [...new Set(times)].map((text) => el("option", { value: text }))));
  }

  function amounts(title, part, value, more, last = null) {
    return el("fieldset", {}, el("legend", {}, title), el("div", { class: "grid" },
      field("Sign", choice(`${part}.comparator`, COMPARATORS, value?.comparator), "one"), field("Value", entry(`${part}.value`, value?.value, "number"), "two"),
      field("to", entry(`${part}.value_high`, value?.value_high, "number"), "one"), field("Unit", entry(`${part}.unit`, value?.unit), "two"),
      more.map(([name, told, wide]) => field(told, entry(`${part}.${name}`, value?.[name], NUMBERS.has(name) ? "number" : "text"), wide)), last));
  }

  /** The mentions that tell the event: to open, to take out, to split off, and one more to add. */
  function standing(event, record) {
    const known = (id) => record.mentions.find((mention) => mention.id === id);
    const lines = event.mentions.map(known).filter(Boolean);
    const near = record.mentions.filter(({ id, start }) => !event.mentions.includes(id) && Math.abs(start - event.start) < 600)
      .sort((a, b) => Math.abs(a.start - event.start) - Math.abs(b.start - event.start)).slice(0, 30);
    const more = choice("more", ["", ...near.map(({ id }) => id)], "", (id) => (id ? `${known(id).text} (${said(known(id).label)})` : "add a mention …"), "Add a mention");
    more.addEventListener("change", () => {
      if (more.value) act.decide([{ kind: "edit_event", target: event.id, before: { mentions: event.mentions }, after: { mentions: [...event.mentions, more.value] } }], "the mention is added");
    });
    return el("fieldset", {}, el("legend", {}, "Told by"),
      lines.map((mention) => el("div", { class: "telling" },
        el("label", { class: "check" }, el("input", { type: "checkbox", name: "split", value: mention.id }), `${mention.text} (${said(mention.label)})`),
        el("button", { type: "button", class: "link", "aria-label": `Correct ${mention.text}`, onclick: () => act.mention(mention.id) }, "correct"))),
      el("div", { class: "line tight" }, more,
        lines.length > 1 ? el("button", { type: "button", onclick: () => split(event) }, "Split off ticked") : null,
        lines.length > 1 ? el("button", { type: "button", onclick: () => loosen(event) }, "Take out ticked") : null));
  }

  const ticked = () => [...box.querySelectorAll("[name=split]:checked")].map(({ value }) => value);
  const split = (event) => act.decide([{ kind: "split_event", target: event.id, after: { mentions: ticked() } }], "split");
  const loosen = (event) => act.decide([{ kind: "edit_event", target: event.id, before: { mentions: event.mentions },
    after: { mentions: event.mentions.filter((id) => !ticked().includes(id)) } }], "taken out");

  async function save(form, event) {
    const given = new FormData(form);
    if (!numeric(form, [...DAYS, ...[...given.keys()].filter((key) => NUMBERS.has(key.split(".")[1]))])) return;
    const after = {};
    const before = {};
    const put = (key, now, was) => { if (now !== was) { after[key] = now; before[key] = was; } };
    put("name", given.get("name").trim(), event.name);
    put("kind", given.get("kind"), event.kind);
    put("action", given.get("action") || null, event.action);
    put("status", given.get("status"), event.status);
    for (const part of ["dose", "measurement"]) {
      const changed = {};
      for (const [key, text] of given) {
        if (!key.startsWith(`${part}.`)) continue;
        const own = key.slice(part.length + 1);
        const now = NUMBERS.has(own) ? number(text) : text.trim() || null;
        if (now !== (event[part]?.[own] ?? null)) changed[own] = now;
      }
      if (Object.keys(changed).length) { after[part] = changed; before[part] = event[part]; }
    }
    const time = timeOf(given, event.time);
    if (time) { after.time = time; before.time = Object.fromEntries(Object.keys(time).map((key) => [key, event.time[key]])); }
    const done = Object.keys(after).length
      ? await act.decide([{ kind: "edit_event", target: event.id, before, after }], `${event.name} is corrected`)
      : await act.decide([{ kind: "accept", target: event.id }], "accepted as it is");
    if (done) settled(page, event.id);
  }

  /** The last day: one that was the first day too, or that the new first day has passed, goes along with it. */
  function last(now, time) {
    const left = now.day_high === time.day_high;
    const along = time.day_low === time.day_high || (now.day_high !== null && now.day_high < now.day_low);
    return left && along && now.day_low !== null ? now.day_low : now.day_high;
  }

  /** What changed about the day: the days themselves, or what they are counted from; null where nothing did. */
  function timeOf(given, time) {
    const now = Object.fromEntries(DAYS.map((key) => [key, number(given.get(key))]));
    const reference = given.get("relative_to") || null;
    const text = given.get("expression").trim() || null;
    const found = {};
    const days = now.day_low !== time.day_low || now.day_high !== time.day_high;
    const counted = reference !== time.relative_to || now.offset_low !== time.offset_low || now.offset_high !== time.offset_high;
    if (counted && reference) Object.assign(found, { relative_to: reference, offset_low: now.offset_low, offset_high: now.offset_high ?? now.offset_low });
    else if (days) Object.assign(found, { day_low: now.day_low, day_high: last(now, time) });
    if (text !== time.text) Object.assign(found, { text, start: null, end: null });
    return Object.keys(found).length ? found : null;
  }

  return {
    showEvent,
    showMention: mentionForm(box, page, act, empty),
    focus: () => (box.querySelector("[name='dose.value'], [name='measurement.value']") ?? box.querySelector("input, select"))?.focus(),
    day: () => byId("editor").querySelector("[name=day_low]")?.focus(),
  };
}
