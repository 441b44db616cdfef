import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "../testing/database.js";
import type { OrderInput } from "./order.js";

const database = testDatabase();
beforeEach(() => database.empty());

const order = (externalId: string, more: Partial<OrderInput> = {}): OrderInput => ({
  platform: "shopify",
  externalId,
  createdAt: "2026-02-03T14:30:00Z",
  updatedAt: "2026-02-03T14:30:00Z",
  total: "45.67",
  currency: "GBP",
  country: "GB",
  ...more,
});

const stored = () =>
  database.query<Record<string, unknown>>(
    "select external_id, total::text, financial_status, counted, country, updated_at from mt_ink.orders order by platform, external_id",
  );
const seqs = async () =>
  (await database.query<{ seq: string }>("select seq from mt_ink.order_events order by seq")).map((row) =>
    Number(row.seq),
  );

it("[P6] a stale retry after a newer update changes nothing", async () => {
  const ink = await database.open();
  await ink.orders.write([order("1")]);
  await ink.orders.write([order("1", { updatedAt: "2026-02-03T15:00:00Z", financialStatus: "voided" })]);
  const before = await stored();
  const retry = await ink.orders.write([order("1"), order("1", { updatedAt: "2026-02-03T15:00:00Z", total: "1.00" })]);
  expect(retry).toMatchObject({ new: 0, changed: 0, unchanged: 2 });
  expect(await stored()).toEqual(before);
  expect(before).toMatchObject([{ financial_status: "voided", counted: false }]);
});

it("[P5] create, update, cancel and refund in every order end in the same state", async () => {
  const ink = await database.open();
  const refunds = [{ externalId: "r1", processedAt: "2026-02-03T17:00:00Z", amount: "5.00", currency: "GBP" }];
  const history: OrderInput[] = [
    order("1"),
    order("1", { updatedAt: "2026-02-03T15:00:00Z", total: "50.00", country: undefined }),
    order("1", {
      updatedAt: "2026-02-03T16:00:00Z",
      total: "50.00",
      financialStatus: "cancelled",
      cancelledAt: "2026-02-03T16:00:00Z",
    }),
    order("1", {
      updatedAt: "2026-02-03T17:00:00Z",
      total: "50.00",
      financialStatus: "refunded",
      cancelledAt: "2026-02-03T16:00:00Z",
      refunds,
    }),
  ].map(({ country, ...each }) => (country === undefined ? each : { ...each, country }));
  const ends: unknown[] = [];
  for (const permuted of permutations(history)) {
    await database.empty();
    for (const each of permuted) await ink.orders.write([each]);
    const refunded = await database.query("select order_external_id, external_id, amount::text from mt_ink.refunds");
    ends.push({ orders: await stored(), refunded });
  }
  expect(ends).toHaveLength(24);
  for (const end of ends) expect(end).toEqual(ends[0]);
  expect(ends[0]).toMatchObject({
    orders: [{ total: "50.00", country: "GB", counted: false }],
    refunded: [{ amount: "5.00" }],
  });
});

it("[P4] ten thousand orders delivered one to five times each, shuffled, from two processes, are one order each", async () => {
  const inks = [await database.open(), await database.open()];
  const count = 10_000;
  const deliveries = Array.from({ length: count }, (_, at) =>
    Array.from({ length: 1 + (at % 5) }, () => order(String(at))),
  ).flat();
  // A fixed shuffle: an order's deliveries land far apart and in both processes.
  const shuffled = deliveries
    .map((each, at) => ({ each, place: (at * 7_919) % deliveries.length }))
    .sort((a, b) => a.place - b.place);
  const written = await Promise.all(
    shuffled.map(({ each }, at) => inks[at % 2]?.orders.write([each], { source: "webhook" })),
  );
  expect(written.reduce((sum, each) => sum + (each?.new ?? 0), 0)).toBe(count);
  const [{ orders, sum } = { orders: 0, sum: "" }] = await database.query<{ orders: number; sum: string }>(
    "select count(*)::int as orders, sum(total)::text as sum from mt_ink.orders",
  );
  expect({ orders, sum }).toEqual({ orders: count, sum: "456700.00" });
  expect(await seqs()).toHaveLength(count);
}, 120_000);

it("numbers events in the order of commits, so that a reader's cursor never skips one", async () => {
  const inks = [await database.open(), await database.open(), await database.open()];
  const reader = await database.open();
  const seen: number[] = [];
  let writing = true;
  const reading = (async () => {
    let cursor = 0;
    while (writing || (await reader.orders.events({ after: cursor })).events.length > 0) {
      const { events, next } = await reader.orders.events({ after: cursor, limit: 50 });
      seen.push(...events.map((event) => event.seq));
      cursor = next;
    }
  })();
  await Promise.all(
    inks.map(async (ink, process) => {
      for (let at = 0; at < 100; at += 1) await ink.orders.write([order(`${process}-${at}`)], { source: "webhook" });
    }),
  );
  writing = false;
  await reading;
  expect(seen).toEqual(await seqs());
  expect(seen).toHaveLength(300);
});

describe("events", () => {
  it("announces a webhook's orders one by one, with the contract's fields", async () => {
    const ink = await database.open();
    await ink.orders.write([order("1001"), order("820982911946154508", { country: "EIRE", total: "7" })], {
      source: "webhook",
    });
    await ink.orders.write([order("1001", { updatedAt: "2026-02-03T15:00:00Z", total: "40" })], { source: "webhook" });
    const { events } = await ink.orders.events({ after: 0 });
    const [first, second, third] = events;
    expect(first).toEqual({
      type: "new_order",
      seq: first?.seq,
      data: {
        id: 1001,
        total: "45.67",
        currency: "GBP",
        country: "GB",
        created_at: "2026-02-03T14:30:00Z",
        platform: "shopify",
      },
    });
    expect(second).toMatchObject({
      type: "new_order",
      data: { id: "820982911946154508", total: "7.00", country: "IE" },
    });
    expect(third).toMatchObject({ type: "order_updated", data: { id: 1001, total: "40.00" } });
  });

  it("is quiet about test and cancelled orders, and one change for what no webhook brought", async () => {
    const ink = await database.open();
    await ink.orders.write([order("1", { test: true }), order("2", { cancelledAt: "2026-02-03T15:00:00Z" })], {
      source: "webhook",
    });
    await ink.orders.write([order("3"), order("4"), order("5")]);
    await ink.orders.write([order("3")]);
    const { events } = await ink.orders.events({ after: 0 });
    expect(events.map(({ seq, ...event }) => event)).toEqual([
      { type: "data_changed", what: "orders" },
      { type: "data_changed", what: "orders" },
    ]);
  });
});

it("writes an order the moment a batch ends, not only with the next one", async () => {
  const ink = await database.open();
  // Each write begins as the one before resolves, which is as its batch ends.
  for (let at = 0; at < 200; at += 1) await ink.orders.write([order(String(at))]);
  expect(await stored()).toHaveLength(200);
});

it("does not let one order the database refuses take down those it was gathered with", async () => {
  const ink = await database.open();
  await database.query(`create or replace function refuse() returns trigger language plpgsql as $$
    begin if new.external_id = 'bad' then raise exception 'no'; end if; return new; end $$`);
  await database.query("create trigger refuse before insert on mt_ink.orders for each row execute function refuse()");
  const results = await Promise.allSettled(["1", "bad", "2", "3"].map((id) => ink.orders.write([order(id)])));
  await database.query("drop trigger refuse on mt_ink.orders");
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  expect((await stored()).map((row) => row.external_id)).toEqual(["1", "2", "3"]);
});

it("[P26] refuses what is no order by name, writes none of its batch, and keeps ids beyond 2^53", async () => {
  const ink = await database.open();
  const wrong: [Partial<OrderInput>, RegExp][] = [
    [{ total: "12,50" }, /Order 2 of shopify: total is wrong.*45\.67/],
    [{ currency: "pounds" }, /currency is wrong.*ISO 4217/],
    [{ createdAt: "2026-02-03" }, /createdAt is wrong/],
    [{ createdAt: "0001-01-01T00:00:00Z" }, /createdAt is wrong.*1970/],
    [{ externalId: "a\u0000b" }, /externalId is wrong.*control characters/],
    [{ platform: "Shop ify" }, /platform is wrong/],
  ];
  for (const [fields, sentence] of wrong)
    await expect(ink.orders.write([order("1"), order("2", fields)])).rejects.toThrow(sentence);
  expect(await stored()).toEqual([]);
  await ink.orders.write([order("9007199254740993"), order("9007199254740992")]);
  expect((await stored()).map((row) => row.external_id)).toEqual(["9007199254740992", "9007199254740993"]);
});

it("[P21] has no place for an e-mail, a name or an address", async () => {
  const ink = await database.open();
  for (const field of ["email", "customerName", "shippingAddress"]) {
    const withPerson = { ...order("1"), [field]: "jane@example.org" };
    await expect(ink.orders.write([withPerson])).rejects.toThrow(/Unrecognized key/);
  }
  const columns = await database.query<{ name: string }>(
    "select column_name as name from information_schema.columns where table_schema = 'mt_ink'",
  );
  expect(
    columns.map((column) => column.name).filter((name) => /mail|phone|address|first_name|last_name/.test(name)),
  ).toEqual([]);
});

it("[P27] converts each order once, at the rate of its local day or the last before it, to the penny", async () => {
  const ink = await database.open();
  await database.query(
    `insert into mt_ink.exchange_rates values ('2026-01-30', 'GBP', 0.86525), ('2026-01-30', 'USD', 1.1919), ('2026-02-04', 'USD', 2)`,
  );
  await ink.orders.write([
    order("1", { currency: "USD", total: "100.00" }),
    order("2", { currency: "JPY", total: "900" }),
  ]);
  const [usd, jpy] = await database.query<{ amount: string | null }>(
    "select reporting_total::text as amount from mt_ink.orders order by external_id",
  );
  // 100 × 0.86525 / 1.1919 = 72.594…
  expect([usd?.amount, jpy?.amount]).toEqual(["72.59", null]);
  const { data } = await ink.report("compare_sales", { asOf: "2026-02-03T23:00" });
  expect(data.current).toMatchObject({ orders: 1, revenue: "72.59" });
  expect(data.otherCurrencies).toEqual([{ currency: "JPY", orders: 1, revenue: "900.00" }]);
});

it("refuses another reporting currency once there are orders, and says what to set", async () => {
  const ink = await database.open();
  await ink.orders.write([order("1")]);
  await expect(database.open({ currency: "EUR" })).rejects.toThrow(/MTINK_CURRENCY=GBP/);
});

it("[P27] keeps of several writes of one order the newest, however they are cut into batches", async () => {
  const ink = await database.open();
  const writes = fc.array(
    fc.record({
      id: fc.constantFrom("1", "2"),
      hour: fc.integer({ min: 10, max: 20 }),
      pounds: fc.integer({ min: 1, max: 99 }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(writes, fc.integer({ min: 1, max: 12 }), async (rows, size) => {
      await database.empty();
      const inputs = rows.map(({ id, hour, pounds }) =>
        order(id, { updatedAt: `2026-02-03T${hour}:00:00Z`, total: `${pounds}.00` }),
      );
      for (let at = 0; at < inputs.length; at += size) await ink.orders.write(inputs.slice(at, at + size));
      for (const row of await stored()) {
        const own = rows.filter((each) => each.id === row.external_id);
        const newest = Math.max(...own.map((each) => each.hour));
        expect(own.filter((each) => each.hour === newest).map((each) => `${each.pounds}.00`)).toContain(row.total);
      }
    }),
    { numRuns: 40 },
  );
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) =>
    permutations(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]),
  );
}
