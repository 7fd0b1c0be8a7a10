/** Dragging a mark along the axis: where it is dropped is its new day. */

/** `moved(id, day)` is told of a mark that was dropped on another day. */
export function dragging(box, drawn, moved) {
  let held = null;
  box.addEventListener("pointerdown", (pointer) => {
    const mark = pointer.target.closest?.(".mark[data-event]");
    if (!mark || pointer.button !== 0) return;
    held = { mark, x: pointer.clientX, id: mark.dataset.event, far: false };
  });
  addEventListener("pointermove", (pointer) => {
    if (!held) return;
    const way = pointer.clientX - held.x;
    if (Math.abs(way) > 4) held.far = true;
    if (held.far) {
      held.mark.setAttribute("transform", `translate(${way} 0)`);
      held.mark.classList.add("held");
    }
  });
  addEventListener("pointerup", (pointer) => {
    if (!held) return;
    const { mark, id, far, x } = held;
    held = null;
    mark.removeAttribute("transform");
    mark.classList.remove("held");
    if (!far) return;
    const seat = mark.querySelector(".shape, .stop")?.getBoundingClientRect() ?? mark.getBoundingClientRect();
    const day = drawn.dayAt(seat.left + (seat.width > 24 ? 0 : seat.width / 2) + pointer.clientX - x);
    addEventListener("click", (click) => { click.stopPropagation(); click.preventDefault(); }, { capture: true, once: true });
    moved(id, Math.round(day));
  });
}
