// The calendar in plain code, for tests to hold the real one against: strings, whole days since the epoch and the
// platform's own clock, and none of period.ts.
import { Temporal } from "temporal-polyfill";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const dayNumber = (day: string) => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
export const addDays = (day: string, count: number) =>
  new Date((dayNumber(day) + count) * DAY_MS).toISOString().slice(0, 10);
export const daysBetween = (from: string, to: string) => dayNumber(to) - dayNumber(from);

export function firstDayOf(period: "day" | "week" | "month", day: string): string {
  if (period === "month") return `${day.slice(0, 7)}-01`;
  return period === "week" ? addDays(day, -((dayNumber(day) + 3) % 7)) : day;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall of the zone shows. */
export function wall(at: Temporal.Instant, zone: string): { day: string; time: string } {
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
  formats.set(zone, format);
  const [day = "", time = ""] = format.format(at.epochMilliseconds).split(" ");
  return { day, time };
}

/** The first moment the wall shows this; in a gap, as far past it as the gap is wide. */
export function firstMomentAt(day: string, time: string, zone: string): Temporal.Instant {
  const target = Date.parse(`${day}T${time}Z`);
  const offsetAt = (at: number) => {
    const shown = wall(Temporal.Instant.fromEpochMilliseconds(at), zone);
    return Date.parse(`${shown.day}T${shown.time}Z`) - at;
  };
  const candidates = [-36, -24, -12, 0, 12, 24, 36].map((hours) => target - offsetAt(target + hours * HOUR_MS));
  const exact = candidates.filter((at) => at + offsetAt(at) === target);
  const before = target - offsetAt(target - 36 * HOUR_MS);
  return Temporal.Instant.fromEpochMilliseconds(exact.length > 0 ? Math.min(...exact) : before);
}

/** The first moment of a local day, found by walking. */
export function firstMomentOf(day: string, zone: string): Temporal.Instant {
  for (let minute = dayNumber(day) * 1440 - 16 * 60; ; minute += 15) {
    const at = Temporal.Instant.fromEpochMilliseconds(minute * 60_000);
    if (wall(at, zone).day >= day) return at;
  }
}

/** The end of the window before: the same point, or the whole of a month that is too short. */
export function previousEnd(period: "day" | "week" | "month", at: Temporal.Instant, zone: string) {
  const now = wall(at, zone);
  const first = firstDayOf(period, now.day);
  const firstBefore = firstDayOf(period, addDays(first, -1));
  const sameDay = addDays(firstBefore, daysBetween(first, now.day));
  const clamped = sameDay >= first;
  const end = clamped ? firstMomentOf(first, zone) : firstMomentAt(sameDay, now.time, zone);
  return { first, firstBefore, clamped, end };
}
