import { Temporal } from "temporal-polyfill";
import { createRandom } from "./random.js";

export interface SampleFile {
  readonly filename: string;
  readonly content: string;
}

/** What Spotify paid in 2025: quarter, dollars, minutes, completes, and the rate of that quarter. */
const PAYMENTS = [
  ["2025-Q1", "4822", 429_977, "812.8"],
  ["2025-Q2", "8317", 553_075, "1045.6"],
  ["2025-Q3", "14354", 1_707_582, ""],
  ["2025-Q4", "9249", 894_829, ""],
] as const;
/** Of 2025-Q4 October's statement is known, so November and December share the rest. */
const OCTOBER = { month: "2025-10", minutes: 622_277, revenue: "5233.35" };
/** Minutes of an average day after 2025, when the audience has settled. */
const DAILY = 10_400;
const COUNTRIES = [
  ["GB", 0.46],
  ["US", 0.31],
  ["CA", 0.09],
  ["AU", 0.08],
  ["IE", 0.06],
] as const;
const FIRST_WEEK = "2024-12-30";

/**
 * Files as Spotify would send them, by `end`: weekly reports, country reports, statements and the quarters paid.
 *
 * Days add up to the minutes of each paid quarter, so that weeks, statements and payments tell one story.
 */
export function sampleSpotifyFiles(end: Temporal.Instant, timeZone: string): SampleFile[] {
  const today = end.toZonedDateTimeISO(timeZone).toPlainDate();
  const minutes = dailyMinutes(today);
  const weekStarts = weeksBefore(today);
  const weeks = weekStarts.map((start) => ({
    start,
    end: start.add({ days: 6 }),
    minutes: sumDays(minutes, start, start.add({ weeks: 1 })),
  }));
  const weekly = weeks.map((week) => `${week.start},${week.end},${week.minutes},`);
  const country = weeks
    .slice(-26)
    .flatMap((week) => splitByCountry(week.minutes).map(([code, part]) => `${week.start},${code},${part}`));
  const payments = PAYMENTS.filter(([quarter]) => Temporal.PlainDate.compare(afterQuarter(quarter), today) <= 0);
  return [
    file("spotify-weekly.csv", "report_week_start,report_week_end,total_minutes,country", weekly),
    file("spotify-countries.csv", "report_week_start,country,minutes", country),
    file("spotify-statements.csv", "month,minutes_streamed,revenue", statements(minutes, today)),
    file(
      "spotify-pool-payments.csv",
      "quarter,amount,minutes,completes",
      payments.map((row) => row.join(",")),
    ),
  ].filter(({ content }) => content.includes("\n"));
}

const file = (filename: string, header: string, rows: readonly string[]): SampleFile => ({
  filename,
  content: [header, ...rows].join("\n"),
});

/** Minutes by ISO date, every day of each paid quarter and every day after. */
function dailyMinutes(today: Temporal.PlainDate): Map<string, number> {
  const minutes = new Map<string, number>();
  for (const [quarter, , total] of PAYMENTS) {
    const after = afterQuarter(quarter);
    const start = after.subtract({ months: 3 });
    if (quarter !== "2025-Q4") {
      spread(minutes, start, after, total);
      continue;
    }
    const november = start.add({ months: 1 });
    spread(minutes, start, november, OCTOBER.minutes);
    spread(minutes, november, after, total - OCTOBER.minutes);
  }
  for (
    let day = Temporal.PlainDate.from("2026-01-01");
    Temporal.PlainDate.compare(day, today) <= 0;
    day = day.add({ days: 1 })
  ) {
    const random = createRandom(`spotify ${day.toString()}`);
    const season = 1 + 0.18 * Math.sin(((day.dayOfYear - 30) / 365) * 2 * Math.PI);
    minutes.set(day.toString(), Math.round(DAILY * season * (0.85 + random.next() * 0.3)));
  }
  return minutes;
}

/** Shares a total out over days by weights, the last day taking the rounding, so that they add up exactly. */
function spread(minutes: Map<string, number>, start: Temporal.PlainDate, end: Temporal.PlainDate, total: number): void {
  const count = start.until(end, { largestUnit: "day" }).days;
  const days = Array.from({ length: count }, (_, index) => start.add({ days: index }).toString());
  const weights = days.map((day) => 0.85 + createRandom(`spotify ${day}`).next() * 0.3);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let left = total;
  for (const [index, day] of days.entries()) {
    const part = index === count - 1 ? left : Math.round((total * (weights[index] ?? 0)) / sum);
    minutes.set(day, part);
    left -= part;
  }
}

function weeksBefore(today: Temporal.PlainDate): Temporal.PlainDate[] {
  const weeks: Temporal.PlainDate[] = [];
  // A weekly report comes two days after its week has ended.
  const newest = today.subtract({ days: 2 });
  for (
    let start = Temporal.PlainDate.from(FIRST_WEEK);
    Temporal.PlainDate.compare(start.add({ weeks: 1 }), newest) <= 0;
    start = start.add({ weeks: 1 })
  ) {
    weeks.push(start);
  }
  return weeks;
}

function sumDays(minutes: ReadonlyMap<string, number>, start: Temporal.PlainDate, end: Temporal.PlainDate): number {
  let sum = 0;
  for (let day = start; Temporal.PlainDate.compare(day, end) < 0; day = day.add({ days: 1 }))
    sum += minutes.get(day.toString()) ?? 0;
  return sum;
}

function splitByCountry(minutes: number): [code: string, minutes: number][] {
  const parts = COUNTRIES.slice(1).map(([code, share]): [string, number] => [code, Math.round(minutes * share)]);
  const rest = minutes - parts.reduce((sum, [, part]) => sum + part, 0);
  return [[COUNTRIES[0][0], rest], ...parts];
}

/** A month's statement comes 20 days after it; its dollars are its minutes at the quarter's rate. */
function statements(minutes: ReadonlyMap<string, number>, today: Temporal.PlainDate): string[] {
  const rows: string[] = [];
  let month = Temporal.PlainDate.from("2025-01-01");
  for (
    let after = month.add({ months: 1 });
    Temporal.PlainDate.compare(after.add({ days: 20 }), today) <= 0;
    after = month.add({ months: 1 })
  ) {
    const name = month.toPlainYearMonth().toString();
    const total = sumDays(minutes, month, after);
    rows.push(
      name === OCTOBER.month
        ? `${name},${OCTOBER.minutes},${OCTOBER.revenue}`
        : `${name},${total},${dollars(total, month)}`,
    );
    month = after;
  }
  return rows;
}

function dollars(minutes: number, month: Temporal.PlainDate): string {
  const quarter = `${month.year}-Q${Math.ceil(month.month / 3)}`;
  const [, paid, of] = PAYMENTS.find(([name]) => name === quarter) ?? PAYMENTS[3];
  return ((minutes * Number(paid)) / of).toFixed(2);
}

function afterQuarter(quarter: string): Temporal.PlainDate {
  const [year = 0, number = 0] = quarter.split("-Q").map(Number);
  return new Temporal.PlainDate(year, 1, 1).add({ months: number * 3 });
}
