import { z } from "zod";
import { formatMoney, formatPercent, formatSigned } from "../money.js";
import { comparePeriod, fullDayBefore } from "../period.js";
import { type Context, defineReport } from "../report.js";
import { clock, countOf, dayMonth, joinLines, shortDate } from "../text.js";
import {
  changeSchema,
  compareFigures,
  type Figures,
  figuresOf,
  figuresSchema,
  salesContext,
  salesFields,
  windowsOf,
  windowsSchema,
} from "./figures.js";

const input = z.object({
  period: z.enum(["day", "week", "month"]).default("day").describe("Which period so far"),
});

const output = z.object({
  period: z.enum(["day", "week", "month"]),
  ...salesFields,
  windows: windowsSchema,
  current: figuresSchema,
  previous: figuresSchema,
  change: z.object({
    orders: changeSchema,
    revenue: changeSchema,
    net: changeSchema,
    aov: changeSchema.nullable(),
  }),
  yesterdayFullDay: figuresSchema.optional().describe("The whole of yesterday; for `day` only"),
});

type Answer = z.output<typeof output>;

/**
 * This day, week or month so far against the last one at the same point of the wall clock.
 *
 * Windows are half-open. On a day the clock changes they differ in elapsed hours, which the answer shows.
 * A month shorter than today's date is compared whole and flagged `clamped`.
 *
 * @example
 * const { current, change } = await compareSales(context, { period: "week" });
 * current.revenue; // "1045.67"
 * change.revenue; // { absolute: "153.33", percent: "17.2" }
 */
export async function compareSales(context: Context, { period }: z.output<typeof input>): Promise<Answer> {
  const { sales, asOf, timeZone } = context;
  const spans = comparePeriod(period, asOf, timeZone);
  const wanted = [spans.current, spans.previous, ...(period === "day" ? [fullDayBefore(asOf, timeZone)] : [])];
  const [now, before, yesterday] = await sales.sums(wanted);
  if (now === undefined || before === undefined) throw new Error("the sales reader answers one sum a span");
  const current = figuresOf(now);
  const previous = figuresOf(before);
  return {
    period,
    ...salesContext(context, now),
    windows: windowsOf(spans, timeZone),
    current,
    previous,
    change: compareFigures(current, previous),
    ...(yesterday === undefined ? {} : { yesterdayFullDay: figuresOf(yesterday) }),
  };
}

export const compareSalesReport = defineReport({
  name: "compare_sales",
  title: "Sales against the last period",
  description:
    "Use when asked how today, this week or this month is going against the one before at the same point. Not for whole days in a row: sales_by_day.",
  input,
  output,
  run: compareSales,
  text,
});

const names = {
  day: { current: "Today", previous: "yesterday" },
  week: { current: "This week", previous: "last week" },
  month: { current: "This month", previous: "last month" },
};

function text({ period, windows, current, previous, change, yesterdayFullDay, currency, ...rest }: Answer): string {
  const name = names[period];
  return joinLines(
    `${name.current} to ${clock(windows.current.end)}, ${shortDate(windows.current.end)}`,
    figuresLine(current, currency),
    `${signedCount(change.orders.absolute)} (${formatPercent(change.orders.percent)})`,
    `${formatSigned(change.revenue.absolute, currency)} (${formatPercent(change.revenue.percent)})`,
    current.refunds === "0.00" ? null : `Refunds ${formatMoney(current.refunds, currency)}`,
    current.refunds === "0.00" ? null : `Net ${formatMoney(current.net, currency)}`,
    current.aov === null ? null : `Average order ${formatMoney(current.aov, currency)}`,
    "",
    windows.clamped ? `All of ${name.previous} (it is shorter)` : `${capital(name.previous)} at the same point`,
    figuresLine(previous, currency),
    yesterdayFullDay === undefined ? null : `All of yesterday: ${figuresLine(yesterdayFullDay, currency)}`,
    "",
    `${moments(windows.current)} (${windows.current.hours} h)`,
    `${moments(windows.previous)} (${windows.previous.hours} h)`,
    ...rest.otherCurrencies.map(
      (other) => `No rate: ${countOf(other.orders, "order")}, ${formatMoney(other.revenue, other.currency)}`,
    ),
    rest.dateOnlyOrders === 0 ? null : `${countOf(rest.dateOnlyOrders, "order")} known by day only`,
  );
}

const figuresLine = ({ orders, revenue }: Figures, currency: string) =>
  `${countOf(orders, "order")}, ${formatMoney(revenue, currency)}`;
const signedCount = (count: string) =>
  `${/^(-|0$)/.test(count) ? count : `+${count}`} order${/^-?1$/.test(count) ? "" : "s"}`;
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const moments = ({ start, end }: { start: string; end: string }) =>
  `${dayMonth(start)} ${clock(start)}–${start.slice(0, 10) === end.slice(0, 10) ? "" : `${dayMonth(end)} `}${clock(end)}`;
