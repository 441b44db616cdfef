import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { expect, it } from "vitest";
import { addDays, firstMomentOf, previousEnd, wall } from "../testing/calendar-oracle.js";
import { testDatabase } from "../testing/database.js";
import { figuresByHand, randomOrders, rates } from "../testing/sales-oracle.js";

const database = testDatabase();
const ZONES = ["Europe/London", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe"];

const asOfs = fc
  .oneof(
    // The days that hurt: clocks forward in London and St John's, month ends, a Monday, midnight itself.
    fc.constantFrom(
      "2026-03-29T14:30:00Z",
      "2026-03-31T11:00:00Z",
      "2026-03-08T16:00:00Z",
      "2026-03-01T00:00:00Z",
      "2026-03-30T00:30:00Z",
    ),
    fc
      .integer({ min: Date.UTC(2026, 1, 1) / 60_000, max: Date.UTC(2026, 3, 5) / 60_000 })
      .map((at) => new Date(at * 60_000).toISOString()),
  )
  .map((text) => Temporal.Instant.from(text));

it("[P27] every sales report is what a loop over the orders gives, in any zone, with refunds and currencies", async () => {
  for (const zone of ZONES) {
    const ink = await database.open({ timeZone: zone });
    await fc.assert(
      fc.asyncProperty(
        randomOrders,
        asOfs,
        fc.constantFrom("day" as const, "week" as const, "month" as const),
        async (orders, at, period) => {
          await database.empty();
          for (const rate of rates)
            await database.query("insert into mt_ink.exchange_rates values ($1, $2, $3)", [...rate]);
          await ink.orders.write(orders);
          const asOf = at.toString();

          const { data: compared } = await ink.report("compare_sales", { period, asOf });
          const before = previousEnd(period, at, zone);
          const current = figuresByHand(orders, firstMomentOf(before.first, zone), at, zone);
          expect(compared.current).toEqual(current.figures);
          expect(compared.previous).toEqual(
            figuresByHand(orders, firstMomentOf(before.firstBefore, zone), before.end, zone).figures,
          );
          expect(compared.windows.clamped).toBe(before.clamped);
          expect(compared.otherCurrencies).toEqual(current.otherCurrencies);

          const today = wall(at, zone).day;
          const midnight = (back: number) => firstMomentOf(addDays(today, -back), zone);
          const { data: daily } = await ink.report("sales_by_day", { days: 35, asOf });
          expect(daily.total).toEqual(figuresByHand(orders, midnight(34), at, zone).figures);
          for (const [back, { date, change, ...figures }] of daily.days.entries()) {
            expect(date).toBe(addDays(today, -back));
            expect(figures).toEqual(
              figuresByHand(orders, midnight(back), back === 0 ? at : midnight(back - 1), zone).figures,
            );
          }
          if (period === "day")
            expect(compared.yesterdayFullDay).toEqual(figuresByHand(orders, midnight(1), midnight(0), zone).figures);

          const { data: recent } = await ink.report("recent_orders", { limit: 200, asOf });
          const placed = orders.filter((order) => Temporal.Instant.compare(order.createdAt, at) < 0);
          expect(recent.orders.map((order) => order.id).sort()).toEqual(placed.map((order) => order.externalId).sort());
          expect(recent.truncated).toBe(false);
        },
      ),
      { numRuns: 12 },
    );
  }
}, 120_000);

it("[P28] days add up to their total", async () => {
  const ink = await database.open();
  await fc.assert(
    fc.asyncProperty(randomOrders, fc.integer({ min: 1, max: 70 }), async (orders, days) => {
      await database.empty();
      await ink.orders.write(orders);
      const { data } = await ink.report("sales_by_day", { days, asOf: "2026-04-02T12:00" });
      const pence = (pick: "revenue" | "refunds" | "net") =>
        data.days.reduce((sum, day) => sum + BigInt(day[pick].replace(".", "")), 0n);
      for (const pick of ["revenue", "refunds", "net"] as const)
        expect(pence(pick)).toBe(BigInt(data.total[pick].replace(".", "")));
      expect(data.days.reduce((sum, day) => sum + day.orders, 0)).toBe(data.total.orders);
    }),
    { numRuns: 15 },
  );
}, 60_000);

it("leaves out an order placed exactly at the end of a window, and counts one at its start", async () => {
  await database.empty();
  const ink = await database.open();
  const order = (externalId: string, createdAt: string) => ({
    platform: "shopify",
    externalId,
    createdAt,
    total: "10.00",
    currency: "GBP",
  });
  await ink.orders.write([
    order("1", "2026-02-03T00:00:00Z"),
    order("2", "2026-02-03T14:30:00Z"),
    order("3", "2026-02-02T14:30:00Z"),
  ]);
  const { data } = await ink.report("compare_sales", { asOf: "2026-02-03T14:30" });
  expect([data.current.orders, data.previous.orders, data.yesterdayFullDay?.orders]).toEqual([1, 0, 1]);
});

it("answers as of a moment as it did then, whatever is placed later", async () => {
  await database.empty();
  const ink = await database.open();
  const order = (externalId: string, createdAt: string) => ({
    platform: "etsy",
    externalId,
    createdAt,
    total: "10.00",
    currency: "GBP",
  });
  await ink.orders.write([order("1", "2026-02-03T09:00:00Z")]);
  const before = await ink.report("sales_by_day", { asOf: "2026-02-03T12:00", days: 7 });
  await ink.orders.write([order("2", "2026-02-03T13:00:00Z")]);
  const after = await ink.report("sales_by_day", { asOf: "2026-02-03T12:00", days: 7 });
  expect(after.data).toEqual(before.data);
  expect(after.text).toBe(before.text);
});
