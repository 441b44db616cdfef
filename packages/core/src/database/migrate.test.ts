import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openInk } from "../ink.js";
import { testDatabase } from "../testing/database.js";
import { admin, databaseUrl } from "../testing/postgres-server.js";

const name = `t_${randomBytes(6).toString("hex")}`;
const server = inject("serverUrl");
beforeAll(() => admin(server, `create database ${name}`));
afterAll(() => admin(server, `drop database if exists ${name} with (force)`));

const database = testDatabase();

it("[P12] is run once when several processes start at once on a database without a schema", async () => {
  const inks = await Promise.all(
    Array.from({ length: 6 }, () => openInk({ env: {}, databaseUrl: databaseUrl(server, name) })),
  );
  const ran = inks.flatMap((ink) => ink.migrated);
  await Promise.all(inks.map((ink) => ink.close()));
  expect(ran).toEqual(["0001-foundation"]);
});

it("refuses a schema that a newer MT Ink made", async () => {
  await database.query("insert into mt_ink.migrations (name, timestamp) values ('9999-future', 'x')");
  await expect(database.open()).rejects.toMatchObject({
    code: "database_unavailable",
    message: expect.stringMatching(/newer MT Ink/),
  });
  await database.query("delete from mt_ink.migrations where name = '9999-future'");
});

it.each([
  ["postgres://nobody:wrong@127.0.0.1:1/none", /no server answers/],
  ["postgres://x@no-such-host.invalid/none", /host in DATABASE_URL is not known|connection failed/],
])("says in one sentence what is wrong with %s, without the password", async (url, sentence) => {
  const opening = openInk({ env: {}, databaseUrl: url });
  await expect(opening).rejects.toThrow(sentence);
  await expect(opening).rejects.not.toThrow(/wrong@/);
});

it("names a database that does not exist", async () => {
  await expect(openInk({ env: {}, databaseUrl: databaseUrl(server, "not_there") })).rejects.toThrow(
    /does not exist; create it first/,
  );
});

it("keeps the present dashboard's SQL working through views", async () => {
  const ink = await database.open();
  await ink.orders.write([
    {
      platform: "shopify",
      externalId: "1001",
      orderNumber: "#7",
      createdAt: "2026-02-03T14:30:00Z",
      total: "45.67",
      currency: "GBP",
      country: "uk",
      customerId: "12",
      financialStatus: "paid",
    },
    {
      platform: "amazon",
      externalId: "113-4521987-1234502",
      createdAt: "2026-02-03T14:30:00Z",
      total: "5",
      currency: "USD",
      test: true,
    },
  ]);
  const files = [
    "report_week_start,report_week_end,total_minutes,country\n2025-12-22,2025-12-28,145000,\n2025-12-22,2025-12-28,85000,GB",
    "quarter,amount,minutes,completes\n2025-Q3,14354,1707582,",
  ];
  for (const file of files)
    await ink.imports.commit((await ink.imports.preview(Buffer.from(file), { filename: "f.csv" })).importId);
  expect(
    await database.query(
      "select id, external_id, order_number, total, currency, shipping_country, customer_id, platform from mt_ink.shopify_orders order by platform desc",
    ),
  ).toEqual([
    {
      id: "1001",
      external_id: "1001",
      order_number: 7,
      total: "45.67",
      currency: "GBP",
      shipping_country: "United Kingdom",
      customer_id: "12",
      platform: "shopify",
    },
    {
      id: null,
      external_id: "113-4521987-1234502",
      order_number: null,
      total: "5",
      currency: "USD",
      shipping_country: "Unknown",
      customer_id: null,
      platform: "amazon",
    },
  ]);
  expect(await database.query("select report_week_start::text, minutes, revenue from mt_ink.weekly_revenue")).toEqual([
    { report_week_start: "2025-12-22", minutes: "145000", revenue: "1218.88" },
  ]);
});
