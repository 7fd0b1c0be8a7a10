/** The timeline: an overview to choose a window in, the axis, and the lanes below it. */

import { el, svg, clipped } from "./dom.js";
import { dayScale, suggestedMode, ticks } from "./axis.js";
import { dated, daysOf, groups, middle } from "./lanes.js";
import { draw, under } from "./chart.js";

const LABELS = [132, 172]; // pixels for the names of lanes, in a narrow and in a wide timeline
const NARROW = 640;
const OVERVIEW = 20;
const AXIS = 30;

/** Draws into `box`; `onSelect(id)` is told of a chosen event, `onAnchor()` of the anchor. */
export function timeline(box, { onSelect, onAnchor, onTip }) {
  let one = { events: [] };
  let anchor = null;
  let mode = null;
  let open = [0, 1];
  let scale = null;
  let room = LABELS[1];
  const modes = [["shortened", "Shorten gaps"], ["linear", "Linear"]].map(([name, text]) =>
    el("button", { type: "button", "data-mode": name, onclick: () => { mode = name; open = [0, 1]; redraw(); } }, text));
  const zooms = [["−", "Wider", () => zoom(1.6)], ["+", "Closer", () => zoom(1 / 1.6)], ["Fit", "The whole course", fit]].map(
    ([text, title, act]) => el("button", { type: "button", title, "aria-label": title, onclick: act }, text));
  const zero = el("button", { type: "button", class: "zero", onclick: () => onAnchor() });
  const axis = svg("svg", { class: "axis", "aria-hidden": "true" });
  const lanes = svg("svg", { class: "lanes", role: "group", "aria-label": "Events on the day axis" });
  const scroller = el("div", { class: "scroller" }, axis, lanes);
  box.replaceChildren(
    el("div", { class: "tools" }, el("h2", {}, "Timeline"), zero,
      el("span", { class: "buttons", role: "group", "aria-label": "Scale" }, modes),
      el("span", { class: "buttons", role: "group", "aria-label": "Window" }, zooms)),
    scroller);

  function zoom(factor) {
    const centre = (open[0] + open[1]) / 2;
    const half = Math.min(0.5, Math.max(0.004, ((open[1] - open[0]) / 2) * factor));
    const first = Math.min(Math.max(0, centre - half), 1 - 2 * half);
    open = [first, first + 2 * half];
    redraw();
  }

  function fit() {
    open = [0, 1];
    redraw();
  }

  function redraw() {
    const width = Math.max(scroller.clientWidth, 420);
    room = LABELS[width < NARROW ? 0 : 1];
    const days = one.events.flatMap(daysOf);
    mode ??= suggestedMode(days);
    scale = dayScale(days, mode);
    modes.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.mode === mode)));
    zero.textContent = anchor ? `day 0: ${anchor.event}` : "no day 0";
    zero.disabled = !anchor || anchor.start === undefined;
    const undated = one.events.filter((event) => !dated(event));
    const strip = undated.length ? Math.min(190, 96 + 12 * undated.length) : 0;
    const left = room + 10;
    const right = width - strip - (strip ? 22 : 64);
    const stripLeft = width - strip;
    const view = {
      left: left - 6, right: right + (strip ? 8 : 58), end: width - 2,
      x: (day) => left + ((scale.to(day) - open[0]) / (open[1] - open[0])) * (right - left),
      slot: (event) => stripLeft + 16 + (undated.length < 2 ? 0 : (undated.indexOf(event) / (undated.length - 1)) * Math.min(60, strip - 60)),
    };
    const marksOnAxis = ticks(scale, view.x, left, right);
    drawLanes(view, width, strip, stripLeft, marksOnAxis);
    drawAxis(view, width, strip, stripLeft, left, right, marksOnAxis);
  }

  function drawLanes(view, width, strip, stripLeft, marksOnAxis) {
    const nodes = [];
    const clipped_ = [];
    const outside = [];
    let y = 4;
    const events = new Map(one.events.map((event) => [event.id, event]));
    for (const { kind, title, lanes: own } of groups(one.events)) {
      nodes.push(svg("text", { class: `group ${kind}`, x: 8, y: y + 16 }, title),
        svg("path", { class: "rule strong", d: `M0 ${y + 0.5}H${width}` }));
      if (own[0].form !== "packed") y += 24;
      for (const lane of own) {
        const first = y;
        const made = draw(lane, y, view);
        for (const node of made.nodes) {
          const event = events.get(node.dataset?.event);
          (event && !dated(event) ? outside : clipped_).push(node);
        }
        const below = under(lane);
        const middleOf = first + made.height / 2;
        if (lane.name) {
          nodes.push(svg("text", { class: "lane", x: 18, y: middleOf + (below ? -2 : 4) }, clipped(lane.name, room - 24, 12.5), svg("title", {}, lane.name)));
          if (below) nodes.push(svg("text", { class: "unit", x: 18, y: middleOf + 13 }, clipped(below, room - 24, 11)));
        }
        y += made.height;
        if (lane !== own[own.length - 1]) nodes.push(svg("path", { class: "rule", d: `M14 ${y + 0.5}H${width}` }));
      }
      y += 4;
    }
    const grid = marksOnAxis.map((tick) =>
      svg("path", { class: tick.day === 0 ? "grid zero" : "grid", d: `M${tick.x} 0V${y}` }));
    lanes.replaceChildren(
      svg("defs", {}, svg("clipPath", { id: "plot" }, svg("rect", { x: view.left - 2, y: 0, width: view.right - view.left + 4, height: y })),
        svg("linearGradient", { id: "fade" }, svg("stop", { offset: "0", class: "fade-from" }), svg("stop", { offset: "1", class: "fade-to" }))),
      strip ? svg("rect", { class: "strip", x: stripLeft, y: 0, width: strip, height: y }) : "",
      ...grid, ...nodes, svg("g", { "clip-path": "url(#plot)" }, ...clipped_), ...outside);
    lanes.setAttribute("width", width);
    lanes.setAttribute("height", y);
    lanes.setAttribute("viewBox", `0 0 ${width} ${y}`);
    const first = lanes.querySelector(".mark");
    if (first) first.setAttribute("tabindex", 0);
  }

  function drawAxis(view, width, strip, stripLeft, left, right, marksOnAxis) {
    const whole = (place) => left + place * (right - left);
    const base = OVERVIEW + AXIS - 1;
    const text = marksOnAxis.map((tick) => [
      svg("path", { class: tick.day === 0 ? "grid zero" : "grid", d: `M${tick.x} ${base - 6}V${base}` }),
      svg("text", { class: tick.day === 0 ? "tick zero" : "tick", x: tick.x, y: base - 9, "text-anchor": "middle" }, tick.text)]);
    const breaks = scale.breaks.map(([a, b]) => {
      const x = left + (((a + b) / 2 - open[0]) / (open[1] - open[0])) * (right - left);
      return x > left && x < right ? svg("path", { class: "break", d: `M${x - 5} ${base + 4}l4-9M${x + 1} ${base + 4}l4-9` }) : "";
    });
    const dots = one.events.filter(dated).map((event) => {
      const x = whole(scale.to(middle(event)));
      return svg("path", { class: `dot ${event.kind}`, d: `M${x} 5v11` });
    });
    axis.replaceChildren(
      svg("rect", { class: "overview", x: left - 6, y: 2, width: right - left + 12, height: OVERVIEW - 3, rx: 3 }), ...dots,
      svg("rect", { class: "brush", x: whole(open[0]) - 6, y: 2, width: (open[1] - open[0]) * (right - left) + 12, height: OVERVIEW - 3, rx: 3 }),
      svg("text", { class: "tick side", x: 8, y: 15 }, clipped("overview · drag to zoom", room - 8, 11)),
      svg("text", { class: "tick side", x: 8, y: base - 9 }, clipped(anchor ? `days from ${anchor.event}` : "days", room - 8, 11)),
      svg("path", { class: "base", d: `M${left - 6} ${base}H${right + 6}` }), ...breaks, ...text.flat(),
      strip ? svg("text", { class: "tick side", x: stripLeft + 8, y: base - 9 }, clipped("no day, in order", strip - 10, 11)) : "");
    axis.setAttribute("width", width);
    axis.setAttribute("height", OVERVIEW + AXIS);
    axis.dataset.left = left;
    axis.dataset.right = right;
  }

  let from = null;
  const unit = (pointer) => {
    const x = pointer.clientX - axis.getBoundingClientRect().left;
    return Math.min(1, Math.max(0, (x - axis.dataset.left) / (axis.dataset.right - axis.dataset.left)));
  };
  axis.addEventListener("pointerdown", (pointer) => { from = unit(pointer); axis.setPointerCapture(pointer.pointerId); });
  axis.addEventListener("pointermove", (pointer) => {
    if (from === null) return;
    const to = unit(pointer);
    if (Math.abs(to - from) > 0.01) { open = [Math.min(from, to), Math.max(from, to)]; redraw(); }
  });
  axis.addEventListener("pointerup", () => { from = null; });
  axis.addEventListener("dblclick", fit);

  const eventOf = (target) => target.closest?.("[data-event]")?.dataset.event;
  lanes.addEventListener("click", (click) => { const id = eventOf(click.target); if (id) onSelect(id); });
  lanes.addEventListener("pointerover", (pointer) => onTip(eventOf(pointer.target), pointer.target));
  lanes.addEventListener("pointerleave", () => onTip(null));
  lanes.addEventListener("focusin", (focus) => onTip(eventOf(focus.target), focus.target));
  lanes.addEventListener("focusout", () => onTip(null));
  lanes.addEventListener("keydown", (key) => {
    const id = eventOf(key.target);
    if (!id) return;
    if (key.key === "Enter" || key.key === " ") { key.preventDefault(); onSelect(id); }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key.key];
    if (step) {
      key.preventDefault();
      key.stopPropagation();
      const all = [...lanes.querySelectorAll(".mark")];
      focusMark(all[all.indexOf(key.target) + step]);
    }
  });

  function focusMark(mark) {
    if (!mark) return;
    lanes.querySelectorAll('.mark[tabindex="0"]').forEach((other) => other.setAttribute("tabindex", -1));
    mark.setAttribute("tabindex", 0);
    mark.focus({ preventScroll: false });
  }

  return {
    show(events, zeroDay, fresh) {
      one = { events };
      anchor = zeroDay;
      if (fresh) { mode = null; open = [0, 1]; }
      redraw();
    },
    select(id) {
      lanes.querySelectorAll(".mark.selected").forEach((mark) => mark.classList.remove("selected"));
      const mark = id && lanes.querySelector(`.mark[data-event="${CSS.escape(id)}"]`);
      if (!mark) return;
      mark.classList.add("selected");
      lanes.querySelectorAll('.mark[tabindex="0"]').forEach((other) => other.setAttribute("tabindex", -1));
      mark.setAttribute("tabindex", 0);
      const seat = mark.getBoundingClientRect();
      const frame = scroller.getBoundingClientRect();
      if (seat.top < frame.top + OVERVIEW + AXIS || seat.bottom > frame.bottom) scroller.scrollTop += seat.top - frame.top - frame.height / 2;
    },
    /** The day at a place on the screen, in pixels from its left edge. */
    dayAt(screen) {
      const { left, right } = axis.dataset;
      const place = (screen - axis.getBoundingClientRect().left - left) / (right - left);
      return scale.from(open[0] + place * (open[1] - open[0]));
    },
    zoom, fit, redraw,
  };
}
