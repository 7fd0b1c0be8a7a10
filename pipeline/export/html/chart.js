/** The forms of a lane: marks with their values, packed marks with their names, dose steps, a chart of a test. */

import { svg, measured } from "./dom.js";
import { middle } from "./lanes.js";
import { group, label, placed, shape, span, uncertainty } from "./marks.js";
import { named, pretty } from "./kinds.js";

const READS = { high: " ↑", low: " ↓", positive: " (positive)", negative: " (negative)", normal: "" };

const said = (event) => pretty(event.amount ?? "") + (event.kind === "drug" ? "" : READS[event.reads] ?? "");

/** The height of a lane. */
export function heightOf(lane) {
  if (lane.form === "chart") return 66;
  if (lane.form === "dose") return stepped(lane) ? 44 : 38;
  return 26;
}

/** Draws a lane with its top at `y`; gives its elements and the height that it took. */
export function draw(lane, y, view) {
  return { marks, packed, dose, chart }[lane.form](lane, y, view);
}

const shown = (place, view) => place.undated || (place.right >= view.left - 8 && place.low <= view.right + 8);

function inOrder(lane, view) {
  return lane.events
    .map((event) => ({ event, place: placed(event, view) }))
    .filter(({ place }) => shown(place, view))
    .sort((a, b) => a.place.x - b.place.x);
}

/** Items with the room that each label has: to the next mark on the right, from the last one on the left. */
function roomy(items, view) {
  return items.map((item, i) => {
    const next = items.slice(i + 1).find(({ place }) => place.undated === item.place.undated);
    const edge = item.place.undated ? view.end : view.right;
    return {
      ...item,
      limit: next ? Math.min(next.place.low, next.place.x - 8) - 4 : edge,
      floor: i && items[i - 1].place.undated === item.place.undated ? items[i - 1].labelled ?? items[i - 1].place.right + 8 : view.left,
    };
  });
}

function marks(lane, y, view) {
  const height = heightOf(lane);
  const centre = y + height / 2;
  const items = roomy(inOrder(lane, view), view);
  let before = view.left;
  const drawn = items.map(({ event, place, limit }) => {
    const text = label(said(event), place, centre, limit, Math.max(before, view.left));
    const node = group(event, place, centre, ...uncertainty(place, centre, view), ...span(place, centre, 8),
      shape(event, place.x, centre), text);
    before = place.right + 8 + (text && !text.getAttribute("text-anchor") ? measured(text.textContent, 11.5) + 6 : 0);
    return node;
  });
  return { nodes: drawn, height };
}

/** Marks with their names beside them, on as many rows as keep the names apart. */
function packed(lane, y, view) {
  const rows = [];
  const drawn = [];
  for (const { event, place } of inOrder(lane, view)) {
    const text = named(event);
    const width = measured(text, 11.5);
    const edge = place.undated ? view.end : view.right;
    const left = place.right + 12 + width > edge && place.low - 12 - width > view.left;
    const from = Math.min(place.low, place.x - 8) - (left ? 12 + width : 0);
    const to = Math.max(place.right, place.x + 8) + (left ? 0 : 12 + width);
    let row = rows.findIndex((taken) => taken.every(([a, b]) => to + 6 < a || from - 6 > b));
    if (row < 0) row = rows.push([]) - 1;
    rows[row].push([from, to]);
    const centre = y + 13 + row * 26;
    drawn.push(group(event, place, centre, ...uncertainty(place, centre, view), ...span(place, centre, 8),
      shape(event, place.x, centre), label(text, place, centre, edge, view.left)));
  }
  return { nodes: drawn, height: Math.max(rows.length, 1) * 26 };
}

/** Whether the doses of a lane can be compared: several amounts in one unit. */
function stepped(lane) {
  const doses = lane.events.filter((e) => e.value !== undefined && e.status === "affirmed");
  return new Set(doses.map((e) => e.unit)).size === 1 && new Set(doses.map((e) => e.value)).size > 1;
}

/** A drug: a bar from each start to its end, as high as its dose is of the largest; single doses as marks. */
function dose(lane, y, view) {
  const height = heightOf(lane);
  const steps = stepped(lane);
  const centre = y + height - (steps ? 13 : 11);
  const most = Math.max(...lane.events.map((event) => event.value ?? 0));
  const items = roomy(inOrder(lane, view), view);
  let before = view.left;
  const drawn = items.map(({ event, place, limit }, i) => {
    const going = event.status === "affirmed" && event.action !== "stop" && event.action !== "not_given";
    const next = items.slice(i + 1).find((other) => !other.place.undated && other.event.status === "affirmed");
    const lasts = going && !place.undated && place.endLow === undefined;
    const bridged = lasts && next && (["change", "stop"].includes(next.event.action) || event.action === "start");
    const thick = steps && event.value !== undefined ? 4 + 11 * (event.value / most) : 7;
    const top = steps ? centre + 7 - thick : centre - thick / 2;
    const bars = [];
    if (bridged) {
      bars.push(svg("rect", { class: "span", x: place.high, y: top, width: Math.max(next.place.low - place.high, 3), height: thick, rx: 2 }));
    } else if (lasts && ["start", "continue", "change"].includes(event.action)) {
      const tail = Math.min(56, view.right - place.high);
      if (tail > 4) bars.push(svg("rect", { class: "tail", x: place.high, y: top, width: tail, height: thick, rx: 2 }));
    } else if (place.endLow !== undefined) {
      bars.push(...span(place, steps ? centre + 7 - thick / 2 : centre, thick));
    }
    const tick = event.action === "stop" && !place.undated
      ? svg("path", { class: "stop", d: `M${place.x} ${centre - 8}v16` }) : shape(event, place.x, centre);
    const text = label(said(event), { x: place.x - 12, low: place.x - 1, right: place.x - 12 }, y + 11, limit, before);
    before = text && !text.getAttribute("text-anchor") ? place.x + measured(text.textContent, 11.5) : place.x + 4;
    return group(event, place, centre, ...bars, ...uncertainty(place, centre, view), tick, text);
  });
  return { nodes: drawn, height };
}

/** A test over days: its reference range as a band, values with whiskers, a line between them. */
function chart(lane, y, view) {
  const height = heightOf(lane);
  const items = inOrder(lane, view).sort((a, b) => middle(a.event) - middle(b.event));
  const all = lane.events.map((event) => event.value);
  const normal = lane.events.map((event) => event.normal).filter(Boolean).pop();
  const bounds = (normal ?? []).filter((bound) => bound !== null);
  let low = Math.min(...all, ...bounds);
  let high = Math.max(...all, ...bounds);
  const logarithmic = low > 0 && high / low > 30;
  const scaled = (value) => (logarithmic ? Math.log(value) : value);
  [low, high] = [scaled(low), scaled(high)];
  const top = y + 17;
  const bottom = y + height - 9;
  const at = (value) => (high === low ? (top + bottom) / 2 : bottom - ((scaled(value) - low) / (high - low)) * (bottom - top));
  const nodes = [];
  if (normal) {
    const upper = normal[1] === null || normal[1] === undefined ? top - 6 : at(normal[1]);
    const lower = normal[0] === null || normal[0] === undefined ? bottom + 5 : at(normal[0]);
    nodes.push(svg("rect", { class: "normal", x: view.left, y: upper, width: view.right - view.left, height: Math.max(lower - upper, 2) }));
  }
  const points = items.map(({ event, place }) => [place.x, at(event.value)]);
  nodes.push(svg("polyline", { class: `line ${lane.kind}`, points: points.map((p) => p.join(",")).join(" ") }));
  const taken = [];
  items.forEach(({ event, place }, i) => {
    const [x, py] = points[i];
    const text = `${event.sign ?? ""}${Number(event.value.toPrecision(5))}${event.top !== undefined ? `/${event.top}` : ""}`;
    const width = measured(text, 11);
    const spot = [py - 9, py + 17].map((ty) => ({ x: Math.min(Math.max(x, view.left + width / 2), view.right - width / 2), y: ty }))
      .find((p) => p.y > y + 8 && p.y < y + height && taken.every((t) => Math.abs(t.x - p.x) > (t.width + width) / 2 + 3 || Math.abs(t.y - p.y) > 11));
    if (spot) taken.push({ ...spot, width });
    taken.push({ x, y: py + 4, width: 10 });
    nodes.push(group(event, place, py, ...uncertainty(place, py, view), shape(event, x, py),
      spot && svg("text", { class: "value", x: spot.x, y: spot.y, "text-anchor": "middle" }, text)));
  });
  return { nodes, height };
}

/** What stands below the name of a lane: unit and reference range. */
export function under(lane) {
  if (lane.form !== "chart") return "";
  const normal = lane.events.map((event) => event.normal).filter(Boolean).pop();
  const [low, high] = normal ?? [null, null];
  const range = !normal ? "" : low === null ? `ref. < ${high}` : high === null ? `ref. > ${low}` : `ref. ${low}–${high}`;
  return [lane.unit, range].filter(Boolean).join(" · ");
}
