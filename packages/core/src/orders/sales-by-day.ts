import { z } from "zod";
import {
  changeSchema,
  compareFigures,
  figuresOf,
  figuresSchema,
  salesContext,
  salesFields,
} from "../comparisons/figures.js";
import { formatMoney, formatPercent } from "../money.js";
import { daysSpan, lastDays, windowOf } from "../period.js";
import { type Context, defineReport } from "../report.js";
import { alignColumns, countOf, joinLines, shortDate } from "../text.js";

const input = z.object({
  days: z.coerce.number().int().min(1).max(366).default(30).describe("Local days, today included"),
});

const output = z.object({
  ...salesFields,
  windows: z.object({ current: z.object({ start: z.string(), end: z.string(), hours: z.number() }) }),
  days: z
    .array(
      figuresSchema.extend({
        date: z.string().describe("Local day, YYYY-MM-DD"),
        change: changeSchema.describe("Of revenue, to the day before"),
      }),
    )
    .describe("Newest first, days without an order included; today ends at asOf"),
  total: figuresSchema,
});

type Answer = z.output<typeof output>;

/**
 * Orders and revenue of each of the last `days` local days, today up to `asOf`, newest first.
 *
 * The days add up to `total`, and to the countries and platforms of the same `days`. Today is a part of a
 * day and is compared with the whole of yesterday here; `compare_sales` compares the same point.
 *
 * @example
 * const { days } = await salesByDay(context, { days: 7 });
 * days[0]; // { date: "2026-02-03", orders: 23, revenue: "1045.67", … }
 */
export async function salesByDay(context: Context, { days }: z.output<typeof input>): Promise<Answer> {
  const { sales, asOf, timeZone } = context;
  const span = daysSpan(days, asOf, timeZone);
  const dates = lastDays(days + 1, asOf, timeZone);
  const [total, ...sums] = await sales.sums([span, ...dates.map((day) => day.span)]);
  if (total === undefined) throw new Error("the sales reader answers one sum a span");
  const figures = sums.map(figuresOf);
  return {
    ...salesContext(context, total),
    windows: { current: windowOf(span, timeZone) },
    days: dates.slice(0, days).map(({ date }, index) => {
      const [own, before] = [figures[index], figures[index + 1]];
      if (own === undefined || before === undefined) throw new Error("the sales reader answers one sum a span");
      return { date, ...own, change: compareFigures(own, before).revenue };
    }),
    total: figuresOf(total),
  };
}

/** More days than these do not fit a message; the rest is said to be left out. */
const MOST_LINES = 60;

export const salesByDayReport = defineReport({
  name: "sales_by_day",
  title: "Sales by day",
  description:
    "Use when asked for sales day by day, a trend or a total over the last days. Not for today against yesterday at the same time: compare_sales.",
  input,
  output,
  run: salesByDay,
  text: ({ days, total, currency }) =>
    joinLines(
      `Last ${countOf(days.length, "day")}: ${countOf(total.orders, "order")}`,
      `Revenue ${formatMoney(total.revenue, currency)}, net ${formatMoney(total.net, currency)}`,
      "",
      ...alignColumns(
        days
          .slice(0, MOST_LINES)
          .map((day) => [
            shortDate(day.date),
            String(day.orders),
            formatMoney(day.revenue, currency),
            formatPercent(day.change.percent),
          ]),
      ),
      days.length > MOST_LINES ? `… and ${countOf(days.length - MOST_LINES, "day")} before` : null,
    ),
});
