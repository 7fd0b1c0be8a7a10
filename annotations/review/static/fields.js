/** Pieces of the forms: labelled inputs, choices, and reading them. */

import { el } from "./report/dom.js";

export const number = (text) => (text.trim() === "" ? null : Number(text));
export const field = (label, input, wide = "") => el("label", { class: wide || null }, label, input);

/** A choice; `title` says an option in words. */
export const choice = (name, options, value, title = (option) => option.replaceAll("_", " ") || "—", label = null) =>
  el("select", { name, "aria-label": label }, options.map((option) => el("option", { value: option, selected: option === (value ?? "") }, title(option))));

/** A line to write in; numbers get the keyboard of numbers. */
export const entry = (name, value, kind = "text", label = null) => el("input", { name, value: value ?? "", inputmode: kind === "number" ? "decimal" : null, autocomplete: "off", "aria-label": label });

/** Tells of an entry that is no number; true where all are. */
export function numeric(form, names) {
  for (const name of names) {
    const input = form.elements[name];
    if (!input || !Number.isNaN(number(input.value))) continue;
    input.setCustomValidity("a number, please");
    input.addEventListener("input", () => input.setCustomValidity(""), { once: true });
    form.reportValidity();
    return false;
  }
  return true;
}

/** Labels of mentions, and the kind of event that each tells. */
export const LABELS = ["DRUG", "DOSE", "ROUTE", "FREQUENCY", "DURATION", "TIME", "LAB_TEST", "VITAL", "IMAGING", "LAB_VALUE", "REFERENCE_RANGE",
  "PROCEDURE", "DIAGNOSIS", "FINDING", "ENCOUNTER", "OUTCOME", "AGE", "SEX"];
export const KIND_OF = { DRUG: "drug", PROCEDURE: "procedure", LAB_TEST: "lab", VITAL: "vital", IMAGING: "imaging", DIAGNOSIS: "diagnosis",
  FINDING: "finding", ENCOUNTER: "encounter", OUTCOME: "outcome" };
export const said = (label) => label.toLowerCase().replaceAll("_", " ");
