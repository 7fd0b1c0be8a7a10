/** The list of events below the timeline; a chosen one opens its explanation. */

import { el } from "./dom.js";
import { named, pretty, when, words } from "./kinds.js";
import { plain } from "./pieces.js";

/** Draws into `box`; `onSelect(id)` is told of a chosen event, `onPlace(start, end)` of a place in the text. */
export function eventList(box, { onSelect, onPlace }) {
  let one = null;
  let rows = new Map();
  let open = null;

  function show(whole, events) {
    one = whole;
    rows = new Map(events.map((event) => [event.id, row(event)]));
    open = null;
    const body = el("tbody", {}, [...rows.values()]);
    box.replaceChildren(el("h2", { class: "hidden" }, "Events"),
      events.length ? el("table", { class: "events" },
        el("caption", { class: "hidden" }, "Events in the order of the course; each opens its explanation"),
        el("thead", {}, el("tr", {}, ["Day", "Event", "Dose or result", "Status", "Conf."].map((name) => el("th", { scope: "col" }, name)))),
        body) : el("p", { class: "note" }, "No event passes these filters."));
  }

  function row(event) {
    const days = when(event);
    const bar = el("span", { class: "gauge", "aria-hidden": "true" });
    bar.style.setProperty("--part", event.confidence);
    return el("tr", { class: `${event.kind} ${event.status}`, "data-row": event.id },
      el("td", { class: "day" }, days || el("span", { class: "faint" }, "—")),
      el("td", {}, el("button", { type: "button", "aria-expanded": "false", "data-event": event.id, onclick: () => onSelect(event.id) },
        el("span", { class: `dot ${event.kind}`, "aria-hidden": "true" }), el("span", { class: "name" }, named(event)), el("span", { class: "hidden" }, `, ${event.kind}`))),
      el("td", {}, pretty(event.amount ?? ""), event.reads && event.reads !== event.amount ? el("span", { class: "reads" }, ` ${event.reads}`) : null),
      el("td", { class: event.status === "affirmed" ? "faint" : "status" }, event.status, event.review ? el("span", { class: "faint" }, ` · ${event.review}${event.reviewer ? ` by ${event.reviewer}` : ""}`) : null),
      el("td", { class: "confidence" }, bar, event.confidence.toFixed(2)));
  }

  function detail(event) {
    const mentions = one.mentions.filter(([id]) => event.mentions.includes(id));
    return el("tr", { class: "detail", id: `why-${event.id}` }, el("td", { colspan: 5 },
      event.sentence ? quote(event) : null,
      el("div", { class: "columns" },
        el("div", {}, el("h3", {}, "Why on this day"), el("ol", { class: "chain" }, event.why.map(step))),
        el("div", {}, el("h3", {}, event.table ? "Told by a table" : "Told by"), el("ul", { class: "tellings" }, mentions.map(telling))))));
  }

  function quote(event) {
    const [first, last] = event.sentence;
    return el("blockquote", {}, plain(one.text, first, event.start), " ", el("mark", {}, plain(one.text, event.start, event.end)),
      /^[\s)]|^$/.test(one.text.slice(event.end, event.end + 1)) ? " " : "", plain(one.text, event.end, last));
  }

  function step([said, id, rules, start, end]) {
    const text = said.trim().replace(/^[er]\d+ |(?<= from )[er]\d+ /g, "").replace(/ ?\(\d+-\d+\)$/, ""); // ids and offsets are for programs
    return el("li", {},
      id && id !== open ? el("button", { type: "button", class: "link", onclick: () => onSelect(id) }, text)
        : start !== undefined && one.text !== null ? el("button", { type: "button", class: "link", onclick: () => onPlace(start, end) }, text) : text,
      rules.length ? el("span", { class: "rules" }, rules.map((rule) => el("code", {}, rule))) : null);
  }

  function telling([, label, start, end, name, rule, section]) {
    const said = one.text === null ? name || `${start}–${end}` : plain(one.text, start, end);
    return el("li", {}, one.text === null ? said : el("button", { type: "button", class: "link", onclick: () => onPlace(start, end) }, said),
      el("span", { class: "rules" }, `${words(label)}, ${words(section)} `, el("code", {}, rule)));
  }

  box.addEventListener("keydown", (key) => {
    const step_ = { ArrowDown: 1, ArrowUp: -1 }[key.key];
    const buttons = [...box.querySelectorAll("[data-event]")];
    const at = buttons.indexOf(key.target);
    if (!step_ || at < 0) return;
    key.preventDefault();
    key.stopPropagation();
    const next = buttons[at + step_];
    if (next) { next.focus(); onSelect(next.dataset.event, { keep: true }); }
  });

  return {
    show,
    /** Opens the explanation of an event and brings its row into sight; none where `event` is null. */
    select(event, focus) {
      box.querySelector(".detail")?.remove();
      box.querySelectorAll("tr.selected").forEach((other) => other.classList.remove("selected"));
      box.querySelectorAll("[aria-expanded=true]").forEach((other) => { other.setAttribute("aria-expanded", "false"); other.removeAttribute("aria-controls"); });
      open = event?.id ?? null;
      const seat = event && rows.get(event.id);
      if (!seat) return;
      seat.classList.add("selected");
      const button = seat.querySelector("button");
      button.setAttribute("aria-expanded", "true");
      button.setAttribute("aria-controls", `why-${event.id}`);
      seat.after(detail(event));
      if (focus) button.focus({ preventScroll: true });
      const frame = box.getBoundingClientRect();
      const top = seat.getBoundingClientRect().top - frame.top;
      const bottom = seat.nextSibling.getBoundingClientRect().bottom - frame.top;
      if (top < 34 || bottom > frame.height) box.scrollTop += Math.min(top - 34, Math.max(bottom - frame.height + 8, top - 34 < 0 ? top - 34 : 0));
    },
  };
}
