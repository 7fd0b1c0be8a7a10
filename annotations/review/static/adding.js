/** A stretch of the text is selected: what it can become, and making it. */

import { byId, el } from "./report/dom.js";
import { KIND_OF, LABELS, said } from "./fields.js";
import { codePoints, selected } from "./selection.js";

/** Offers to add what is selected; `state()` gives what is shown, `decide` makes the change, `choose` opens an event. */
export function adding({ state, decide, choose }) {
  const box = byId("choice");
  let last = "DRUG";

  function offer() {
    const { known, text } = state();
    const span = known && selected(byId("reading"), known.view, text);
    box.hidden = !span;
    if (!span) return;
    const labels = el("select", { "aria-label": "Label" }, LABELS.map((label) => el("option", { value: label, selected: label === last }, said(label))));
    const name = el("input", { "aria-label": "Normalised name", placeholder: "normalised name", size: 18 });
    const event = el("input", { type: "checkbox", checked: true });
    box.replaceChildren(el("form", { class: "line tight", onsubmit: (submit) => {
      submit.preventDefault();
      box.hidden = true;
      last = labels.value;
      add(span, labels.value, name.value.trim(), event.checked);
    } }, labels, name, el("label", { class: "check" }, event, "with an event"), el("button", { type: "submit", class: "main" }, "Add")));
    const seat = getSelection().getRangeAt(0).getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(seat.left, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${seat.bottom + box.offsetHeight + 6 > innerHeight ? seat.top - box.offsetHeight - 6 : seat.bottom + 6}px`;
  }

  async function add([start, end], label, name, withEvent) {
    const { known, text, one } = state();
    const [from, to] = [codePoints(text, start), codePoints(text, end)];
    const decisions = [{ kind: "add_mention", after: { label, start: from, end: to, ...(name ? { name } : {}) } }];
    const kind = KIND_OF[label];
    if (withEvent && kind) {
      const own = `r${known.revision + 1}`;
      decisions.push({ kind: "add_event", after: { case: one.id || undefined, kind, name: name || text.slice(start, end), start: from, end: to, mentions: [own] } });
    }
    const batch = `add-${known.revision}`;
    const done = await decide(decisions.map((decision) => ({ ...decision, batch })), "added");
    getSelection().removeAllRanges();
    if (done && decisions.length > 1) choose(`r${done.revision}`, { scroll: false });
  }

  document.addEventListener("mouseup", (mouse) => { if (!mouse.target.closest?.("#choice, #editor, dialog")) setTimeout(offer); });
  document.addEventListener("keyup", (key) => { if (key.shiftKey && key.key.startsWith("Arrow") && byId("reading").contains(getSelection().anchorNode)) offer(); });
  return { focus: () => { offer(); box.querySelector("select")?.focus(); }, hide: () => { box.hidden = true; } };
}
