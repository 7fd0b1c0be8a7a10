/** Logging in. */

import { post } from "./api.js";
import { attempt, bareBar } from "./shell.js";

bareBar();

document.getElementById("log-in").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  const given = Object.fromEntries(new FormData(submit.target));
  const done = await attempt(() => post("/api/session", given));
  if (!done) return;
  const next = new URLSearchParams(location.search).get("next") ?? "/";
  location.assign(/^\/(?![/\\])/.test(next) ? next : "/");
});
