/** The form of a chosen mention: label, characters, assertion, links; to itself, or to all the same. */

import { el } from "./report/dom.js";
import { LABELS, choice, entry, field, number, numeric, said } from "./fields.js";

const ASSERTIONS = [["negated", "negated"], ["hypothetical", "hypothetical"], ["historical", "historical"], ["family", "of the family"], ["patient", "of this patient"]];
const KINDS = ["dose_of", "route_of", "frequency_of", "duration_of", "value_of", "range_of", "time_of", "abbreviation_of", "same_as"];
const NEAR = 500; // characters within which a link's other end is offered

/** The link that a mention of a label most often has. */
const guess = (label) => ({ DOSE: "dose_of", ROUTE: "route_of", FREQUENCY: "frequency_of", DURATION: "duration_of", LAB_VALUE: "value_of",
  REFERENCE_RANGE: "range_of", TIME: "time_of" })[label] ?? "same_as";

/** Gives `showMention(mention, record)`, which fills `box`. */
export function mentionForm(box, page, act, empty) {
  return function showMention(mention, record) {
    if (!mention) { empty(); return; }
    const characters = [...record.text];
    const quoted = el("output", { class: "six quoted" }, mention.text);
    const form = el("form", { class: "fields", onsubmit: (submit) => { submit.preventDefault(); save(form, mention, null); } },
      el("h2", {}, `“${mention.text}”`, el("span", { class: "faint" }, `found by ${mention.rule}`)),
      el("div", { class: "grid" }, field("Label", choice("label", LABELS, mention.label, said), "three"), field("Normalised name", entry("name", mention.name), "three"),
        field("First character", entry("start", mention.start, "number"), "three"), field("End", entry("end", mention.end, "number"), "three"), quoted),
      el("div", { class: "line tight", role: "group", "aria-label": "Characters" }, [["start", -1, "‹ start"], ["start", 1, "start ›"], ["end", -1, "‹ end"], ["end", 1, "end ›"]].map(([name, by, told]) =>
        el("button", { type: "button", onclick: () => { const input = form.elements[name]; input.value = edge(characters, number(input.value) ?? mention[name], by); show(); } }, told))),
      el("fieldset", {}, el("legend", {}, "It is"), el("div", { class: "line tight" }, ASSERTIONS.map(([name, told]) => el("label", { class: "check" },
        el("input", { type: "checkbox", name, checked: mention.assertion[name] }), told)))),
      links(mention, record),
      el("div", { class: "deeds" }, el("button", { type: "submit", class: "main" }, "Save"),
        el("button", { type: "button", onclick: () => act.decide([{ kind: "remove_mention", target: mention.id }], "removed") }, "Remove"),
        el("button", { type: "button", onclick: () => save(form, mention, false) }, "To all the same here …"),
        el("button", { type: "button", onclick: () => save(form, mention, true) }, "In the store …")));
    const show = () => { quoted.textContent = characters.slice(number(form.elements.start.value) ?? 0, number(form.elements.end.value) ?? 0).join("").slice(0, 200); };
    form.addEventListener("input", show);
    box.replaceChildren(form);
  };

  /** The next border of a word in a direction. */
  function edge(characters, at, by) {
    const word = (i) => /[\p{L}\p{N}]/u.test(characters[i] ?? "");
    let next = at + by;
    while (next > 0 && next < characters.length && word(next - 1) === word(next)) next += by;
    return Math.min(Math.max(next, 0), characters.length);
  }

  function links(mention, record) {
    const by = new Map(record.mentions.map((one) => [one.id, one]));
    const own = record.relations.filter(({ head, tail }) => head === mention.id || tail === mention.id);
    const near = record.mentions.filter(({ id, start }) => id !== mention.id && Math.abs(start - mention.start) < NEAR)
      .sort((a, b) => Math.abs(a.start - mention.start) - Math.abs(b.start - mention.start)).slice(0, 40);
    const kind = choice("link", KINDS, guess(mention.label), said, "Kind of link");
    const other = choice("other", ["", ...near.map(({ id }) => id)], "", (id) => (id ? `${by.get(id).text} (${said(by.get(id).label)})` : "choose …"), "Linked mention");
    other.addEventListener("change", () => {
      if (other.value) act.decide([{ kind: "add_relation", after: { kind: kind.value, head: other.value, tail: mention.id } }], "linked");
    });
    const told = ({ kind: what, head, tail }) => (tail === mention.id ? `${said(what)} “${by.get(head)?.text ?? head}”` : `“${by.get(tail)?.text ?? tail}” is its ${said(what).replace(/ (of|as)$/, "")}`);
    return el("fieldset", {}, el("legend", {}, "Links"),
      own.map((one) => el("div", { class: "telling" }, el("span", {}, told(one)), el("button", { type: "button", class: "link", "aria-label": `Remove the link ${told(one)}`,
        onclick: () => act.decide([{ kind: "remove_relation", before: { kind: one.kind, head: one.head, tail: one.tail } }], "the link is gone") }, "remove"))),
      el("div", { class: "line tight" }, el("span", {}, "It is"), kind, other));
  }

  function save(form, mention, everywhere) {
    const given = new FormData(form);
    if (!numeric(form, ["start", "end"])) return;
    const after = {};
    if (given.get("label") !== mention.label) after.label = given.get("label");
    if ((given.get("name").trim() || null) !== mention.name) after.name = given.get("name").trim() || null;
    const assertion = Object.fromEntries(ASSERTIONS.filter(([name]) => given.has(name) !== mention.assertion[name]).map(([name]) => [name, given.has(name)]));
    if (Object.keys(assertion).length) after.assertion = assertion;
    if (everywhere !== null) { act.same(mention, after, everywhere); return; }
    for (const key of ["start", "end"]) if (number(given.get(key)) !== mention[key]) after[key] = number(given.get(key));
    const before = Object.fromEntries(Object.keys(after).map((key) => [key, mention[key]]));
    if (Object.keys(after).length) act.decide([{ kind: "edit_mention", target: mention.id, before, after }], "corrected");
    else act.choose(null);
  }
}
