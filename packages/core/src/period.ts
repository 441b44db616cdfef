import { Temporal } from "temporal-polyfill";
import { InkError } from "./errors.js";

/** A half-open span of time: `start` included, `end` excluded. */
export interface Span {
  readonly start: Temporal.Instant;
  readonly end: Temporal.Instant;
}

export type PeriodName = "day" | "week" | "month";

export interface ComparedSpans {
  readonly current: Span;
  readonly previous: Span;
  /** The month before has no such day, so all of it is compared. */
  readonly clamped: boolean;
}

/**
 * The period so far and the one before at the same point of the wall clock.
 *
 * A wall-clock time that does not exist moves forward by the gap; one that exists twice means the first.
 * Weeks start on Monday.
 */
export function comparePeriod(period: PeriodName, asOf: Temporal.Instant, timeZone: string): ComparedSpans {
  const now = asOf.toZonedDateTimeISO(timeZone);
  const today = now.toPlainDate();
  const first = firstDay(period, today);
  const firstBefore = first.subtract(
    period === "month" ? { months: 1 } : period === "week" ? { weeks: 1 } : { days: 1 },
  );
  const day = dayInto(firstBefore, first.until(today).days);
  const clamped = period === "month" && Temporal.PlainDate.compare(day, first) >= 0;
  const end = clamped
    ? startOf(first, timeZone)
    : day.toPlainDateTime(now.toPlainTime()).toZonedDateTime(timeZone).toInstant();
  return {
    current: { start: startOf(first, timeZone), end: asOf },
    previous: { start: startOf(firstBefore, timeZone), end },
    clamped,
  };
}

function firstDay(period: PeriodName, day: Temporal.PlainDate): Temporal.PlainDate {
  if (period === "week") return day.subtract({ days: day.dayOfWeek - 1 });
  return period === "month" ? day.with({ day: 1 }) : day;
}

const dayInto = (first: Temporal.PlainDate, days: number) => first.add({ days });

/** Seven local days back on the wall clock up to `asOf`, and the seven before. */
export function rollingWeek(asOf: Temporal.Instant, timeZone: string): ComparedSpans {
  const now = asOf.toZonedDateTimeISO(timeZone).toPlainDateTime();
  const back = (days: number) => now.subtract({ days }).toZonedDateTime(timeZone).toInstant();
  const middle = back(7);
  return { current: { start: middle, end: asOf }, previous: { start: back(14), end: middle }, clamped: false };
}

/** The whole local day before the one of `asOf`. */
export function fullDayBefore(asOf: Temporal.Instant, timeZone: string): Span {
  const today = localDay(asOf, timeZone);
  return { start: startOf(today.subtract({ days: 1 }), timeZone), end: startOf(today, timeZone) };
}

/** The last `days` local days, newest first; today ends at `asOf`. */
export function lastDays(days: number, asOf: Temporal.Instant, timeZone: string): { date: string; span: Span }[] {
  const today = localDay(asOf, timeZone);
  let end = asOf;
  return Array.from({ length: days }, (_, back) => {
    const date = today.subtract({ days: back });
    const span = { start: startOf(date, timeZone), end };
    end = span.start;
    return { date: date.toString(), span };
  });
}

/** From the start of the first of the last `days` local days to `asOf`. */
export function daysSpan(days: number, asOf: Temporal.Instant, timeZone: string): Span {
  return { start: startOf(localDay(asOf, timeZone).subtract({ days: days - 1 }), timeZone), end: asOf };
}

export function localDay(at: Temporal.Instant, timeZone: string): Temporal.PlainDate {
  return at.toZonedDateTimeISO(timeZone).toPlainDate();
}

/** The first moment of a local day: where midnight does not exist, the first that does. */
function startOf(day: Temporal.PlainDate, timeZone: string): Temporal.Instant {
  return day.toZonedDateTime(timeZone).toInstant();
}

const EXAMPLE = "2026-02-03T14:30:00+00:00 or, as local time of the shop, 2026-02-03T14:30";
const MOMENT = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)([Zz]|[+-]\d{2}:?\d{2}(?::\d{2})?)?$/;

/**
 * A moment from text: ISO 8601 with an offset, or local time of the shop.
 *
 * A `+` that a query string turned into a space is understood.
 *
 * @throws InkError `bad_parameter`
 */
export function parseMoment(text: string, timeZone: string): Temporal.Instant {
  const mended = text
    .trim()
    .replace(/ (\d{2}:?\d{2})$/, (offset, digits) => (/[T ]\d{2}:\d{2}.* /.test(text) ? `+${digits}` : offset));
  const [, day, time, offset] = MOMENT.exec(mended) ?? [];
  if (day === undefined || time === undefined) throw badMoment(text);
  if (day < "1970-01-01" || day >= "2200-01-01") {
    throw new InkError(
      "bad_parameter",
      `The moment "${text}" is out of range: years 1970 to 2199 are known, such as ${EXAMPLE}.`,
    );
  }
  try {
    if (offset !== undefined) return Temporal.Instant.from(`${day}T${time}${offset.toUpperCase()}`);
    return Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(timeZone).toInstant();
  } catch {
    throw badMoment(text);
  }
}

const badMoment = (text: string) =>
  new InkError("bad_parameter", `"${text.slice(0, 60)}" is no moment. Give a date and a time: ${EXAMPLE}.`);

/** ISO 8601 with the zone's offset: `2026-02-03T14:30:00+00:00`; fractions of a second only if there are any. */
export function isoMoment(at: Temporal.Instant, timeZone: string): string {
  return at.toZonedDateTimeISO(timeZone).toString({ timeZoneName: "never" });
}

/** Elapsed hours, at most two decimals. */
export function elapsedHours({ start, end }: Span): number {
  return Number(start.until(end).total("hours").toFixed(2));
}

/** A span as answers print it. */
export function windowOf(span: Span, timeZone: string): { start: string; end: string; hours: number } {
  return { start: isoMoment(span.start, timeZone), end: isoMoment(span.end, timeZone), hours: elapsedHours(span) };
}

/** Whether this is the name of a zone of the IANA database; offsets such as +01:00 are none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
