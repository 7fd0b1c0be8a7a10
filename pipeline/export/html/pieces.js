/** The text as it is read: marks of Markdown and inline tags become styles, and every piece knows its characters. */

const MARK = /<(\/?)(su[bp]|i|b|em|strong|italic|bold)>|(\*\*|__)|(-?)[ \t]*(?:\r\n|[\r\n\f])\s*|\\(?=[*#_|[\]<>])|&(?:amp|lt|gt|nbsp);/gi;
const TAGS = { i: "i", em: "i", italic: "i", b: "b", strong: "b", bold: "b", sup: "sup", sub: "sub" };
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": "\u00a0" };

/** Pieces of `text` between two offsets: {start, end, shown, tags}. */
export function pieces(text, start, end) {
  const found = [];
  const open = [];
  let at = start;
  const put = (first, last, shown = text.slice(first, last)) => {
    if (last > first && shown) found.push({ start: first, end: last, shown, tags: [...open] });
  };
  MARK.lastIndex = start;
  for (let match = MARK.exec(text); match && match.index < end; match = MARK.exec(text)) {
    put(at, match.index);
    at = Math.min(MARK.lastIndex, end);
    const [whole, closing, tag, bold, hyphen] = match;
    const style = bold ? "b" : TAGS[tag?.toLowerCase()];
    if (style) {
      const last = open.lastIndexOf(style);
      if (bold ? last < 0 : !closing) open.push(style);
      else if (last >= 0) open.splice(last, 1);
    } else if (whole.startsWith("&")) put(match.index, at, ENTITIES[whole.toLowerCase()]);
    else if (!whole.startsWith("\\")) put(match.index, at, hyphen && /[a-z]/.test(text[match.index - 1] ?? "") ? "-" : `${hyphen} `);
  }
  put(at, end);
  return found;
}

/** Pieces cut further at the offsets in `cuts`, which is sorted; what shows something else than its characters stays whole. */
export function cut(whole, cuts) {
  let i = 0;
  return whole.flatMap((piece) => {
    while (i > 0 && cuts[i - 1] > piece.start) i -= 1;
    while (i < cuts.length && cuts[i] <= piece.start) i += 1;
    if (piece.shown.length !== piece.end - piece.start) return [piece];
    const parts = [];
    let start = piece.start;
    for (; i < cuts.length && cuts[i] < piece.end; i += 1) {
      parts.push({ ...piece, start, end: cuts[i], shown: piece.shown.slice(start - piece.start, cuts[i] - piece.start) });
      start = cuts[i];
    }
    parts.push({ ...piece, start, shown: piece.shown.slice(start - piece.start) });
    return parts;
  });
}

/** The text of a stretch on one line, without marks. */
export const plain = (text, start, end) => pieces(text, start, end).map((piece) => piece.shown).join("").replace(/\s+/g, " ").trim();
