import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { testDatabase } from "../testing/database.js";
import { fillWithSample } from "./fill.js";
import { sampleOrders } from "./sample-orders.js";
import { sampleSpotifyFiles } from "./sample-spotify.js";

const end = Temporal.Instant.from("2026-02-03T14:30:00Z");
const options = { end, timeZone: "Europe/London", currency: "GBP" };
const database = testDatabase();

describe("sample orders", () => {
  const orders = [...sampleOrders(options)];

  it("are the same each time, and a later end adds to them without changing what was settled", () => {
    expect([...sampleOrders(options)]).toEqual(orders);
    const later = new Map(
      [...sampleOrders({ ...options, end: end.add({ hours: 24 * 30 }), days: 457 })].map((order) => [
        order.externalId,
        order,
      ]),
    );
    for (const { externalId, createdAt, total, platform } of orders)
      expect(later.get(externalId)).toMatchObject({ createdAt, total, platform });
  });

  it("look like 14 months of a small publisher: 40 a day, three platforms, ten countries, every fate", () => {
    const days = new Set(orders.map((order) => order.createdAt.slice(0, 10)));
    expect(days.size).toBeGreaterThan(425);
    expect(orders.length / days.size).toBeGreaterThan(34);
    expect(orders.length / days.size).toBeLessThan(48);
    expect(new Set(orders.map((order) => order.platform))).toEqual(new Set(["shopify", "etsy", "woocommerce"]));
    expect(new Set(orders.map((order) => order.country)).size).toBe(10);
    expect(new Set(orders.map((order) => order.externalId)).size).toBe(orders.length);
    const share = (test: (order: (typeof orders)[number]) => boolean) => orders.filter(test).length / orders.length;
    expect(share((order) => order.refunds !== undefined)).toBeGreaterThan(0.02);
    expect(share((order) => order.cancelledAt !== undefined)).toBeGreaterThan(0.01);
    expect(share((order) => order.test === true)).toBeGreaterThan(0.002);
    const inMonth = (month: string) => share((order) => order.createdAt.slice(5, 7) === month);
    expect(inMonth("12")).toBeGreaterThan(1.4 * inMonth("07"));
  });

  it("hold nothing of the future", () => {
    const moments = orders
      .flatMap((order) => [
        order.createdAt,
        order.updatedAt ?? "",
        order.cancelledAt ?? "",
        ...(order.refunds ?? []).map((refund) => refund.processedAt),
      ])
      .filter((at) => at !== "");
    expect(moments.every((at) => Temporal.Instant.compare(at, end) < 0)).toBe(true);
  });
});

it("[P30] Spotify's sample days add up to the minutes of each reference quarter", () => {
  const files = new Map(
    sampleSpotifyFiles(end, "Europe/London").map((file) => [file.filename, file.content.split("\n").slice(1)]),
  );
  const statements = (files.get("spotify-statements.csv") ?? []).map((row) => row.split(","));
  const quarter = (months: string[]) =>
    statements.filter(([month]) => months.includes(month ?? "")).reduce((sum, [, minutes]) => sum + Number(minutes), 0);
  expect(quarter(["2025-01", "2025-02", "2025-03"])).toBe(429_977);
  expect(quarter(["2025-04", "2025-05", "2025-06"])).toBe(553_075);
  expect(quarter(["2025-07", "2025-08", "2025-09"])).toBe(1_707_582);
  expect(statements).toContainEqual(["2025-10", "622277", "5233.35"]);
  expect(files.get("spotify-pool-payments.csv")).toContain("2025-Q4,9249,894829,");
});

it("fills a database once; filled again later, only what is new is added", async () => {
  const ink = await database.open({ now: () => end.toString() });
  const first = await fillWithSample(ink, { now: end });
  expect(first).toBe([...sampleOrders(options)].length);
  expect(await fillWithSample(ink, { now: end })).toBe(0);
  const later = end.add({ hours: 48 });
  const added = await fillWithSample(ink, { now: later });
  expect(added).toBeGreaterThan(30);
  const rows = await database.query<{ count: number }>("select count(*)::int as count from mt_ink.orders");
  expect(rows[0]?.count).toBe(first + added);
}, 60_000);
