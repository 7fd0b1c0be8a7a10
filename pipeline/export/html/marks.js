/** One event as a mark: its shape, the days that the text leaves open, its span, its label. */

import { svg, clipped, measured } from "./dom.js";
import { dated } from "./lanes.js";
import { spoken } from "./kinds.js";

const SHAPES = {
  drug: "M-5-4h10v8h-10z", procedure: "M-5-5h10v10h-10z", lab: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
  vital: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z", imaging: "M-5-5h10v10h-10z", diagnosis: "M0-6l6 6l-6 6l-6-6z",
  finding: "M0-6l6 10h-12z", encounter: "M-4 6v-12l9 4l-7 4v4z",
  outcome: "M0-6.5l1.9 4.3l4.6.4l-3.5 3l1.1 4.6l-4.1-2.4l-4.1 2.4l1.1-4.6l-3.5-3l4.6-.4z",
};

/** Where an event stands: `low` to `high` bound its start, `x` its mark; `open` is the side that nobody bounds. */
export function placed(event, view) {
  if (!dated(event)) {
    const x = view.slot(event);
    return { undated: true, x, low: x, high: x, right: x };
  }
  const low = view.x(event.low ?? event.high);
  const high = view.x(event.high ?? event.low);
  const ends = event.endLow !== undefined || event.endHigh !== undefined;
  const place = {
    low, high, x: (low + high) / 2,
    open: event.low === undefined ? "left" : event.high === undefined ? "right" : null,
  };
  if (ends) {
    place.endLow = view.x(event.endLow ?? event.endHigh);
    place.endHigh = view.x(event.endHigh ?? event.endLow);
  }
  place.right = Math.max(high, place.endHigh ?? high);
  return place;
}

/** The group of a mark, focusable and spoken; what is drawn of it comes in as children. */
export function group(event, place, y, ...children) {
  const spread = place.high - place.low > 16 && event.endLow === undefined ? " spread" : "";
  const left = Math.min(place.low, place.x - 12) - 2;
  const right = Math.max(place.right, place.x + 12) + 2;
  return svg("g", {
    class: `mark ${event.kind} ${event.status}${event.action === "planned" ? " hypothetical" : ""}${event.confidence < 0.5 ? " unsure" : ""}${spread}`,
    role: "button", tabindex: -1, "aria-label": spoken(event), "data-event": event.id,
  },
  svg("rect", { class: "hit", x: left, y: y - 12, width: right - left, height: 24, rx: 5 }),
  ...children);
}

/** The days that the text leaves open: a tinted bar with whiskers, or an arrow towards the open side. */
export function uncertainty(place, y, view) {
  if (place.undated) return [];
  const parts = [];
  if (place.high - place.low > 1.5) {
    parts.push(
      svg("rect", { class: "range", x: place.low, y: y - 4, width: place.high - place.low, height: 8, rx: 2 }),
      svg("path", { class: "whisker", d: `M${place.low} ${y - 6}v12M${place.high} ${y - 6}v12M${place.low} ${y}H${place.high}` }),
    );
  }
  if (place.open === "left") {
    const tip = Math.max(view.left + 4, place.x - 46);
    parts.push(svg("path", { class: "arrow", d: `M${place.x} ${y}H${tip}m5-4l-5 4l5 4` }));
  } else if (place.open === "right") {
    const tip = Math.min(view.right - 2, Math.max(place.x + 46, (place.endLow ?? 0) + 16));
    parts.push(svg("path", { class: "arrow", d: `M${place.x} ${y}H${tip}m-5-4l5 4l-5 4` }));
  }
  return parts;
}

/** The span of an event that ends: solid where it surely lasts, tinted where it may. */
export function span(place, y, height) {
  if (place.endLow === undefined) return [];
  const first = Math.min(place.high, place.endLow);
  const solid = Math.max(place.endLow - place.high, 0);
  return [
    svg("rect", { class: "span", x: first, y: y - height / 2, width: Math.max(solid, 3), height, rx: 2 }),
    place.endHigh - place.endLow > 1.5 &&
      svg("rect", { class: "range", x: place.endLow, y: y - height / 2, width: place.endHigh - place.endLow, height, rx: 2 }),
  ];
}

/** The shape of a kind, crossed where the event is denied. */
export function shape(event, x, y) {
  return svg("g", { transform: `translate(${x} ${y})` },
    svg("path", { class: "shape", d: SHAPES[event.kind] }),
    event.status === "negated" && svg("path", { class: "cross", d: "M-7 7L7-7" }));
}

/** A label beside a mark, where there is room before `limit`; else on its left after `floor`; else none. */
export function label(text, place, y, limit, floor) {
  if (!text) return null;
  const size = 11.5;
  const from = Math.max(place.right, place.x + 6) + 6;
  const width = measured(text, size);
  if (width <= limit - from) return svg("text", { class: "value", x: from, y: y + 4 }, text);
  const to = Math.min(place.low, place.x - 6) - 6;
  if (width <= to - floor) return svg("text", { class: "value", x: to, y: y + 4, "text-anchor": "end" }, text);
  if (limit - from > 44) return svg("text", { class: "value", x: from, y: y + 4 }, clipped(text, limit - from, size));
  return null;
}
