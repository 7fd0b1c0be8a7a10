/** What all pages share: the bar, messages, light and dark. */

import { el, svg } from "./report/dom.js";
import { me, remove } from "./api.js";

const SHOWN = 6000; // milliseconds that a message stays in sight; errors stay until they are clicked
let fading = 0;

/** A sentence for everybody to see and hear. */
export function say(text, kind = "") {
  const box = document.getElementById("message");
  clearTimeout(fading);
  box.className = kind;
  box.textContent = text;
  if (text && kind !== "wrong") fading = setTimeout(() => box.classList.add("past"), SHOWN);
}
document.getElementById("message").addEventListener("click", () => say(""));

/** Runs something that may fail; says what went wrong. */
export async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    say(error.message, "wrong");
    return null;
  }
}

const PAGES = [["/", "Reports"], ["/agreement", "Agreement", "adjudicator"], ["/accounts", "Accounts", "admin"]];
const RANK = { annotator: 0, adjudicator: 1, admin: 2 };

/** Whether somebody has a role, or a higher one. */
export const atLeast = (role, who) => RANK[who.role] >= RANK[role];

/** Fills the bar of a page and gives who is at work; `middle` stands between the pages and the person. */
export async function bar(here, ...middle) {
  const who = await me();
  const pages = PAGES.filter(([, title, role]) => (!role || atLeast(role, who)) && (title !== "Accounts" || who.accounts));
  document.getElementById("bar").replaceChildren(
    el("p", { class: "brand" }, "caseline ", el("span", {}, "review")),
    el("nav", { "aria-label": "Pages" }, pages.map(([address, title]) => el("a", { href: address, "aria-current": title === here ? "page" : null }, title))),
    ...(middle.length ? middle : [el("span", { class: "room" })]),
    ...(who.accounts ? [el("span", { class: "who", title: `${who.name}, ${who.role}` }, who.name, el("span", { class: "faint" }, who.role))] : []),
    shade(),
    ...(who.accounts ? [el("button", { type: "button", class: "plain", onclick: leave }, "Log out")] : []));
  return who;
}

/** The bar of the log-in, where nobody is known. */
export const bareBar = () => document.getElementById("bar").replaceChildren(
  el("p", { class: "brand" }, "caseline ", el("span", {}, "review")), el("span", { class: "room" }), shade());

async function leave() {
  await attempt(() => remove("/api/session"));
  for (const key of Object.keys(localStorage)) if (key.startsWith("draft ")) localStorage.removeItem(key);
  location.assign("/login");
}

const shade = () => el("button", { type: "button", class: "icon", id: "theme", onclick: theme, title: "Light or dark", "aria-label": "Light or dark" },
  svg("svg", { width: 18, height: 18, viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d: "M16.5 12.4A7 7 0 0 1 7.6 3.5a7 7 0 1 0 8.9 8.9z" })));

function theme() {
  const root = document.documentElement;
  const dark = (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
}

const kept = localStorage.getItem("theme");
if (kept) document.documentElement.dataset.theme = kept;
