import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import type { Ink } from "../ink.js";
import { testDatabase } from "../testing/database.js";

const database = testDatabase();
beforeEach(() => database.empty());

const HEADER = "external_id,created_at,total,currency,platform,refunded,shipping_country,financial_status";
const ROWS = [
  "1,2026-02-03T10:00:00Z,45.67,GBP,shopify,,GB,paid",
  "2,2026-02-03T11:00:00Z,10.00,GBP,etsy,2.50,EIRE,paid",
  "3,2026-02-03,20.00,USD,etsy,,US,voided",
];

const preview = (ink: Ink, content: string | Uint8Array, filename = "orders.csv") =>
  ink.imports.preview(Buffer.from(content), { filename });

async function importAll(ink: Ink, content: string, filename?: string) {
  const { importId } = await preview(ink, content, filename);
  const { files } = await ink.imports.commit(importId);
  return files[0];
}

/** Everything an import may write, to see that nothing was. */
async function contents() {
  const tables = [
    "orders",
    "refunds",
    "spotify_weekly_stats",
    "spotify_country_stats",
    "monthly_revenue",
    "spotify_pool_payments",
    "order_events",
    "staged_orders",
    "staged_figures",
  ];
  const counts = await Promise.all(
    tables.map((table) => database.query<{ count: number }>(`select count(*)::int as count from mt_ink.${table}`)),
  );
  return Object.fromEntries(
    tables.map((table, at) => [table, counts[at]?.[0]?.count]).filter(([, count]) => count !== 0),
  );
}

describe("orders", () => {
  it("shows what would change before anything is written, then writes it", async () => {
    const ink = await database.open();
    const shown = await preview(ink, [HEADER, ...ROWS].join("\n"));
    expect(shown).toMatchObject({
      status: "previewed",
      files: [
        {
          name: "orders.csv",
          kind: "orders",
          sheet: null,
          period: { from: "2026-02-03", to: "2026-02-03" },
          platform: null,
          currency: null,
          total: null,
          counts: { new: 3, changed: 0, unchanged: 0, rejected: 0 },
          rejected: [],
        },
      ],
    });
    expect(await contents()).toEqual({ staged_orders: 3 });
    const done = await ink.imports.commit(shown.importId);
    expect(done).toEqual({ ...shown, status: "committed" });
    expect(await contents()).toEqual({ orders: 3, refunds: 1, order_events: 1 });
    const rows = await database.query(
      "select external_id, platform, country, counted, date_only, source from mt_ink.orders order by external_id",
    );
    expect(rows).toEqual([
      { external_id: "1", platform: "shopify", country: "GB", counted: true, date_only: false, source: "file" },
      { external_id: "2", platform: "etsy", country: "IE", counted: true, date_only: false, source: "file" },
      { external_id: "3", platform: "etsy", country: "US", counted: false, date_only: true, source: "file" },
    ]);
  });

  it("[P9] the same file again changes nothing and says so", async () => {
    const ink = await database.open();
    const content = [HEADER, ...ROWS].join("\n");
    await importAll(ink, content);
    const before = await database.query("select * from mt_ink.orders order by external_id");
    expect((await importAll(ink, content))?.counts).toEqual({ new: 0, changed: 0, unchanged: 3, rejected: 0 });
    expect(await database.query("select * from mt_ink.orders order by external_id")).toEqual(before);
    expect(await contents()).toEqual({ orders: 3, refunds: 1, order_events: 1 });
  });

  it("changes what a later file says differently, and keeps what it leaves out", async () => {
    const ink = await database.open();
    await importAll(ink, [HEADER, ...ROWS].join("\n"));
    const later =
      "external_id,created_at,total,currency,platform\n1,2026-02-03T10:00:00Z,50.00,GBP,shopify\n2,2026-02-03T11:00:00Z,10.00,GBP,etsy";
    expect((await importAll(ink, later))?.counts).toEqual({ new: 0, changed: 1, unchanged: 1, rejected: 0 });
    expect(
      await database.query("select total::text, country, financial_status from mt_ink.orders where external_id = '1'"),
    ).toEqual([{ total: "50.00", country: "GB", financial_status: "paid" }]);
  });

  it("[P9] never overwrites an order a webhook wrote last", async () => {
    const ink = await database.open();
    await ink.orders.write(
      [
        {
          platform: "shopify",
          externalId: "1",
          createdAt: "2026-02-03T10:00:00Z",
          updatedAt: "2026-02-03T10:00:00Z",
          total: "99.00",
          currency: "GBP",
        },
      ],
      { source: "webhook" },
    );
    expect((await importAll(ink, [HEADER, ...ROWS].join("\n")))?.counts).toEqual({
      new: 2,
      changed: 0,
      unchanged: 1,
      rejected: 0,
    });
    expect(await database.query("select total::text from mt_ink.orders where external_id = '1'")).toEqual([
      { total: "99.00" },
    ]);
  });

  it("[P9] reports bad rows by line, column, value and reason, and writes the others", async () => {
    const ink = await database.open();
    const good = Array.from({ length: 40 }, (_, at) => `g${at},2026-02-03T10:00:00Z,1.00,GBP,shopify,,GB,paid`);
    const bad = [
      "b1,yesterday,1.00,GBP,shopify,,GB,paid",
      "b2,2026-02-03T10:00:00Z,free,GBP,shopify,,GB,paid",
      '"b3\nx",2026-02-03T10:00:00Z,1.00,pounds,shopify,,GB,paid',
      "g0,2026-02-03T10:00:00Z,1.00,GBP,shopify,,GB,paid",
    ];
    const file = await importAll(ink, [HEADER, ...good, "", ...bad].join("\r\n"));
    expect(file?.counts).toEqual({ new: 40, changed: 0, unchanged: 0, rejected: 4 });
    expect(file?.rejected).toEqual([
      {
        line: 43,
        column: "created_at",
        value: "yesterday",
        reason: "is no date and time such as 2026-02-03T14:30:00+00:00",
      },
      { line: 44, column: "total", value: "free", reason: "is not a number" },
      { line: 45, column: "currency", value: "pounds", reason: "is no currency code such as GBP" },
      {
        line: 47,
        column: "external_id",
        value: "g0",
        reason: "stands on line 2 already; each external_id may come once",
      },
    ]);
  });

  it("[P9] writes nothing when more than one row in ten is bad, unless it is accepted", async () => {
    const ink = await database.open();
    const { importId } = await preview(ink, [HEADER, ...ROWS, "4,never,1,GBP,shopify,,,"].join("\n"));
    await expect(ink.imports.commit(importId)).rejects.toMatchObject({
      code: "too_many_rejected",
      message: expect.stringMatching(/line 5.*created_at.*never/),
    });
    expect(await contents()).toEqual({ staged_orders: 3 });
    const done = await ink.imports.commit(importId, { acceptRejected: true });
    expect(done.files[0]?.counts).toEqual({ new: 3, changed: 0, unchanged: 0, rejected: 1 });
  });

  it("commits once, and refuses when the data has moved since the preview", async () => {
    const ink = await database.open();
    const first = await preview(ink, [HEADER, ...ROWS].join("\n"));
    const second = await preview(ink, [HEADER, ...ROWS].join("\n"));
    await ink.imports.commit(first.importId);
    await expect(ink.imports.commit(first.importId)).rejects.toThrow(/committed already/);
    await expect(ink.imports.commit(second.importId)).rejects.toMatchObject({ code: "import_changed" });
    await expect(ink.imports.commit("999999")).rejects.toMatchObject({ code: "import_not_found" });
    await expect(ink.imports.commit("1; drop table")).rejects.toMatchObject({ code: "import_not_found" });
    expect(await contents()).toMatchObject({ orders: 3 });
  });

  it("[P9] leaves no row when it fails half-way", async () => {
    const ink = await database.open();
    const rows = Array.from({ length: 5_000 }, (_, at) => `${at},2026-02-03T10:00:00Z,1.00,GBP,shopify,,GB,paid`);
    await expect(preview(ink, [HEADER, ...rows, '9999,"unterminated'].join("\n"))).rejects.toMatchObject({
      code: "bad_file",
      message: expect.stringMatching(/from line 5002 on.*quote/),
    });
    async function* breaking() {
      yield Buffer.from([HEADER, ...rows, ""].join("\n"));
      throw new Error("the connection broke");
    }
    await expect(ink.imports.preview(breaking(), { filename: "x.csv" })).rejects.toThrow();
    const { importId } = await preview(ink, [HEADER, ...ROWS].join("\n"));
    await database.query("alter table mt_ink.refunds add constraint refuse check (amount < 2)");
    await expect(ink.imports.commit(importId)).rejects.toThrow();
    await database.query("alter table mt_ink.refunds drop constraint refuse");
    expect(await contents()).toEqual({ staged_orders: 3 });
    await ink.imports.commit(importId);
    expect(await contents()).toEqual({ orders: 3, refunds: 1, order_events: 1 });
  });

  it("dates a bare refund at the order's moment, and gives way to itemised refunds", async () => {
    const ink = await database.open();
    await importAll(ink, [HEADER, ...ROWS].join("\n"));
    expect(
      await database.query(
        "select amount::text, bare, processed_at = '2026-02-03T11:00:00Z' as dated from mt_ink.refunds",
      ),
    ).toEqual([{ amount: "2.50", bare: true, dated: true }]);
    const refunds = [{ externalId: "r", processedAt: "2026-02-04T11:00:00Z", amount: "3.00", currency: "GBP" }];
    await ink.orders.write([
      {
        platform: "etsy",
        externalId: "2",
        createdAt: "2026-02-03T11:00:00Z",
        updatedAt: "2026-02-04T11:00:00Z",
        total: "10.00",
        currency: "GBP",
        refunds,
      },
    ]);
    expect(await database.query("select amount::text, bare from mt_ink.refunds")).toEqual([
      { amount: "3.00", bare: false },
    ]);
  });

  it("takes the file's platform, the one it is told, or other", async () => {
    const ink = await database.open();
    const content = "external_id;created_at;total;currency\n1;2026-02-03 10:00;1.234,50;GBP";
    await importAll(ink, content);
    const { importId } = await ink.imports.preview(Buffer.from(content), {
      filename: "f.csv",
      platform: "market",
      shop: "second",
    });
    await ink.imports.commit(importId);
    expect(await database.query("select platform, shop, total::text from mt_ink.orders order by platform")).toEqual([
      { platform: "market", shop: "second", total: "1234.50" },
      { platform: "other", shop: "", total: "1234.50" },
    ]);
  });
});

describe("files as they come", () => {
  const header = ["External ID", " created AT ", "TOTAL", "Currency"];
  it.each([
    ["commas", `${header.join(",")}\n1,2026-02-03 10:00,"1,234.50",gbp\n`],
    ["semicolons and a decimal comma", `${header.join(";")}\n1;2026-02-03 10:00;1.234,50;GBP`],
    ["tabs, CRLF and a BOM", `\uFEFF${header.join("\t")}\r\n1\t2026-02-03 10:00\t£1,234.50\tGBP\r\n`],
    [
      "other order, extra columns, quotes",
      `"note","Currency","total","external_id","Created at"\n"a ""b"", c","GBP","1234.50","1","2026-02-03T10:00:00+00:00"`,
    ],
    ["blank lines before and after", `\n\n${header.join(",")}\n\n1,2026-02-03 10:00,1234.50,GBP\n\n\n`],
  ])("copes with %s", async (_what, content) => {
    const ink = await database.open();
    for (const bytes of [Buffer.from(content), gzipSync(content)]) {
      const { files } = await ink.imports.preview(bytes, { filename: "x" });
      expect(files[0]).toMatchObject({
        kind: "orders",
        total: "1234.50",
        counts: { new: 1, rejected: 0 },
        period: { from: "2026-02-03" },
      });
    }
  });

  it.each([
    ["nothing", "", /is empty/],
    ["blank lines", "\n\n\n", /is empty/],
    ["a binary file", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), /not a text file/],
    ["a workbook", Buffer.from("PK\u0003\u0004rest"), /Excel workbook/],
    ["UTF-16", Buffer.from("\uFEFFa,b", "utf16le"), /UTF-16/],
    ["Latin-1", Buffer.from([0x61, 0x2c, 0xe9, 0x0a]), /not UTF-8/],
    ["broken compression", Buffer.concat([gzipSync("a,b\n1,2\n").subarray(0, 15), Buffer.from("x")]), /damaged/],
    ["missing columns", "external_id,total\n1,2", /orders lacks created_at, currency.*--column field=header/],
    ["text that is no table", "hello there", /fit no kind of file/],
  ])("refuses %s in one sentence and keeps nothing", async (_what, content, sentence) => {
    const ink = await database.open();
    const refused = preview(ink, content, "file.csv");
    await expect(refused).rejects.toMatchObject({ code: "bad_file", message: expect.stringMatching(sentence) });
    await expect(refused).rejects.toThrow(/^file\.csv[^\n]*$/);
    expect(await contents()).toEqual({});
    expect(await database.query("select id from mt_ink.imports")).toEqual([]);
  });

  it("takes headers by hand, and refuses fields and headers that are not there", async () => {
    const ink = await database.open();
    const content = "Ref,When,Paid,currency\n1,2026-02-03 10:00,5,GBP";
    const columns = { external_id: "Ref", created_at: "when", total: "Paid" };
    expect((await ink.imports.preview(Buffer.from(content), { filename: "x.csv", columns })).files[0]?.counts.new).toBe(
      1,
    );
    await expect(
      ink.imports.preview(Buffer.from(content), { filename: "x.csv", columns: { ...columns, total: "Sum" } }),
    ).rejects.toThrow(/no column "Sum".*Ref, When, Paid/);
    await expect(
      ink.imports.preview(Buffer.from(content), { filename: "x.csv", columns: { ...columns, totl: "Paid" } }),
    ).rejects.toThrow(/totl/);
    await expect(ink.imports.preview(Buffer.from(content), { filename: "x.csv", as: "sales" })).rejects.toThrow(
      /No kind of file "sales"/,
    );
  });
});

describe("Spotify figures", () => {
  it("imports weeks, countries, statements and pool payments, and knows them again", async () => {
    const ink = await database.open();
    const files: [string, string][] = [
      [
        "weekly",
        'report_week_start,report_week_end,total_minutes,country\n2025-12-22,2025-12-28,145000,\n2025-12-22,2025-12-28,85000,GB\n2025-12-15,2025-12-21,"140,500",',
      ],
      ["country", "report_week_start,country,minutes\n2025-12-22,United Kingdom,85000\n2025-12-22,US,60000"],
      ["monthly", "month,minutes_streamed,revenue\n2025-10,622277,5233.35"],
      ["revenue", 'quarter,amount,minutes,completes\n2025-Q3,"$14,354",1707582,\nQ1 2025,4822,429977,812.8'],
    ];
    for (const [kind, content] of files) {
      const file = await importAll(ink, content, `${kind}.csv`);
      expect(file).toMatchObject({ kind, platform: "spotify", counts: { changed: 0, unchanged: 0, rejected: 0 } });
      expect(file?.counts.new).toBe(content.split("\n").length - 1);
      expect((await importAll(ink, content))?.counts).toMatchObject({ new: 0, changed: 0 });
    }
    expect(
      await database.query(
        "select country, total_minutes::text from mt_ink.spotify_weekly_stats order by report_week_start desc, country",
      ),
    ).toEqual([
      { country: "ALL", total_minutes: "145000" },
      { country: "GB", total_minutes: "85000" },
      { country: "ALL", total_minutes: "140500" },
    ]);
    expect(
      await database.query(
        "select quarter, amount::text, minutes, completes::text from mt_ink.spotify_pool_payments order by 1",
      ),
    ).toEqual([
      { quarter: "2025-Q1", amount: "4822", minutes: "429977", completes: "812.8" },
      { quarter: "2025-Q3", amount: "14354", minutes: "1707582", completes: null },
    ]);
  });

  it("changes a week that is reported again with other figures", async () => {
    const ink = await database.open();
    await importAll(ink, "report_week_start,report_week_end,total_minutes,country\n2025-12-22,2025-12-28,145000,");
    const again = await importAll(
      ink,
      "report_week_start,report_week_end,total_minutes,country\n2025-12-22,2025-12-28,146000,",
    );
    expect(again?.counts).toEqual({ new: 0, changed: 1, unchanged: 0, rejected: 0 });
  });

  it("rejects a week twice, minutes below zero, a month that is none and another currency", async () => {
    const ink = await database.open();
    const weeks = await preview(
      ink,
      "report_week_start,report_week_end,total_minutes,country\n2025-12-22,2025-12-28,1,GB\n2025-12-22,2025-12-28,2,UK\n2025-12-15,2025-12-21,-5,\n2025-12-08,2025-12-31,5,",
    );
    expect(weeks.files[0]?.rejected.map((row) => [row.line, row.column])).toEqual([
      [3, "week and country"],
      [4, "total_minutes"],
      [5, "report_week_end"],
    ]);
    const paid = await preview(ink, "quarter,amount,minutes,currency\n2025-Q9,1,1,USD\n2025-Q1,1,1,EUR");
    expect(paid.files[0]?.rejected.map((row) => [row.line, row.column])).toEqual([
      [2, "quarter"],
      [3, "currency"],
    ]);
  });
});

it("[P9] a bad row among a hundred thousand is reported by its line", async () => {
  const ink = await database.open();
  async function* content() {
    yield Buffer.from("external_id,created_at,total,currency\n");
    for (let at = 2; at <= 100_001; at += 1)
      yield Buffer.from(at === 99_999 ? "x,2026-02-03T10:00:00Z,oops,GBP\n" : `${at},2026-02-03T10:00:00Z,1.00,GBP\n`);
  }
  const { importId, files } = await ink.imports.preview(content(), { filename: "large.csv" });
  expect(files[0]).toMatchObject({
    counts: { new: 99_999, rejected: 1 },
    rejected: [{ line: 99_999, column: "total", value: "oops" }],
    total: "99999.00",
  });
  await ink.imports.commit(importId);
  expect(await contents()).toMatchObject({ orders: 99_999 });
}, 60_000);
