/** From a selection in the page to characters of the report, and from UTF-16 units to code points. */

/** The stretch of the text that is selected inside `box`, [start, end] in UTF-16 units; null where none is. */
export function selected(box, view, text) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!box.contains(range.startContainer) || !box.contains(range.endContainer)) return null;
  const start = place(range.startContainer, range.startOffset, text);
  const end = place(range.endContainer, range.endOffset, text);
  if (start === null || end === null || end <= start) return null;
  let [from, to] = [start, end];
  while (from < to && /\s/.test(text[from])) from += 1;
  while (to > from && /\s/.test(text[to - 1])) to -= 1;
  return from < to ? [from, to] : null;
}

/** Where a point of the page lies in the text: the pieces of the text carry their offsets. */
function place(node, offset, text) {
  const holder = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
  if (!holder) return null;
  const [start, end] = [Number(holder.dataset.start), Number(holder.dataset.end)];
  if (node.nodeType !== Node.TEXT_NODE) return offset === 0 ? start : end;
  // the page folds blanks: walk the source until as many shown characters have gone by
  let shown = 0;
  let at = start;
  while (at < end && shown < offset) {
    const blank = /\s/.test(text[at]);
    at += 1;
    if (blank) while (at < end && /\s/.test(text[at])) at += 1;
    shown += 1;
  }
  return at;
}

/** An offset in code points, as the records count, from one in UTF-16 units, as the page counts. */
export function codePoints(text, offset) {
  let count = 0;
  for (let at = 0; at < offset; at += text.codePointAt(at) > 0xffff ? 2 : 1) count += 1;
  return count;
}
