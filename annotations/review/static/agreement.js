/** Agreement between annotators. */

import { byId, el } from "./report/dom.js";
import { get } from "./api.js";
import { attempt, bar } from "./shell.js";

const shown = (value) => (typeof value === "number" ? (Number.isInteger(value) ? value : value.toFixed(3)) : value ?? "—");

function table({ title, columns, rows }) {
  return el("section", {}, el("h2", {}, title), el("table", { class: "rows" },
    el("thead", {}, el("tr", {}, columns.map((column) => el("th", { scope: "col" }, column)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) => (i ? el("td", { class: "number" }, shown(cell)) : el("th", { scope: "row" }, cell))))))));
}

await bar("Agreement");
const found = await attempt(() => get("/api/agreement"));
byId("tables").replaceChildren(...(found?.length ? found.map(table) : [el("p", {}, "No two annotators have finished the same report.")]));
