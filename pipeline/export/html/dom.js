/** Making elements. Text always goes in as text nodes, never as markup. */

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An HTML element; attributes that are null or false are left out, "onclick" and the like are listeners. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** The element of that id. */
export const byId = (id) => document.getElementById(id);

const pen = document.createElement("canvas").getContext("2d");

const widths = new Map();
let family = null;

/** Width in pixels of a text at a size. */
export function measured(text, size = 12) {
  const key = `${size} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    family ??= getComputedStyle(document.body).fontFamily;
    pen.font = `${size}px ${family}`;
    width = pen.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}

/** As much of a text as fits, with an ellipsis. */
export function clipped(text, width, size = 12) {
  if (measured(text, size) <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measured(`${text.slice(0, middle)}…`, size) <= width) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low).trimEnd()}…`;
}
