/** What was typed and not saved yet: kept in this browser until it is saved, so that a closed tab loses nothing. */

const name = (page, about) => `draft ${page} ${about}`;
const filled = (form) => [...form.elements].filter((one) => one.name && one.type !== "file");
const value = (one) => (one.type === "checkbox" ? one.checked : one.value);

/** Keeps what is typed into `form` about something; puts back what was typed before and says whether it did. */
export function drafted(form, page, about) {
  const key = name(page, about);
  const first = JSON.stringify(filled(form).map(value));
  const keep = () => {
    const now = JSON.stringify(filled(form).map(value));
    form.classList.toggle("changed", now !== first);
    if (now === first) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ first, now }));
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  const kept = localStorage.getItem(key);
  if (!kept) return false;
  const { first: was, now } = JSON.parse(kept);
  if (was !== first) { localStorage.removeItem(key); return false; } // the record has gone on: what was typed is about another state
  JSON.parse(now).forEach((typed, i) => {
    const one = filled(form)[i];
    if (one.type === "checkbox") one.checked = typed;
    else one.value = typed;
  });
  keep();
  return true;
}

/** Forgets what was typed about something. */
export const settled = (page, about) => localStorage.removeItem(name(page, about));
