/** The text of the report with its mentions, block by block: headings, paragraphs, captions, tables. */

import { el } from "./dom.js";
import { HUE, words } from "./kinds.js";
import { cut, pieces, plain } from "./pieces.js";

const TAIL = new Set(["references", "back_matter"]);

/** How many of a sorted list lie before a number: the list's values, or those in a column of its rows. */
function countBelow(sorted, number, column) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((column === undefined ? sorted[middle] : sorted[middle][column]) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Draws into `box`; `onMention(id)` is told of a chosen mention. */
export function reading(box, { onMention }) {
  let one = null;
  let spans = [];
  let eventsOf = new Map();
  let ordered = []; // the mentions by their start, and the length of the longest
  let longest = 0;

  function show(whole) {
    one = whole;
    spans = [];
    eventsOf = new Map();
    ordered = [...whole.mentions].sort((a, b) => a[2] - b[2]);
    longest = Math.max(0, ...ordered.map(([, , start, end]) => end - start));
    for (const { events } of whole.cases) {
      for (const event of events) for (const id of event.mentions) {
        const known = eventsOf.get(id);
        if (known) known.push(event.id); else eventsOf.set(id, [event.id]);
      }
    }
    box.scrollTop = 0; // before the text is there: after it this would lay out all of it
    box.replaceChildren(...(whole.text === null ? [el("p", { class: "note" }, "The text of this report was withheld. Days, values and offsets are complete.")] : body()));
    const first = box.querySelector("[role=button]");
    if (first) first.tabIndex = 0;
  }

  function body() {
    const { text, blocks, mentions, cases } = one;
    const anchors = cases.flatMap(({ anchor }) => (anchor?.start === undefined ? [] : [anchor.start, anchor.end]));
    const cuts = [...new Set([
      ...mentions.flatMap(([, , start, end]) => [start, end]), ...anchors,
      ...cases.flatMap(({ events }) => events.flatMap((event) => [event.start, event.end, ...(event.sentence ?? [])])),
    ])].sort((a, b) => a - b);
    const made = [];
    let at = 0;
    const between = (until) => {
      if (/[\p{L}\p{N}]/u.test(text.slice(at, until))) made.push(el("p", { class: "other" }, run(at, until, cuts)));
    };
    for (const [kind, section, start, end, continues] of blocks) {
      between(start);
      made.push(block(kind, section, start, end, continues, cuts));
      at = end;
    }
    between(text.length);
    return made;
  }

  function block(kind, section, start, end, continues, cuts) {
    const tail = TAIL.has(section) ? " dim" : "";
    if (kind === "heading") {
      const marks = /^\s*#{0,6}\s*/.exec(one.text.slice(start, end))[0].length;
      const content = run(start + marks, end, cuts);
      return section === "title" ? el("h2", { class: "report" }, content) : el("h3", { class: tail.trim() || null }, content);
    }
    if (kind === "table") return table(start, end, cuts);
    const name = section === "title" ? "byline" : kind === "caption" ? "caption" : section === "abstract" ? "abstract" : "";
    return el("p", { class: `${name}${continues ? " continues" : ""}${tail}`.trim() || null }, run(start, end, cuts));
  }

  function table(start, end, cuts) {
    const known = one.tables.find(([first]) => first === start) ?? one.tables.find(([first]) => first > start && first < end);
    const cells = known?.[1] ?? [];
    if (!cells.length) return el("p", { class: "caption" }, run(start, end, cuts));
    const rows = new Map();
    for (const cell of cells) rows.set(cell[0], [...(rows.get(cell[0]) ?? []), cell]);
    const columns = Math.max(...cells.map(([, column]) => column)) + 1;
    const lines = [...rows.values()].map((row) => {
      const line = [];
      for (let column = 0; column < columns; column += 1) {
        const cell = row.find((other) => other[1] === column);
        const header = row.some((other) => other[4]);
        line.push(el(header ? "th" : "td", header ? { scope: "col" } : {}, cell ? run(cell[2], cell[3], cuts) : []));
      }
      return el("tr", {}, line);
    });
    const before = cells[0][2];
    const trim = (first, last) => one.text.slice(first, last).replace(/[\s|:-]+$/, "").length + first;
    const title = trim(start, before);
    const after = Math.max(...cells.map((cell) => cell[3]));
    const from = after + /^[\s|:-]*/.exec(one.text.slice(after, end))[0].length;
    return el("figure", {},
      el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": title > start ? plain(one.text, start, title) : "Table" },
        el("table", {}, title > start ? el("caption", {}, run(start, title, cuts)) : null, lines)),
      from < end ? el("figcaption", {}, run(from, end, cuts)) : null);
  }

  /** A stretch of text; each piece carries its offsets, and the shortest mention that it lies in. */
  function run(start, end, cuts) {
    const inside = ordered.slice(countBelow(ordered, start - longest, 2), countBelow(ordered, end, 2)).filter(([, , , last]) => last > start);
    const near = cuts.slice(countBelow(cuts, start), countBelow(cuts, end));
    return cut(pieces(one.text, start, end), near).map((piece) => {
      const over = inside.filter(([, , first, last]) => first <= piece.start && last >= piece.end)
        .sort((a, b) => a[3] - a[2] - (b[3] - b[2]));
      const holder = over.find(([id]) => eventsOf.has(id)) ?? over[0];
      const inner = over[0];
      let node = document.createTextNode(piece.shown);
      for (const tag of piece.tags) node = el(tag, {}, node);
      const button = holder && eventsOf.has(holder[0]);
      const span = el("span", {
        class: inner ? `mention ${HUE[inner[1]]}${inner[1] === "DOSE" || inner[1] === "LAB_VALUE" ? " amount" : ""}${button ? " told-of" : ""}` : null,
        "data-mention": holder?.[0],
        "data-start": piece.start,
        "data-end": piece.end,
        title: inner ? `${words(inner[1])}${inner[4] ? ` · ${inner[4]}` : ""} · ${inner[5]}` : null,
        role: button && piece.start === Math.max(holder[2], start) ? "button" : null,
        tabindex: button && piece.start === Math.max(holder[2], start) ? -1 : null,
      }, node);
      spans.push([piece.start, piece.end, span]);
      return span;
    });
  }

  const chosen = (node) => node.closest?.("[data-mention]")?.dataset.mention;
  box.addEventListener("click", (click) => {
    const id = chosen(click.target);
    if (id && eventsOf.has(id) && !getSelection().toString()) onMention(id, eventsOf.get(id));
  });
  box.addEventListener("keydown", (key) => {
    const id = chosen(key.target);
    if ((key.key === "Enter" || key.key === " ") && id && eventsOf.has(id)) {
      key.preventDefault();
      key.stopPropagation();
      onMention(id, eventsOf.get(id));
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key.key];
    if (!step) return;
    key.preventDefault();
    const all = [...box.querySelectorAll("[role=button]")];
    const next = all[id ? all.indexOf(key.target) + step : 0];
    if (!next) return;
    all.forEach((other) => { other.tabIndex = -1; });
    next.tabIndex = 0;
    next.focus();
  });

  function mark(name, first, last) {
    let seen = null;
    for (const [start, end, span] of spans) {
      const within = start >= first && end <= last;
      span.classList.toggle(name, within);
      if (within) seen ??= span;
    }
    return seen;
  }

  return {
    show,
    /** Marks an event's sentence and all its tellings, and scrolls to it. */
    select(event, scroll) {
      const told = event?.sentence ? mark("told", ...event.sentence) : mark("told", 1, 0);
      const own = new Set(event?.mentions ?? []);
      const ids = new Map(one.mentions.map(([id, , start, end]) => [id, [start, end]]));
      const places = event ? [[event.start, event.end], ...[...own].map((id) => ids.get(id))] : [];
      for (const [start, end, span] of spans) span.classList.toggle("chosen", places.some(([a, b]) => start >= a && end <= b));
      if (told && scroll) told.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    },
    /** Scrolls to characters and lets them flash. */
    go(first, last) {
      const seen = mark("flash", first, last);
      seen?.scrollIntoView({ block: "center" });
    },
    /** The text nodes, for the search. */
    box,
  };
}
