/** The form of the chosen event or mention. */

import { el } from "./report/dom.js";

const LABELS = ["DRUG", "DOSE", "ROUTE", "FREQUENCY", "DURATION", "TIME", "LAB_TEST", "VITAL", "IMAGING", "LAB_VALUE", "REFERENCE_RANGE",
  "PROCEDURE", "DIAGNOSIS", "FINDING", "ENCOUNTER", "OUTCOME", "AGE", "SEX"];
const KIND_OF = { DRUG: "drug", PROCEDURE: "procedure", LAB_TEST: "lab", VITAL: "vital", IMAGING: "imaging", DIAGNOSIS: "diagnosis",
  FINDING: "finding", ENCOUNTER: "encounter", OUTCOME: "outcome" };
const KINDS = [...new Set(Object.values(KIND_OF))];
const ACTIONS = ["", "start", "stop", "change", "continue", "given", "planned", "not_given"];
const STATUSES = ["affirmed", "negated", "hypothetical", "historical", "family"];
const COMPARATORS = ["", "<", ">", "<=", ">="];
const READINGS = ["", "high", "low", "normal", "positive", "negative"];
const ASSERTIONS = ["negated", "hypothetical", "historical", "family", "patient"];

const number = (text) => (text.trim() === "" ? null : Number(text));
const field = (label, input) => el("label", {}, label, input);
const choice = (name, options, value, title = (option) => option || "—") =>
  el("select", { name }, options.map((option) => el("option", { value: option, selected: option === (value ?? "") }, title(option))));
const entry = (name, value, kind = "text") => el("input", { name, value: value ?? "", inputmode: kind === "number" ? "decimal" : null, autocomplete: "off" });

/** Fills `box`; `decide(decisions, told)` makes changes. */
export function editor(box, { decide, choose, same, merge }) {
  const empty = () => box.replaceChildren(el("p", { class: "faint" }, "Choose an event or a mention, or select text to add one. Press ? for the keys."));
  empty();

  function showEvent(event, record, caseId) {
    if (!event) { empty(); return; }
    const { time } = event;
    const one = record.cases.find(({ id }) => id === caseId);
    const others = one.events.filter(({ id }) => id !== event.id);
    const anchor = one.anchor?.event ?? "day 0";
    const dosed = ["drug", "procedure"].includes(event.kind) || event.dose;
    const measured = ["lab", "vital", "imaging", "finding"].includes(event.kind) || event.measurement;
    const form = el("form", { class: "fields", onsubmit: (submit) => { submit.preventDefault(); save(form, event); } },
      el("h2", {}, event.name, el("span", { class: "faint" }, ` ${event.id}${event.review ? ` · ${event.review}` : ""}`)),
      el("div", { class: "row" }, field("Name", entry("name", event.name)), field("Kind", choice("kind", KINDS, event.kind)),
        field("Action", choice("action", ACTIONS, event.action)), field("Status", choice("status", STATUSES, event.status))),
      el("fieldset", {}, el("legend", {}, "Day"),
        el("div", { class: "row" }, field("from", entry("day_low", time.day_low, "number")), field("to", entry("day_high", time.day_high, "number"))),
        el("div", { class: "row" }, field("or", entry("offset_low", time.offset_low, "number")), field("to", entry("offset_high", time.offset_high, "number")),
          field("days after", choice("relative_to", ["", anchor, ...others.map(({ id }) => id)], time.relative_to,
            (id) => others.find((other) => other.id === id)?.name ?? (id || "—"))))),
      dosed ? el("fieldset", {}, el("legend", {}, "Dose"), amounts("dose", event.dose, [["frequency"], ["route"], ["duration_days", "days"]])) : null,
      measured ? el("fieldset", {}, el("legend", {}, "Result"), amounts("measurement", event.measurement,
        [["reference_low", "normal from"], ["reference_high", "to"]]),
      el("div", { class: "row" }, field("reads", choice("measurement.interpretation", READINGS, event.measurement?.interpretation)))) : null,
      event.mentions.length > 1 ? el("fieldset", {}, el("legend", {}, "Mentions"), event.mentions.map((id) => mentionLine(id, record)),
        el("button", { type: "button", onclick: () => split(form, event) }, "Split off what is ticked")) : null,
      el("div", { class: "buttons" },
        el("button", { type: "submit", class: "main" }, "Save"),
        el("button", { type: "button", onclick: () => decide([{ kind: "accept", target: event.id }], "accepted") }, "Accept"),
        el("button", { type: "button", onclick: () => decide([{ kind: "unsure", target: event.id }], "marked unsure") }, "Unsure"),
        el("button", { type: "button", onclick: () => decide([{ kind: "reject", target: event.id }], "rejected") }, "Reject"),
        el("button", { type: "button", onclick: () => merge() }, "Merge with …")));
    box.replaceChildren(form);
  }

  function mentionLine(id, record) {
    const known = record.mentions.find((mention) => mention.id === id);
    return el("label", { class: "check" }, el("input", { type: "checkbox", name: "split", value: id }),
      known ? ` ${known.text} (${known.label.toLowerCase().replaceAll("_", " ")})` : ` ${id}`);
  }

  function amounts(part, value, more) {
    return el("div", {},
      el("div", { class: "row" }, field("compared", choice(`${part}.comparator`, COMPARATORS, value?.comparator)), field("value", entry(`${part}.value`, value?.value, "number")),
        field("to", entry(`${part}.value_high`, value?.value_high, "number")), field("unit", entry(`${part}.unit`, value?.unit))),
      el("div", { class: "row" }, more.map(([name, title]) => field(title ?? name, entry(`${part}.${name}`, value?.[name])))));
  }

  const NUMBERS = new Set(["value", "value_high", "duration_days", "reference_low", "reference_high"]);

  function save(form, event) {
    const given = new FormData(form);
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
        if (Number.isNaN(now)) { form.elements[key].setCustomValidity("a number, please"); form.reportValidity(); form.elements[key].oninput = () => form.elements[key].setCustomValidity(""); return; }
        if (now !== (event[part]?.[own] ?? null)) changed[own] = now;
      }
      if (Object.keys(changed).length) { after[part] = changed; before[part] = event[part]; }
    }
    const time = {};
    const low = number(given.get("day_low"));
    const high = number(given.get("day_high"));
    const from = number(given.get("offset_low"));
    const to = number(given.get("offset_high"));
    const reference = given.get("relative_to") || null;
    const counted = from !== event.time.offset_low || to !== event.time.offset_high || reference !== event.time.relative_to;
    if (low !== event.time.day_low || high !== event.time.day_high) Object.assign(time, { day_low: low, day_high: high ?? low });
    else if (counted && reference) Object.assign(time, { relative_to: reference, offset_low: from, offset_high: to ?? from });
    if (Object.keys(time).length) { after.time = time; before.time = { day_low: event.time.day_low, day_high: event.time.day_high }; }
    if (!Object.keys(after).length) { decide([{ kind: "accept", target: event.id }], "accepted as it is"); return; }
    decide([{ kind: "edit_event", target: event.id, before, after }], `${event.name} is corrected`);
  }

  function split(form, event) {
    const mentions = new FormData(form).getAll("split");
    decide([{ kind: "split_event", target: event.id, after: { mentions } }], "split");
  }

  function showMention(mention, record) {
    if (!mention) { empty(); return; }
    const form = el("form", { class: "fields", onsubmit: (submit) => { submit.preventDefault(); saveMention(form, mention, null); } },
      el("h2", {}, `“${mention.text}”`, el("span", { class: "faint" }, ` ${mention.id} · ${mention.rule}`)),
      el("div", { class: "row" }, field("Label", choice("label", LABELS, mention.label)), field("Normalised name", entry("name", mention.name))),
      el("div", { class: "row" }, field("from", entry("start", mention.start, "number")), field("to", entry("end", mention.end, "number")),
        el("output", { class: "faint" }, record.text?.slice(mention.start, mention.end) ?? "")),
      el("fieldset", {}, el("legend", {}, "Assertion"), el("div", { class: "row" }, ASSERTIONS.map((name) => el("label", { class: "check" },
        el("input", { type: "checkbox", name, checked: mention.assertion[name] }), ` ${name === "patient" ? "this patient" : name}`)))),
      el("div", { class: "buttons" }, el("button", { type: "submit", class: "main" }, "Save"),
        el("button", { type: "button", onclick: () => saveMention(form, mention, false) }, "… to all the same in this report"),
        el("button", { type: "button", onclick: () => saveMention(form, mention, true) }, "… in the store"),
        el("button", { type: "button", onclick: () => decide([{ kind: "remove_mention", target: mention.id }], "removed") }, "Remove")));
    box.replaceChildren(form);
  }

  function saveMention(form, mention, everywhere) {
    const given = new FormData(form);
    const after = {};
    if (given.get("label") !== mention.label) after.label = given.get("label");
    if ((given.get("name").trim() || null) !== mention.name) after.name = given.get("name").trim() || null;
    const assertion = Object.fromEntries(ASSERTIONS.filter((name) => given.has(name) !== mention.assertion[name]).map((name) => [name, given.has(name)]));
    if (Object.keys(assertion).length) after.assertion = assertion;
    const moved = {};
    for (const key of ["start", "end"]) if (number(given.get(key)) !== mention[key]) moved[key] = number(given.get(key));
    if (everywhere !== null) {
      if (!Object.keys(after).length) after.name = mention.name ?? mention.text;
      same(mention.id, { kind: "edit_mention", after }, everywhere);
      return;
    }
    Object.assign(after, moved);
    if (Object.keys(after).length) decide([{ kind: "edit_mention", target: mention.id, after }], "corrected");
    else choose(null);
  }

  return {
    LABELS, KIND_OF, showEvent, showMention,
    focus: () => box.querySelector("input, select")?.focus(),
  };
}
