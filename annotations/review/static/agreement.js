/** Agreement between annotators. */

import { byId, el } from "./report/dom.js";
import { get } from "./api.js";
import { attempt, bar } from "./shell.js";

const shown = (value) => (typeof value === "number" ? (Number.isInteger(value) ? value : value.toFixed(3)) : value ?? "—");
const words = (label) => (/^[A-Z_]+$/.test(label) ? label.toLowerCase().replaceAll("_", " ") : label);

function table({ title, columns, rows }) {
  return el("section", {}, el("h2", {}, title), el("table", { class: "rows" },
    el("thead", {}, el("tr", {}, columns.map((column, i) => el("th", { scope: "col", class: i ? "number" : null }, column)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) => (i ? el("td", { class: "number" }, shown(cell)) : el("th", { scope: "row" }, words(cell)))))))));
}

await bar("Agreement");
const found = await attempt(() => get("/api/agreement"));
byId("tables").replaceChildren(...(found?.length ? found.map(table) : [el("p", { class: "empty" }, "No two annotators have finished the same report yet. Give a report to two of them; they do not see each other’s work.")]));
