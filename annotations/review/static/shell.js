/** What all pages share: the bar, messages, light and dark. */

import { el } from "./report/dom.js";
import { me, remove } from "./api.js";

let box = null;

/** A sentence for everybody to see and hear; it stays until the next one. */
export function say(text, kind = "") {
  box ??= document.getElementById("message");
  box.className = kind;
  box.textContent = text;
}

/** Runs something that may fail; says what went wrong. */
export async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    say(error.message, "wrong");
    return null;
  }
}

/** Fills the bar of a page and gives who is at work. */
export async function bar(here) {
  const who = await me();
  const links = [["/", "Queue"], ["/agreement", "Agreement", "adjudicator"], ["/accounts", "Accounts", "admin"]];
  const rank = { annotator: 0, adjudicator: 1, admin: 2 };
  const parts = [
    el("p", { class: "brand" }, "caseline ", el("span", {}, "review")),
    el("nav", { "aria-label": "Pages" }, links
      .filter(([, title, role]) => (!role || rank[who.role] >= rank[role]) && (title !== "Accounts" || who.accounts))
      .map(([address, title]) => el("a", { href: address, "aria-current": title === here ? "page" : null }, title))),
    el("span", { class: "room" }),
    el("span", { class: "faint" }, `${who.name} · ${who.role}`),
    el("button", { type: "button", class: "plain", onclick: theme }, "Light or dark"),
    who.accounts && el("button", { type: "button", class: "plain", onclick: async () => { await remove("/api/session"); location.assign("/login"); } }, "Log out"),
  ];
  document.getElementById("bar").append(...parts.filter(Boolean));
  return who;
}

function theme() {
  const root = document.documentElement;
  const dark = (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
}

const kept = localStorage.getItem("theme");
if (kept) document.documentElement.dataset.theme = kept;
