import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type { Ink } from "./ink.js";
import { testDatabase } from "./testing/database.js";

const FILE = join(import.meta.dirname, "../../../../shared/data/online-retail-2010-12-to-2011-06.csv.gz");
const there = existsSync(FILE);
if (!there) process.stderr.write(`\nREAL DATA MISSING: ${FILE} is not there, so nothing is proved on real orders.\n\n`);

const database = testDatabase();

// Real orders are not part of the project; without them there is nothing to import.
describe.runIf(there)("six months of a real shop's orders", () => {
  let ink: Ink;
  const orders = there ? readByHand() : [];

  beforeAll(async () => {
    ink = await database.open();
    const { importId } = await ink.imports.preview(readFileSync(FILE), { filename: "online-retail.csv.gz" });
    const { files } = await ink.imports.commit(importId);
    expect(files[0]).toMatchObject({
      counts: { new: 9_659, changed: 0, unchanged: 0, rejected: 0 },
      total: "4826466.49",
      currency: "GBP",
    });
  });

  it("are all there, to the penny", async () => {
    const rows = await database.query(
      "select count(*)::int as orders, sum(total)::text as sum from mt_ink.orders where counted",
    );
    expect(rows).toEqual([{ orders: 9_659, sum: "4826466.49" }]);
    const { data } = await ink.report("sales_by_day", { days: 366, asOf: "2011-07-01T00:00" });
    expect(data.total).toMatchObject({ orders: 9_659, revenue: "4826466.49" });
  });

  it("[P9] change nothing when they are imported again", async () => {
    const { files } = await ink.imports.preview(readFileSync(FILE), { filename: "again.csv.gz" });
    expect(files[0]?.counts).toEqual({ new: 0, changed: 0, unchanged: 9_659, rejected: 0 });
  });

  // Windows written down by hand; local wall-clock texts compare as they sort, because no window here begins or
  // ends inside the hour that the change of the clocks skips.
  it.each([
    {
      what: "the day the clocks change",
      period: "day",
      asOf: "2011-03-27T14:30",
      current: ["2011-03-27T00:00", "2011-03-27T14:30"],
      previous: ["2011-03-26T00:00", "2011-03-26T14:30"],
      clamped: false,
      hours: [13.5, 14.5],
    },
    {
      what: "the day the clocks change",
      period: "week",
      asOf: "2011-03-27T14:30",
      current: ["2011-03-21T00:00", "2011-03-27T14:30"],
      previous: ["2011-03-14T00:00", "2011-03-20T14:30"],
      clamped: false,
      hours: [157.5, 158.5],
    },
    {
      what: "a clamped month",
      period: "month",
      asOf: "2011-03-31T12:00",
      current: ["2011-03-01T00:00", "2011-03-31T12:00"],
      previous: ["2011-02-01T00:00", "2011-03-01T00:00"],
      clamped: true,
      hours: [731, 672],
    },
    {
      what: "a plain day",
      period: "day",
      asOf: "2011-06-15T10:00",
      current: ["2011-06-15T00:00", "2011-06-15T10:00"],
      previous: ["2011-06-14T00:00", "2011-06-14T10:00"],
      clamped: false,
      hours: [10, 10],
    },
    {
      what: "a plain week",
      period: "week",
      asOf: "2011-06-15T10:00",
      current: ["2011-06-13T00:00", "2011-06-15T10:00"],
      previous: ["2011-06-06T00:00", "2011-06-08T10:00"],
      clamped: false,
      hours: [58, 58],
    },
    {
      what: "a plain month",
      period: "month",
      asOf: "2011-06-15T10:00",
      current: ["2011-06-01T00:00", "2011-06-15T10:00"],
      previous: ["2011-05-01T00:00", "2011-05-15T10:00"],
      clamped: false,
      hours: [346, 346],
    },
  ] as const)(
    "[P27] $period on $what is what a loop over the file gives",
    async ({ period, asOf, current, previous, clamped, hours }) => {
      const { data } = await ink.report("compare_sales", { period, asOf });
      expect(data.current).toMatchObject(byHand(orders, current));
      expect(data.previous).toMatchObject(byHand(orders, previous));
      expect(data.windows).toMatchObject({ clamped, current: { hours: hours[0] }, previous: { hours: hours[1] } });
    },
  );
});

interface ByHand {
  readonly local: string;
  readonly pence: bigint;
}

/** The file in plain code: local wall-clock text and pence, no library of ours. */
function readByHand(): ByHand[] {
  const [header = "", ...lines] = gunzipSync(readFileSync(FILE)).toString("utf8").trim().split(/\r?\n/);
  const at = (name: string) => header.split(",").indexOf(name);
  const clock = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Europe/London",
    dateStyle: "short",
    timeStyle: "medium",
  });
  return lines.map((line) => {
    const cells = line.split(",");
    const created = cells[at("created_at")] ?? "";
    const [whole = "", part = ""] = (cells[at("total")] ?? "").split(".");
    const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(created);
    return {
      local: zoned ? clock.format(new Date(created)).replace(" ", "T") : created,
      pence: BigInt(whole + part.padEnd(2, "0")),
    };
  });
}

function byHand(orders: readonly ByHand[], [start, end]: readonly [string, string]) {
  const own = orders.filter(({ local }) => local >= start && local < end);
  const sum = own
    .reduce((all, { pence }) => all + pence, 0n)
    .toString()
    .padStart(3, "0");
  return { orders: own.length, revenue: `${sum.slice(0, -2)}.${sum.slice(-2)}` };
}
