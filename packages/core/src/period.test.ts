import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import {
  comparePeriod,
  daysSpan,
  fullDayBefore,
  isTimeZone,
  lastDays,
  parseMoment,
  rollingWeek,
  windowOf,
} from "./period.js";
import { addDays, firstMomentOf, previousEnd } from "./testing/calendar-oracle.js";

const LONDON = "Europe/London";
const moments = fc
  .integer({ min: Date.UTC(2005, 0, 1) / 60_000, max: Date.UTC(2030, 0, 1) / 60_000 })
  .map((minute) => Temporal.Instant.fromEpochMilliseconds(minute * 60_000));

/** Half hours, quarter hours, a half-hour clock change, a skipped day, midnights that do not exist. */
const zones = [
  "Europe/London",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "America/St_Johns",
  "Pacific/Apia",
  "America/Sao_Paulo",
  "UTC",
];

const compared = (period: "day" | "week" | "month", local: string, zone = LONDON) => {
  const spans = comparePeriod(period, parseMoment(local, zone), zone);
  return { current: windowOf(spans.current, zone), previous: windowOf(spans.previous, zone), clamped: spans.clamped };
};

describe("the same point of the period before", () => {
  it("compares a day with yesterday to the same wall-clock time", () => {
    expect(compared("day", "2026-02-03T14:30")).toEqual({
      current: { start: "2026-02-03T00:00:00+00:00", end: "2026-02-03T14:30:00+00:00", hours: 14.5 },
      previous: { start: "2026-02-02T00:00:00+00:00", end: "2026-02-02T14:30:00+00:00", hours: 14.5 },
      clamped: false,
    });
  });

  it("compares wall clocks on the day the clocks go forward, and shows 13.5 h against 14.5 h", () => {
    const { current, previous } = compared("day", "2011-03-27T14:30");
    expect(current).toEqual({ start: "2011-03-27T00:00:00+00:00", end: "2011-03-27T14:30:00+01:00", hours: 13.5 });
    expect(previous.hours).toBe(14.5);
  });

  it("moves a time that yesterday does not have forward by the gap", () => {
    expect(compared("day", "2026-03-30T01:30").previous.end).toBe("2026-03-29T02:30:00+01:00");
  });

  it("takes the first of a time that yesterday had twice", () => {
    expect(compared("day", "2026-10-26T01:30").previous.end).toBe("2026-10-25T01:30:00+01:00");
  });

  it("begins weeks on Monday and compares the same weekday and time", () => {
    const { current, previous } = compared("week", "2026-02-05T10:00");
    expect(current.start).toBe("2026-02-02T00:00:00+00:00");
    expect(previous).toEqual({ start: "2026-01-26T00:00:00+00:00", end: "2026-01-29T10:00:00+00:00", hours: 82 });
  });

  it("compares the whole of a month that is too short for the day, and says so", () => {
    for (const day of ["2026-03-29", "2026-03-30", "2026-03-31"]) {
      const { previous, clamped } = compared("month", `${day}T12:00`);
      expect({ end: previous.end, clamped }).toEqual({ end: "2026-03-01T00:00:00+00:00", clamped: true });
    }
    expect(compared("month", "2028-03-29T12:00")).toMatchObject({
      clamped: false,
      previous: { end: "2028-02-29T12:00:00+00:00" },
    });
    expect(compared("month", "2026-03-28T12:00")).toMatchObject({
      clamped: false,
      previous: { end: "2026-02-28T12:00:00+00:00" },
    });
  });

  it("[P27] is what a plain reading of the calendar gives, in any zone", () => {
    fc.assert(
      fc.property(
        moments,
        fc.constantFrom(...zones),
        fc.constantFrom("day" as const, "week" as const, "month" as const),
        (at, zone, period) => {
          const { current, previous, clamped } = comparePeriod(period, at, zone);
          const expected = previousEnd(period, at, zone);
          expect(current.end.equals(at)).toBe(true);
          expect(current.start.toString()).toBe(firstMomentOf(expected.first, zone).toString());
          expect(previous.start.toString()).toBe(firstMomentOf(expected.firstBefore, zone).toString());
          expect(previous.end.toString()).toBe(expected.end.toString());
          expect(clamped).toBe(expected.clamped);
        },
      ),
      { numRuns: 400 },
    );
  });
});

it("goes seven local days back on the wall clock for the rolling week", () => {
  const { current, previous } = rollingWeek(parseMoment("2026-03-30T12:00", LONDON), LONDON);
  expect(windowOf(current, LONDON)).toEqual({
    start: "2026-03-23T12:00:00+00:00",
    end: "2026-03-30T12:00:00+01:00",
    hours: 167,
  });
  expect(windowOf(previous, LONDON).hours).toBe(168);
});

it("[P27] splits the last days without gap or overlap, each at its local midnight", () => {
  fc.assert(
    fc.property(moments, fc.constantFrom(...zones), fc.integer({ min: 1, max: 60 }), (at, zone, count) => {
      const days = lastDays(count, at, zone);
      expect(days).toHaveLength(count);
      expect(days[0]?.span.end.equals(at)).toBe(true);
      for (const [index, { date, span }] of days.entries()) {
        expect(span.start.toString()).toBe(firstMomentOf(date, zone).toString());
        expect(days[index + 1]?.span.end.toString() ?? span.start.toString()).toBe(span.start.toString());
        if (index > 0) expect(date).toBe(addDays(days[index - 1]?.date ?? "", -1));
      }
      expect(daysSpan(count, at, zone).start.toString()).toBe(days.at(-1)?.span.start.toString());
    }),
    { numRuns: 200 },
  );
});

it("takes the whole of yesterday, 23 hours on the day the clocks went forward", () => {
  expect(windowOf(fullDayBefore(parseMoment("2026-03-30T08:00", LONDON), LONDON), LONDON).hours).toBe(23);
});

describe("a moment from text", () => {
  it.each([
    ["2026-02-03T14:30", "2026-02-03T14:30:00Z"],
    ["2026-07-03 14:30", "2026-07-03T13:30:00Z"],
    ["2026-07-03T14:30:15.5+02:00", "2026-07-03T12:30:15.5Z"],
    ["2026-07-03t14:30z", "2026-07-03T14:30:00Z"],
    // A query string turns + into a space.
    ["2026-07-03T14:30:00 02:00", "2026-07-03T12:30:00Z"],
    ["2026-03-29T01:30", "2026-03-29T01:30:00Z"],
    ["2026-10-25T01:30", "2026-10-25T00:30:00Z"],
  ])("reads %s", (text, instant) => {
    expect(parseMoment(text, LONDON).toString()).toBe(instant);
  });

  it.each([
    "",
    "yesterday",
    "2026-02-30T10:00",
    "2026-02-03T25:00",
    "2026-02-03T14:30+99:00",
    "1969-12-31T00:00",
    "2200-01-01T00:00",
    "2026-02-03T14:30; drop table",
  ])("refuses %j with an example of what is allowed", (text) => {
    expect(() => parseMoment(text, LONDON)).toThrow(/2026-02-03T14:30/);
  });
});

it("knows zones by their names only", () => {
  expect(["Europe/London", "UTC", "Asia/Kathmandu"].every(isTimeZone)).toBe(true);
  expect(["", "+01:00", "Europe/Atlantis", "London"].some(isTimeZone)).toBe(false);
});
