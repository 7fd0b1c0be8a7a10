/** Files in and out: annotations of other tools and records become decisions; records leave in every format. */

import { byId, el } from "./report/dom.js";
import { post } from "./api.js";
import { atLeast, attempt, say } from "./shell.js";

const FORMATS = [["records", "caseline records (.jsonl), with events"], ["brat", "brat (.ann, .txt)"], ["bioc-json", "BioC JSON"], ["bioc-xml", "BioC XML"],
  ["label-studio", "Label Studio (tasks.json)"], ["web-annotation", "W3C Web Annotation"], ["doccano", "doccano (.jsonl)"], ["docbin", "spaCy DocBin"]];
const KINDS = { add_mention: "mentions added", edit_mention: "mentions changed", remove_mention: "mentions removed", add_relation: "links added",
  remove_relation: "links removed", add_event: "events added", edit_event: "events changed", remove_event: "events removed", edit_case: "patients changed",
  accept: "accepted", unsure: "unsure" };
const options = (pairs) => pairs.map(([value, title]) => el("option", { value }, title));

/** Puts the two buttons into the page; `changed()` is called after an import. */
export function files(who, changed) {
  const closed = (dialog) => byId(`${dialog}-close`).addEventListener("click", () => byId(dialog).close());
  byId("files").append(el("button", { type: "button", onclick: open }, "Import …"), el("button", { type: "button", onclick: () => byId("export").showModal() }, "Export …"));
  closed("import");
  closed("export");
  const taking = byId("import-form");
  taking.elements.format.replaceChildren(...options(FORMATS.filter(([value]) => value !== "docbin")));
  const layers = [["", "my own work"], ...(atLeast("adjudicator", who) && who.accounts ? [["adjudicated", "the adjudicated layer"]] : [])];
  taking.elements.layer.replaceChildren(...options(layers));
  byId("import-layer").hidden = layers.length < 2;
  taking.addEventListener("submit", (submit) => { submit.preventDefault(); send(true); });
  taking.addEventListener("change", forget);
  byId("import-take").addEventListener("click", () => send(false));
  const giving = byId("export-form");
  const all = atLeast("adjudicator", who);
  giving.elements.what.replaceChildren(...options([...(all ? [["export", "all records, as reviewed"]] : []), ["layer", who.accounts ? "the reports that I have worked on, as I have them" : "the reports worked on"],
    ...(all ? [["decisions", "all decisions: who changed what and when"]] : [])]));
  giving.elements.format.replaceChildren(...options(FORMATS));
  giving.elements.what.addEventListener("change", ({ target }) => { giving.elements.format.disabled = target.value === "decisions"; });
  giving.addEventListener("submit", (submit) => {
    submit.preventDefault();
    const { what, format } = giving.elements;
    location.assign(what.value === "decisions" ? "/api/decisions" : `/api/${what.value}?format=${format.value}`);
    byId("export").close();
  });

  function open() {
    taking.reset();
    forget();
    byId("import").showModal();
  }

  function forget() {
    byId("import-found").replaceChildren();
    byId("import-take").hidden = true;
  }

  async function send(preview) {
    const { format, layer, files: chosen, add_only } = taking.elements;
    const contents = await attempt(() => Promise.all([...chosen.files].map(read)));
    if (!contents) return;
    const query = layer.value ? `?layer=${encodeURIComponent(layer.value)}` : "";
    let found;
    try {
      found = await post(`/api/import${query}`, { format: format.value, files: contents, add_only: add_only.checked, preview });
    } catch (error) {
      byId("import-found").replaceChildren(el("p", { class: "wrong" }, error.message));
      return;
    }
    if (preview) { show(found); return; }
    byId("import").close();
    await changed();
    const taken = found.filter((one) => !one.error);
    say(`${taken.length} report${taken.length === 1 ? "" : "s"} imported${taken.length < found.length ? `, ${found.length - taken.length} refused` : ""}`);
  }

  function show(found) {
    const some = found.some((one) => Object.keys(one.changes).length);
    byId("import-found").replaceChildren(el("table", { class: "rows" }, el("tbody", {}, found.map((one) => el("tr", {}, el("th", { scope: "row" }, one.document),
      el("td", { class: one.error ? "wrong" : null }, one.error ?? (Object.entries(one.changes).map(([kind, count]) => `${count} ${KINDS[kind] ?? kind}`).join(", ") || "no change")))))));
    byId("import-take").hidden = !some;
  }
}

/** A file as the interface takes it: name, and bytes in base64. */
const read = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve({ name: file.name, content: reader.result.split(",")[1] ?? "" });
  reader.onerror = () => reject(new Error(`${file.name} cannot be read`));
  reader.readAsDataURL(file);
});
