import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineReport, inputSchema } from "./report.js";
import { reports } from "./reports.js";
import { fillWithSample } from "./sample/fill.js";
import { testDatabase } from "./testing/database.js";

const database = testDatabase();
const emptyDatabase = testDatabase();
const now = () => "2026-02-03T14:30:00Z";

// Filled once, by the first test that needs it.
let filled: Promise<number> | null = null;
async function sample() {
  const ink = await database.open({ now });
  filled ??= fillWithSample(ink, { now: Temporal.Instant.from(now()) });
  await filled;
  return ink;
}

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });

describe.each(reports.map((report) => [report.name, report] as const))("%s", (name, report) => {
  it("answers on an empty database", async () => {
    const ink = await emptyDatabase.open({ now });
    const { answers } = await ink.answer([{ name }]);
    check(answers[0]);
    expect(answers[0]?.seq).toBe(0);
  });

  it("answers on a filled one, with its smallest and largest parameters too, in a text that fits a phone", async () => {
    const ink = await sample();
    for (const params of [{}, ...extremes(report.input)]) {
      const { answers } = await ink.answer([{ name, params }]);
      check(answers[0]);
      expect(() => report.output.parse(answers[0]?.data)).not.toThrow();
    }
  });

  it("has schemas that convert, a name that is its file's, and says when to use it and when not", () => {
    expect(z.toJSONSchema(inputSchema(report), { io: "input" })).toMatchObject({
      type: "object",
      additionalProperties: false,
    });
    expect(z.toJSONSchema(report.output)).toMatchObject({ type: "object" });
    expect(files.some((file) => file.endsWith(join("/", `${name.replaceAll("_", "-")}.ts`)))).toBe(true);
    expect(report.description).toMatch(/^Use when .*\. Not for .*\.$/);
    expect(Object.keys(report.input.shape)).not.toContain("asOf");
  });

  it("parses its own input a second time to the same", () => {
    const once = report.input.parse({});
    expect(report.input.parse(once)).toEqual(once);
  });
});

function check(answer: { text: string; data: unknown } | undefined) {
  expect(answer?.text.length).toBeGreaterThan(0);
  expect(answer?.text.length).toBeLessThanOrEqual(4_096);
  for (const line of answer?.text.split("\n") ?? []) expect(line.length).toBeLessThanOrEqual(40);
  expect(JSON.parse(JSON.stringify(answer?.data))).toEqual(answer?.data);
  expect(JSON.stringify(answer)).not.toMatch(/NaN|Infinity|undefined|"-0(\.0+)?"/);
}

/** The ends of every parameter's range, told by its JSON Schema. */
function extremes(input: z.ZodObject): Record<string, unknown>[] {
  const { properties = {} } = z.toJSONSchema(input, { io: "input" });
  return Object.entries(properties).flatMap(([name, property]) => {
    if (typeof property === "boolean") return [];
    const { minimum, maximum } = property;
    return [...(property.enum ?? []), minimum, maximum]
      .filter((value) => value !== undefined)
      .map((value) => ({ [name]: value }));
  });
}

it("gives all reports of one call from one snapshot and one moment", async () => {
  const ink = await sample();
  const { answers, seq } = await ink.answer(reports.map(({ name }) => ({ name })));
  expect(answers).toHaveLength(reports.length);
  for (const answer of answers) expect(answer.seq).toBe(seq);
  expect(new Set(answers.map((answer) => answer.data.asOf))).toEqual(new Set(["2026-02-03T14:30:00+00:00"]));
});

it("[P30] gives the reference quarters' rates to the printed digit", async () => {
  await sample();
  const rate = async (env: Record<string, string>, asOf: string) => {
    const ink = await database.open({ now, env });
    return (await ink.report("spotify_listening", { asOf, weeks: 1 })).data.rate;
  };
  const quarters = [
    ["2025-04-01", "2025-Q1", "0.01121"],
    ["2025-07-01", "2025-Q2", "0.01504"],
    ["2025-10-01", "2025-Q3", "0.00841"],
    ["2026-01-01", "2025-Q4", "0.01034"],
  ] as const;
  for (const [day, quarter, perMinute] of quarters) {
    expect(await rate({}, `${day}T00:00`)).toMatchObject({ perMinute, sourceQuarter: quarter, policy: "latest" });
    expect(await rate({ MTINK_POOL_RATE: `quarter:${quarter}` }, "2026-02-03T00:00")).toMatchObject({ perMinute });
  }
  expect(await rate({ MTINK_POOL_RATE: "quarter:2025-Q3" }, "2026-02-03T00:00")).toMatchObject({ per1000: "8.41" });
  // Before the first quarter had ended nothing was known.
  expect(await rate({}, "2025-03-31T23:59")).toBeNull();
});

it("[P30] values 145,000 minutes at the exact rate of the quarter, or at the fixed one as given", async () => {
  await sample();
  const file = "report_week_start,report_week_end,total_minutes,country\n2026-01-19,2026-01-25,145000,";
  const value = async (policy: string) => {
    const ink = await database.open({ now, env: { MTINK_POOL_RATE: policy } });
    const { importId } = await ink.imports.preview(Buffer.from(file), { filename: "week.csv" });
    await ink.imports.commit(importId);
    const { data } = await ink.report("spotify_listening", { weeks: 2 });
    return data.weeks.find((week) => week.weekStart === "2026-01-19");
  };
  expect(await value("quarter:2025-Q3")).toMatchObject({
    minutes: 145_000,
    estimatedRevenue: "1218.88",
    completedListens: 273.6,
  });
  expect(await value("fixed:0.00841")).toMatchObject({ estimatedRevenue: "1219.45" });
});

it("refuses unknown reports and parameters by name, with the known ones", async () => {
  const ink = await database.open();
  await expect(ink.answer([{ name: "sales" }])).rejects.toMatchObject({
    code: "unknown_report",
    message: expect.stringContaining("compare_sales, sales_by_day"),
  });
  await expect(ink.answer([{ name: "sales_by_day", params: { dayz: 3 } }])).rejects.toMatchObject({
    code: "bad_parameter",
    message: 'sales_by_day has no parameter "dayz". Known: days, asOf.',
  });
  await expect(ink.answer([{ name: "sales_by_day", params: { days: 0 } }])).rejects.toThrow(/days is wrong/);
  await expect(ink.answer([{ name: "compare_sales", params: { asOf: "soon" } }])).rejects.toThrow(
    /"soon" is no moment/,
  );
});

it("takes reports of one's own, and refuses a name that exists", async () => {
  const { openInk } = await import("./ink.js");
  const mine = defineReport({
    name: "largest_order",
    title: "Largest order",
    description: "Use when asked for the largest order. Not for totals: sales_by_day.",
    input: z.object({}),
    output: z.object({ asOf: z.string() }),
    run: async ({ asOf }) => ({ asOf: asOf.toString() }),
    text: () => "none",
  });
  const ink = await openInk({ env: {}, databaseUrl: database.url, reports: [mine], now });
  const { data } = await ink.report("largest_order", {});
  expect(data.asOf).toBe("2026-02-03T14:30:00Z");
  expect(ink.reports.map((report) => report.name)).toContain("largest_order");
  await ink.close();
  await expect(
    openInk({ env: {}, databaseUrl: database.url, reports: [{ ...mine, name: "compare_sales" }] }),
  ).rejects.toThrow(/compare_sales/);
});
