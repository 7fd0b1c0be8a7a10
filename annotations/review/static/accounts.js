/** The accounts, for admins. */

import { byId, el } from "./report/dom.js";
import { get, patch, post } from "./api.js";
import { attempt, bar, say } from "./shell.js";

async function load() {
  const found = await attempt(() => get("/api/accounts"));
  byId("rows").replaceChildren(...(found ?? []).map(row));
}

async function change(name, what, told) {
  if (await attempt(async () => { await patch(`/api/accounts/${encodeURIComponent(name)}`, what); return true; })) {
    say(told);
    await load();
  }
}

function row({ name, role, active, made }) {
  const roles = el("select", { "aria-label": `Role of ${name}`, onchange: (choice) => change(name, { role: choice.target.value }, `${name} is ${choice.target.value} now`) },
    ["annotator", "adjudicator", "admin"].map((one) => el("option", { selected: one === role }, one)));
  return el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, roles), el("td", {}, active ? "active" : "closed"), el("td", {}, made.slice(0, 10)),
    el("td", {}, el("button", { type: "button", onclick: () => change(name, { active: !active }, `${name} is ${active ? "closed" : "open"}`) }, active ? "Close" : "Open")));
}

byId("new").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  const given = Object.fromEntries(new FormData(submit.target));
  if (await attempt(async () => { await post("/api/accounts", given); return true; })) {
    say(`${given.name} may log in now`);
    submit.target.reset();
    await load();
  }
});

await bar("Accounts");
await load();
