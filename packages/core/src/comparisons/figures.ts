import { z } from "zod";
import { averageOf, changeOf, changeOfCount, subtractMoney, toMoney } from "../money.js";
import type { Sums } from "../orders/sales.js";
import { type ComparedSpans, isoMoment, type Span, windowOf } from "../period.js";
import type { Context } from "../report.js";

/** A decimal string with two places, in the reporting currency. */
export const moneySchema = z.string().describe("Two decimals, reporting currency");

export const figuresSchema = z.object({
  orders: z.int().describe("Counted orders: neither test nor cancelled"),
  revenue: moneySchema,
  refunds: moneySchema.describe("Dated when processed; not taken off revenue"),
  net: moneySchema.describe("revenue - refunds"),
  aov: moneySchema.nullable().describe("revenue / orders; null without orders"),
});
export type Figures = z.output<typeof figuresSchema>;

export const changeSchema = z.object({
  absolute: z.string(),
  percent: z.string().nullable().describe("One decimal; null against zero"),
});

export const windowSchema = z.object({
  start: z.string().describe("Included"),
  end: z.string().describe("Excluded"),
  hours: z.number().describe("Elapsed: 23 or 25 on a day the clock changes"),
});

export const windowsSchema = z.object({
  current: windowSchema,
  previous: windowSchema,
  clamped: z.boolean().describe("The month before is too short for this day: all of it is compared"),
});

const otherCurrencySchema = z.object({ currency: z.string(), orders: z.int(), revenue: z.string() });

/** The fields all sales reports share. */
export const salesFields = {
  asOf: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  otherCurrencies: z.array(otherCurrencySchema).describe("Without an exchange rate, so in no total"),
  dateOnlyOrders: z.int().describe("Orders known by day only, counted at local midnight"),
};

/** The values of `salesFields` for an answer about `sums`. */
export function salesContext({ asOf, timeZone, currency }: Context, sums: Sums) {
  return {
    asOf: isoMoment(asOf, timeZone),
    timeZone,
    currency,
    otherCurrencies: sums.otherCurrencies.map((other) => ({ ...other })),
    dateOnlyOrders: sums.dateOnly,
  };
}

export function figuresOf({ orders, revenue, refunds }: Sums): Figures {
  return { orders, revenue, refunds, net: toMoney(subtractMoney(revenue, refunds)), aov: averageOf(revenue, orders) };
}

/** The change of each figure; null where one of the two is. */
export function compareFigures(current: Figures, previous: Figures) {
  return {
    orders: changeOfCount(current.orders, previous.orders),
    revenue: requiredChange(current.revenue, previous.revenue),
    net: requiredChange(current.net, previous.net),
    aov: changeOf(current.aov, previous.aov),
  };
}

function requiredChange(current: string, previous: string) {
  return changeOf(current, previous) ?? { absolute: "0.00", percent: null };
}

export function windowsOf(spans: ComparedSpans, timeZone: string) {
  const window = (span: Span) => windowOf(span, timeZone);
  return { current: window(spans.current), previous: window(spans.previous), clamped: spans.clamped };
}
