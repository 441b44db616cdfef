import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "../testing/database.js";
import { mtInk } from "../testing/process.js";

const database = testDatabase();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mt-ink-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => database.empty());

const cli = (...args: string[]) => mtInk(args, { DATABASE_URL: database.url }, folder);

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const GOOD =
  "external_id,created_at,total,currency\n1,2026-02-03T10:00:00Z,45.67,GBP\n2,2026-02-03T11:00:00Z,10.00,GBP\n";
const count = async () =>
  (await database.query<{ count: number }>("select count(*)::int as count from mt_ink.orders"))[0]?.count;

describe("import", () => {
  it("imports, says what it did in a few lines, and a second time that nothing changed", async () => {
    const path = await file("orders.csv", GOOD);
    const first = await cli("import", path);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(first.out).toMatch(/orders\.csv: orders.*£55\.67[\s\S]*2 new, 0 changed, 0 unchanged/);
    expect((await cli("import", path)).out).toMatch(/Nothing changed: all 2 rows known/);
    expect(await count()).toBe(2);
  });

  it("prints one JSON document and nothing else with --json, and writes nothing with --dry-run", async () => {
    const path = await file("orders.csv", GOOD);
    const dry = await cli("import", path, "--dry-run", "--json");
    expect(dry).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(dry.out)).toMatchObject({ status: "previewed", files: [{ kind: "orders", counts: { new: 2 } }] });
    expect(await count()).toBe(0);
    expect(JSON.parse((await cli("import", path, "--json")).out)).toMatchObject({ status: "committed" });
    expect(await count()).toBe(2);
  });

  it("exits with 3 when some rows are rejected, and names their lines", async () => {
    const rows = Array.from({ length: 20 }, (_, at) => `${at},2026-02-03T10:00:00Z,1.00,GBP`);
    const path = await file(
      "some-bad.csv",
      ["external_id,created_at,total,currency", ...rows, "x,never,1,GBP"].join("\n"),
    );
    const ran = await cli("import", path);
    expect(ran).toMatchObject({ code: 3, err: "" });
    expect(ran.out).toMatch(/20 new[\s\S]*1 row rejected[\s\S]*line 22: created_at "never"/);
    expect(await count()).toBe(20);
  });

  it("exits with 3 and writes nothing when more than one row in ten is bad, unless told --yes", async () => {
    const path = await file("bad.csv", `${GOOD}3,never,1,GBP\n`);
    const ran = await cli("import", path);
    expect(ran).toMatchObject({ code: 3, out: "" });
    expect(oneLine(ran.err)).toMatch(/1 rows? (is|are) bad.*nothing was written.*line 4/);
    expect(await count()).toBe(0);
    expect((await cli("import", path, "--yes")).code).toBe(3);
    expect(await count()).toBe(2);
  });

  it.each([
    ["missing columns", "external_id,total\n1,2\n", 1, /lacks created_at, currency/],
    ["a binary file", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]), 1, /not a text file/],
    ["an empty file", "", 1, /is empty/],
  ])("refuses %s in one sentence", async (_what, content, code, sentence) => {
    const ran = await cli("import", await file("wrong.csv", content));
    expect(ran).toMatchObject({ code, out: "" });
    expect(oneLine(ran.err)).toMatch(sentence);
    expect(await count()).toBe(0);
  });

  it.each([
    [["import"], 2, /FILE is missing/],
    [["import", "not-there.csv"], 1, /There is no file not-there\.csv/],
    [["import", "x.csv", "--colour"], 2, /Unknown option '--colour'/],
    [["import", "x.csv", "--column", "total"], 1, /no file|field=header/],
  ])("says what is wrong with %j", async (args, code, sentence) => {
    const ran = await cli(...args);
    expect(ran).toMatchObject({ code, out: "" });
    expect(oneLine(ran.err)).toMatch(sentence);
  });

  it("takes columns by hand and a kind by name", async () => {
    const path = await file("own.csv", "Ref,When,Paid,currency\n1,2026-02-03 10:00,5,GBP\n");
    const ran = await cli(
      "import",
      path,
      "--as",
      "orders",
      "--platform",
      "market",
      "--column",
      "external_id=Ref",
      "--column",
      "created_at=When",
      "--column",
      "total=Paid",
    );
    expect(ran.code).toBe(0);
    expect(await database.query("select platform, total::text from mt_ink.orders")).toEqual([
      { platform: "market", total: "5" },
    ]);
  });
});

describe("report", () => {
  it("prints the text, or the whole answer with --json, for the moment asked", async () => {
    await cli("import", await file("orders.csv", GOOD));
    const text = await cli("report", "compare_sales", "--period", "day", "--as-of", "2026-02-03T14:30");
    expect(text).toMatchObject({ code: 0, err: "" });
    expect(text.out).toMatch(/Today to 14:30, 3 Feb 2026\n2 orders, £55\.67/);
    const json = JSON.parse((await cli("report", "compare_sales", "--as-of", "2026-02-03T14:30", "--json")).out);
    expect(json).toMatchObject({
      data: { current: { orders: 2, revenue: "55.67" } },
      seq: expect.any(Number),
      freshness: [{ source: "other" }],
    });
  });

  it.each([
    [["report"], /NAME is missing/],
    [["report", "sales"], /No report "sale?s"\. Known: compare_sales/],
    [["report", "sales_by_day", "--weeks", "3"], /Unknown option '--weeks'.*--days/],
    [["report", "sales_by_day", "--days", "many"], /days is wrong/],
    [["report", "sales_by_day", "--as-of", "soon"], /"soon" is no moment/],
    [["nothing"], /No command "nothing"\. Known: migrate, import/],
  ])("exits with 2 and says what is allowed for %j", async (args, sentence) => {
    const ran = await cli(...args);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(oneLine(ran.err)).toMatch(sentence);
  });

  it("lists the reports with their parameters", async () => {
    expect((await cli("reports")).out).toMatch(/sales_by_day\n {2}Use when[\s\S]*days: 1 to 366, default 30/);
    const list = JSON.parse((await cli("reports", "--json")).out);
    expect(list[0]).toMatchObject({ name: "compare_sales", input: { type: "object" } });
  });
});

describe("settings", () => {
  it.each([
    ["MTINK_TIME_ZONE", "Londn", /MTINK_TIME_ZONE must be an IANA time zone/],
    ["MTINK_CURRENCY", "pound", /MTINK_CURRENCY must be/],
    ["DATABASE_URL", "mysql://root:hunter2@x", /DATABASE_URL must be/],
    ["DATABASE_URL", "postgres://someone:hunter2@127.0.0.1:1/none", /cannot be reached: no server answers/],
  ])("[P18] names %s=%s in one sentence, without a secret", async (name, value, sentence) => {
    const ran = await mtInk(["migrate"], { DATABASE_URL: database.url, [name]: value }, folder);
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(oneLine(ran.err)).toMatch(sentence);
    expect(ran.err).not.toContain("hunter2");
  });

  it("reads the .env file where it lies", async () => {
    const own = await mkdtemp(join(folder, "env-"));
    await writeFile(join(own, ".env"), `DATABASE_URL=${database.url}\nMTINK_TIME_ZONE=Mars/Base\n`);
    expect((await mtInk(["migrate"], {}, own)).err).toMatch(/MTINK_TIME_ZONE/);
    expect((await mtInk(["migrate"], { MTINK_TIME_ZONE: "UTC" }, own)).out).toMatch(/up to date/);
  });

  it("is told apart by doctor, check by check", async () => {
    const ran = await cli("doctor");
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toMatch(/ok {3}configuration: Europe\/London, GBP[\s\S]*ok {3}database/);
    const bad = await mtInk(["doctor", "--json"], { DATABASE_URL: database.url, MTINK_CURRENCY: "x" }, folder);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject([
      { check: "configuration", ok: false, found: expect.stringContaining("MTINK_CURRENCY") },
    ]);
  });
});

it("helps", async () => {
  expect((await cli("--help")).out).toMatch(/mt-ink import FILE/);
  expect((await cli("report", "--help")).out).toMatch(/mt-ink report NAME/);
});

function oneLine(text: string): string {
  expect(text.trimEnd().split("\n")).toHaveLength(1);
  return text.trimEnd();
}
