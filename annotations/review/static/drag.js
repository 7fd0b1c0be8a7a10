/** Moving an event along the axis: by dragging its mark, or day by day with keys. */

import { svg } from "./report/dom.js";

const FAR = 4; // pixels from which a press is a drag
const IDLE = 700; // milliseconds after the last key at which the move is made

/** `moved(id, day)` is told of a mark that was dropped on another day; `say` hears the day on the way. */
export function dragging(box, drawn, { moved, say }) {
  let held = null;
  let swallow = false;
  box.addEventListener("pointerdown", (pointer) => {
    const mark = pointer.target.closest?.(".mark[data-event]");
    if (!mark || pointer.button !== 0) return;
    held = { mark, x: pointer.clientX, id: mark.dataset.event, far: false, told: null };
  });
  addEventListener("pointermove", (pointer) => {
    if (!held) return;
    const way = pointer.clientX - held.x;
    if (Math.abs(way) > FAR) held.far = true;
    if (!held.far) return;
    held.mark.setAttribute("transform", `translate(${way} 0)`);
    held.mark.classList.add("held");
    held.told ??= held.mark.appendChild(svg("text", { class: "held-day" }));
    const { x, y } = held.mark.querySelector(".hit").getBBox();
    held.told.setAttribute("x", x);
    held.told.setAttribute("y", y - 3);
    held.told.textContent = `day ${day(held, way)}`;
    say(held.told.textContent);
  });
  addEventListener("keydown", (key) => { if (key.key === "Escape" && held?.far) { key.stopImmediatePropagation(); drop(); } }, { capture: true });
  addEventListener("pointerup", (pointer) => {
    if (!held) return;
    const { id, far } = held;
    const where = far && day(held, pointer.clientX - held.x);
    drop();
    if (!far) return;
    swallow = true; // the click that ends a drag chooses nothing
    setTimeout(() => { swallow = false; });
    moved(id, where);
  });
  addEventListener("click", (click) => { if (swallow) { click.stopPropagation(); click.preventDefault(); } }, { capture: true });

  function drop() {
    held.mark.removeAttribute("transform");
    held.mark.classList.remove("held");
    held.told?.remove();
    held = null;
  }

  /** The day under the middle of the mark's shape, as a whole number. */
  function day({ mark }, way) {
    const moving = mark.getAttribute("transform") ? way : 0; // the seat is where the mark is drawn now
    const seat = (mark.querySelector(".shape, .stop") ?? mark).getBoundingClientRect();
    return Math.round(drawn.dayAt(seat.left + (seat.width > 24 ? 0 : seat.width / 2) + way - moving));
  }
}

/** Keys move an event by whole days; the move is made once the keys rest. */
export function nudging({ event, moved, say }) {
  let going = null;
  return (by) => {
    const one = event();
    if (!one) { say("Choose an event first."); return; }
    if (going?.id !== one.id) going = { id: one.id, day: one.time.day_low ?? one.time.day_high ?? 0, timer: 0 };
    going.day += by;
    clearTimeout(going.timer);
    say(`${one.name}: day ${going.day}`);
    going.timer = setTimeout(() => { const { id, day } = going; going = null; moved(id, day); }, IDLE);
  };
}
