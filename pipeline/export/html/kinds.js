/** Kinds of events and mentions: their order on the page, names, and which hue each label takes. */

export const KINDS = [
  ["encounter", "Encounters"], ["drug", "Drugs"], ["procedure", "Procedures"], ["outcome", "Outcomes"],
  ["lab", "Laboratory"], ["vital", "Vital signs"], ["imaging", "Examinations"], ["diagnosis", "Diagnoses"],
  ["finding", "Findings"],
];

/** The hue of a mention in the text: that of the events it belongs to. */
export const HUE = {
  DRUG: "drug", DOSE: "drug", ROUTE: "drug", PROCEDURE: "procedure", LAB_TEST: "lab", LAB_VALUE: "lab",
  REFERENCE_RANGE: "lab", VITAL: "vital", IMAGING: "imaging", DIAGNOSIS: "diagnosis", FINDING: "finding",
  ENCOUNTER: "encounter", OUTCOME: "outcome", TIME: "time", DURATION: "time", FREQUENCY: "time", AGE: "person",
  SEX: "person",
};

/** A label as words: "LAB_VALUE" is "lab value". */
export const words = (label) => label.toLowerCase().replaceAll("_", " ");

/** What an event is, in words: its name with what was done. */
export function named(event) {
  const done = event.action && event.action !== "given" ? ` (${words(event.action)})` : "";
  return (event.name || event.id) + done;
}

/** Its days in words: "28", "5 … 6 → 9", or where it stands. */
export function when(event) {
  if (event.days) return event.until ? `${event.days} → ${event.until}` : event.days;
  return event.until ? `→ ${event.until}` : "";
}

/** A sentence for the screen reader. */
export function spoken(event) {
  const days = when(event);
  const parts = [days ? `day ${days}` : "day not stated", named(event), event.amount, event.kind];
  if (event.status !== "affirmed") parts.push(event.status);
  return parts.filter(Boolean).join(", ");
}

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** Powers as they are printed: "21.4 x 10^9/L" is "21.4 × 10⁹/L". */
export const pretty = (amount) => amount.replace(/ x (?=10\^)/g, " × ").replace(/\^(-?\d+)/g, (_, power) => [...power].map((digit) => RAISED[digit]).join(""));
