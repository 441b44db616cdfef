// Sales counted in plain code, for tests to hold the reports against: a loop over the orders and whole pence.
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import type { OrderInput } from "../orders/order.js";
import { wall } from "./calendar-oracle.js";

/** Units for one euro, as the ECB publishes them, by day; weekends have none. No rate of JPY is known. */
export const rates = [
  ["2025-12-01", "GBP", "0.87600"],
  ["2025-12-01", "USD", "1.16270"],
  ["2026-02-27", "GBP", "0.86525"],
  ["2026-02-27", "USD", "1.18000"],
  ["2026-03-30", "GBP", "0.87000"],
  ["2026-03-30", "USD", "1.20000"],
] as const;

const minute = fc.integer({
  min: Date.UTC(2026, 0, 28) / 60_000,
  max: Date.UTC(2026, 3, 3) / 60_000,
});
const iso = (minutes: number) => new Date(minutes * 60_000).toISOString();
const pence = fc
  .integer({ min: 0, max: 50_000 })
  .map((n) => `${Math.trunc(n / 100)}.${String(n % 100).padStart(2, "0")}`);

/** Orders around the change of the clocks and the end of a short month, of every fate an order can have. */
export const randomOrders: fc.Arbitrary<OrderInput[]> = fc
  .array(
    fc.record({
      platform: fc.constantFrom("shopify", "etsy", "woocommerce", "other"),
      at: minute,
      total: pence,
      currency: fc.constantFrom("GBP", "GBP", "GBP", "USD", "JPY"),
      country: fc.constantFrom("GB", "UK", "EIRE", "US", "Channel Islands", "Unspecified", undefined),
      financialStatus: fc.constantFrom("paid", "pending", "refunded", "voided", "completed", "processing", undefined),
      fate: fc.constantFrom("kept", "kept", "kept", "kept", "test", "cancelled"),
      refund: fc.option(fc.record({ at: minute, amount: pence }), { freq: 4 }),
    }),
    { maxLength: 60 },
  )
  .map((rows) =>
    rows.map(({ at, fate, refund, country, financialStatus, ...row }, index): OrderInput => {
      const refunds =
        refund === null
          ? []
          : [{ externalId: "r", processedAt: iso(refund.at), amount: refund.amount, currency: row.currency }];
      return {
        ...row,
        externalId: String(1000 + index),
        createdAt: iso(at),
        updatedAt: iso(at),
        test: fate === "test",
        refunds,
        ...(country === undefined ? {} : { country }),
        ...(financialStatus === undefined ? {} : { financialStatus }),
        ...(fate === "cancelled" ? { cancelledAt: iso(at + 5) } : {}),
      };
    }),
  );

const counts = ({ test, cancelledAt, financialStatus, platform }: OrderInput) => {
  if (test === true || cancelledAt !== undefined) return false;
  if (financialStatus === undefined) return true;
  if (platform === "woocommerce") return ["processing", "on-hold", "completed", "refunded"].includes(financialStatus);
  return !["voided", "cancelled", "refused"].includes(financialStatus);
};

const scaled = (decimal: string, places: number) => {
  const [whole = "0", part = ""] = decimal.split(".");
  return BigInt(whole + part.padEnd(places, "0"));
};

/** Pence of the reporting currency, at the rate of the local day or the last one before; null without one. */
function toPence(amount: string, currency: string, at: string, zone: string): bigint | null {
  if (currency === "GBP") return scaled(amount, 2);
  const { day } = wall(Temporal.Instant.from(at), zone);
  const rateOf = (code: string) => rates.filter(([on, of]) => of === code && on <= day).at(-1)?.[2];
  const [to, from] = [rateOf("GBP"), rateOf(currency)];
  if (to === undefined || from === undefined) return null;
  const [n, d] = [scaled(amount, 2) * scaled(to, 5), scaled(from, 5)];
  return (2n * n + d) / (2n * d);
}

export const text = (amount: bigint) => {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, "0");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** The figures of a span, `start` included and `end` excluded. */
export function figuresByHand(
  orders: readonly OrderInput[],
  start: Temporal.Instant,
  end: Temporal.Instant,
  zone: string,
) {
  const within = (moment: string) => {
    const at = Temporal.Instant.from(moment);
    return Temporal.Instant.compare(at, start) >= 0 && Temporal.Instant.compare(at, end) < 0;
  };
  let [count, revenue, refunds] = [0, 0n, 0n];
  const others = new Map<string, { orders: number; revenue: bigint }>();
  for (const order of orders.filter(counts)) {
    const amount = toPence(order.total, order.currency, order.createdAt, zone);
    if (within(order.createdAt) && amount === null) {
      const other = others.get(order.currency) ?? { orders: 0, revenue: 0n };
      others.set(order.currency, { orders: other.orders + 1, revenue: other.revenue + scaled(order.total, 2) });
    } else if (within(order.createdAt)) {
      count += 1;
      revenue += amount ?? 0n;
    }
    for (const refund of order.refunds ?? []) {
      if (within(refund.processedAt))
        refunds += toPence(refund.amount, refund.currency, refund.processedAt, zone) ?? 0n;
    }
  }
  const aov = count === 0 ? null : text((2n * revenue + BigInt(count)) / (2n * BigInt(count)));
  const figures = { orders: count, revenue: text(revenue), refunds: text(refunds), net: text(revenue - refunds), aov };
  const otherCurrencies = [...others].map(([currency, sums]) => ({
    currency,
    orders: sums.orders,
    revenue: text(sums.revenue),
  }));
  return { figures, otherCurrencies };
}
