/** The queue of reports. */

import { byId, el } from "./report/dom.js";
import { get } from "./api.js";
import { attempt, bar } from "./shell.js";

const PAGE = 100;
let who = null;
let offset = 0;
let asked = 0;

async function load(more = false) {
  const mine = ++asked;
  offset = more ? offset + PAGE : 0;
  const wanted = new URLSearchParams({ q: byId("q").value, assigned: byId("assigned").checked, offset, limit: PAGE });
  const found = await attempt(() => get(`/api/queue?${wanted}`));
  if (!found || mine !== asked) return;
  const { documents, begun, done } = found.progress;
  byId("progress").textContent = `${documents} reports, ${begun} begun, ${done} done`;
  const rows = found.documents.map(row);
  if (more) byId("rows").append(...rows);
  else byId("rows").replaceChildren(...rows);
  byId("more").replaceChildren(found.documents.length === PAGE
    ? el("button", { type: "button", onclick: () => load(true) }, "More") : found.documents.length || more ? "" : "No report matches.");
}

function row(one) {
  const address = `/document/${one.id.split("/").map(encodeURIComponent).join("/")}`;
  const several = one.layers.filter((name) => name !== "adjudicated").length > 1 && who.role !== "annotator";
  return el("tr", {},
    el("th", { scope: "row" }, el("a", { href: address }, one.title ?? one.id), one.title ? el("span", { class: "faint" }, ` ${one.id}`) : null),
    el("td", { class: "number" }, one.events), el("td", { class: "number" }, one.doubt.toFixed(1)),
    el("td", { class: "number" }, one.contradictions || ""),
    el("td", {}, one.layers.join(", "), several ? [" ", el("a", { href: address.replace("/document/", "/adjudicate/") }, "adjudicate")] : null),
    el("td", {}, one.done.length ? `done: ${one.done.join(", ")}` : one.state ?? ""));
}

let waiting = 0;
byId("q").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(load, 150); });
byId("assigned").addEventListener("change", () => load());
byId("ask").addEventListener("submit", (submit) => { submit.preventDefault(); load(); });
document.addEventListener("keydown", (key) => {
  if (key.key === "/" && !key.target.matches("input")) { key.preventDefault(); byId("q").focus(); }
});

who = await bar("Queue");
if (who.role !== "annotator") {
  byId("exports").append(el("a", { href: "/api/export" }, "Download the records as reviewed"), " · ",
    el("a", { href: "/api/decisions" }, "Download all decisions"));
}
await load();
