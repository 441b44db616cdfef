import { expect, it } from "vitest";
import { parseConfig } from "./config.js";

it("has the contract's defaults, and takes an empty value for none", () => {
  const defaults = {
    databaseUrl: null,
    dataDir: "./.mt-ink",
    timeZone: "Europe/London",
    currency: "GBP",
    minutesPerListen: 530,
    poolRate: { kind: "latest" },
  };
  expect(parseConfig({})).toEqual(defaults);
  expect(parseConfig({ DATABASE_URL: "", MTINK_TIME_ZONE: "" })).toEqual(defaults);
});

it("reads the three policies of the pool rate", () => {
  expect(parseConfig({ MTINK_POOL_RATE: "quarter:2025-Q3" }).poolRate).toEqual({ kind: "quarter", quarter: "2025-Q3" });
  expect(parseConfig({ MTINK_POOL_RATE: "fixed:0.00841" }).poolRate).toEqual({ kind: "fixed", perMinute: "0.00841" });
});

it.each([
  ["DATABASE_URL", "mysql://x", "postgres://"],
  ["MTINK_TIME_ZONE", "London", "Europe/London"],
  ["MTINK_CURRENCY", "pounds", "GBP"],
  ["MTINK_MINUTES_PER_LISTEN", "0", "530"],
  ["MTINK_POOL_RATE", "newest", "quarter:2025-Q3"],
  ["MTINK_POOL_RATE", "fixed:0", "fixed:0.00841"],
])("names %s when it is wrong (%s), and what is allowed", (name, value, allowed) => {
  expect(() => parseConfig({ [name]: value })).toThrow(new RegExp(`${name}.*${allowed.replace(/[/:.]/g, "\\$&")}`));
});

it("[P18] does not repeat a wrong value, which may be a secret in the wrong place", () => {
  expect(() => parseConfig({ MTINK_CURRENCY: "hunter2" })).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining("hunter2") }),
  );
});
