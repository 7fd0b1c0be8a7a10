/** Talking to the server: JSON, the session's token on every change, one sentence for every error. */

let csrf = "";

async function ask(method, address, body) {
  const headers = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (method !== "GET") headers["x-csrf-token"] = csrf;
  let answer;
  try {
    answer = await fetch(address, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Error("The server does not answer; nothing was changed.");
  }
  if (answer.status === 401 && location.pathname !== "/login") {
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  const known = answer.headers.get("content-type")?.includes("json") ? await answer.json() : null;
  if (!answer.ok) {
    const detail = known?.detail;
    const error = new Error(typeof detail === "string" ? detail : detail?.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`).join("; ") ?? `error ${answer.status}`);
    error.status = answer.status;
    throw error;
  }
  return known;
}

export const get = (address) => ask("GET", address);
export const post = (address, body) => ask("POST", address, body);
export const patch = (address, body) => ask("PATCH", address, body);
export const remove = (address) => ask("DELETE", address);

/** Who is at work; must be asked before anything is changed. */
export async function me() {
  const known = await get("/api/me");
  csrf = known.csrf;
  return known;
}

/** The address of a document, for the interface. */
export const documentAddress = (id) => `/api/documents/${id.split("/").map(encodeURIComponent).join("/")}`;

/** The document that the page's address names. */
export const documentOfPage = (page) => decodeURIComponent(location.pathname.slice(`/${page}/`.length));
