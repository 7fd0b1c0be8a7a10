/** Events to lanes: one for each drug, procedure, test and so on; encounters and outcomes share packed ones. */

import { KINDS } from "./kinds.js";

const PACKED = new Set(["encounter", "outcome"]);

export const dated = (event) => event.low !== undefined || event.high !== undefined;

/** The days that an event names. */
export function daysOf(event) {
  return [event.low, event.high, event.endLow, event.endHigh].filter((day) => day !== undefined);
}

/** The middle of the days that are possible; for a start or end that is open, the side that is known. */
export function middle(event) {
  if (event.low === undefined) return event.high;
  return event.high === undefined ? event.low : (event.low + event.high) / 2;
}

/** Groups in the order of the page, each with its lanes in the order of their first event. */
export function groups(events) {
  return KINDS.flatMap(([kind, title]) => {
    const own = events.filter((event) => event.kind === kind);
    if (!own.length) return [];
    if (PACKED.has(kind)) return [{ kind, title, lanes: [{ kind, name: "", form: "packed", events: own }] }];
    const lanes = new Map();
    for (const event of own) {
      const key = event.name || event.id;
      lanes.set(key, [...(lanes.get(key) ?? []), event]);
    }
    return [{ kind, title, lanes: [...lanes].flatMap(([name, all]) => split(kind, name, all)) }];
  });
}

/** A test's numbers in one unit become a chart, where there are at least two of them on days; the rest stays marks. */
function split(kind, name, events) {
  if (kind === "drug") return [{ kind, name, form: "dose", events }];
  if (kind !== "lab" && kind !== "vital") return [{ kind, name, form: "marks", events }];
  const units = byUnit(events.filter(charted));
  const lanes = [];
  const rest = new Set(events);
  for (const [unit, own] of units) {
    if (own.length < 2) continue;
    own.forEach((event) => rest.delete(event));
    lanes.push({ kind, name, unit, form: "chart", events: own });
  }
  if (rest.size) lanes.push({ kind, name, form: "marks", events: [...rest] });
  return lanes;
}

const charted = (event) => event.value !== undefined && dated(event) && event.status === "affirmed";

function byUnit(events) {
  const found = new Map();
  for (const event of events) found.set(event.unit ?? "", [...(found.get(event.unit ?? "") ?? []), event]);
  return found;
}
