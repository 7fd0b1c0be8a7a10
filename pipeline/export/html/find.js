/** Search: events whose name, amount or sentence holds the words, and their places in the text. */

const LIMIT = 500;

/** Whether an event holds the query. */
export function holds(event, whole, query) {
  const sentence = event.sentence && whole.text ? whole.text.slice(...event.sentence) : "";
  return `${event.name} ${event.action ?? ""} ${event.amount ?? ""} ${event.kind} ${event.status} ${sentence}`.toLowerCase().includes(query);
}

/** The places of the query in the shown text, as ranges; long paragraphs are searched over the borders of their pieces. */
export function places(box, query) {
  if (!query) return [];
  const found = [];
  for (const block of box.querySelectorAll("p, h2, h3, td, th, caption, figcaption")) {
    const whole = block.textContent.toLowerCase();
    if (!whole.includes(query)) continue;
    const nodes = [];
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let at = 0, node = walker.nextNode(); node; at += node.length, node = walker.nextNode()) nodes.push([at, node]);
    const spot = (offset, last) => {
      const [at, node] = nodes.findLast(([start]) => (last ? start < offset : start <= offset));
      return [node, offset - at];
    };
    for (let at = whole.indexOf(query); at >= 0 && found.length < LIMIT; at = whole.indexOf(query, at + query.length)) {
      const range = document.createRange();
      range.setStart(...spot(at, false));
      range.setEnd(...spot(at + query.length, true));
      found.push(range);
    }
  }
  return found;
}

/** Paints the places, the current one stronger, where the browser can. */
export function paint(found, current) {
  if (!globalThis.CSS?.highlights) return;
  CSS.highlights.set("found", new Highlight(...found));
  CSS.highlights.set("current", new Highlight(...(current ? [current] : [])));
}
