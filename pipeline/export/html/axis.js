/**
 * The day axis. Linear, or with long empty stretches shortened: each gap between two days on which something happens
 * gets a width of log2(1 + gap), at most WIDEST, so that hours and years can be read on one axis. Shortened gaps are
 * marked on the axis and every tick says its day.
 */

const WIDEST = 5;
const BROKEN = 14; // a gap of so many days per unit of width is marked as a break

const NICE = (() => {
  const days = [1 / 24, 2 / 24, 3 / 24, 6 / 24, 0.5, 1, 2, 3, 4, 5, 6, 7, 10, 14, 21, 28, 42, 60, 90];
  for (const months of [2, 3, 4, 6, 9]) days.push(months * 30.44);
  for (const years of [1, 1.5, 2, 3, 4, 5, 10, 15, 20, 30, 40, 50, 60, 80]) days.push(years * 365.25);
  return days;
})();

/** A day as a tick says it: hours below 2 days, days to 90, months to 2 years, then years. */
export function tickText(day) {
  const size = Math.abs(day);
  const sign = day < 0 ? "−" : "";
  if (size > 0 && size < 2 && Math.abs(size - Math.round(size)) > 0.01) return `${sign}${round(size * 24)} h`;
  if (size <= 90) return `${sign}${round(size)}`;
  if (size < 700) return `${sign}${round(size / 30.44)} mo`;
  return `${sign}${round(size / 365.25)} y`;
}

function round(value) {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}

/** From days to the unit interval and back, over all of `days`; `mode` is "linear" or "shortened". */
export function dayScale(days, mode) {
  const knots = [...new Set([0, ...days])].sort((a, b) => a - b);
  if (knots.length === 1) knots.push(1);
  const gaps = knots.slice(1).map((day, i) => day - knots[i]);
  const sorted = [...gaps].sort((a, b) => a - b);
  const unit = Math.min(1, Math.max(1 / 24, sorted[Math.floor(sorted.length / 4)]));
  const widths = mode === "linear" ? gaps : gaps.map((gap) => Math.min(WIDEST, Math.log2(1 + gap / unit)));
  const total = widths.reduce((sum, width) => sum + width, 0);
  const at = [0];
  for (const width of widths) at.push(at[at.length - 1] + width / total);
  const find = (list, value) => {
    let i = 0;
    while (i < list.length - 2 && value > list[i + 1]) i += 1;
    return i;
  };
  const breaks = gaps.flatMap((gap, i) =>
    mode === "shortened" && widths[i] === WIDEST && gap / WIDEST > BROKEN ? [[at[i], at[i + 1]]] : []);
  return {
    knots,
    breaks,
    to(day) {
      const i = find(knots, day);
      return at[i] + ((day - knots[i]) / (knots[i + 1] - knots[i])) * (at[i + 1] - at[i]);
    },
    from(unitPlace) {
      const i = find(at, unitPlace);
      return knots[i] + ((unitPlace - at[i]) / (at[i + 1] - at[i] || 1)) * (knots[i + 1] - knots[i]);
    },
  };
}

/** Whether shortening helps: the middle half of the days takes a small part of the whole course. */
export function suggestedMode(days) {
  if (days.length < 3) return "linear";
  const sorted = [...days].sort((a, b) => a - b);
  const whole = sorted[sorted.length - 1] - sorted[0];
  const middle = sorted[Math.floor(sorted.length * 0.75)] - sorted[Math.floor(sorted.length * 0.25)];
  return whole > 21 && middle < whole / 3 ? "shortened" : "linear";
}

/** The ticks in a window: day 0 first, then the days on which something happens, then round days, while there is room. */
export function ticks(scale, x, first, last, apart = 44) {
  const inside = (day) => x(day) >= first - 1 && x(day) <= last + 1;
  const signed = NICE.flatMap((day) => [day, -day]);
  const ends = [scale.knots[0], scale.knots[scale.knots.length - 1]];
  const taken = [];
  for (const day of [0, ...ends, ...scale.knots, ...signed]) {
    if (!inside(day)) continue;
    const place = x(day);
    if (day > scale.knots[scale.knots.length - 1] + 1e-6 || day < scale.knots[0] - 1e-6) continue;
    if (taken.every((other) => Math.abs(other.x - place) >= apart && other.text !== tickText(day))) {
      taken.push({ day, x: place, text: tickText(day) });
    }
  }
  return taken.sort((a, b) => a.x - b.x);
}
