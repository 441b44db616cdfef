import { describe, expect, it } from "vitest";
import {
  readAmount,
  readCurrency,
  readDay,
  readFlag,
  readMoment,
  readMonth,
  readNumber,
  readQuarter,
  readWhole,
} from "./values.js";

describe("numbers as people write them", () => {
  it.each([
    ["45.67", "45.67"],
    ["1,234", "1234"],
    ["1,234.50", "1234.50"],
    ["1.234,50", "1234.50"],
    ["1,5", "1.5"],
    ["1234,50", "1234.50"],
    ["£1,045.67", "1045.67"],
    ["116,99 €", "116.99"],
    ["1 234 567", "1234567"],
    ["1'234.5", "1234.5"],
    ["-3.00", "-3.00"],
    ["+3", "3"],
    ["12,345,678.9", "12345678.9"],
  ])("reads %s as %s", (cell, number) => {
    expect(readNumber("total", cell)).toBe(number);
  });

  it.each(["", "abc", "1e5", "NaN", "Infinity", "0x10", "--5", "1.2.3", "5;drop", "1".repeat(40)])(
    "refuses %j",
    (cell) => {
      expect(() => readNumber("total", cell)).toThrow("is not a number");
    },
  );

  it("knows amounts and whole numbers from others", () => {
    expect(() => readAmount("minutes", "-1")).toThrow("below zero");
    expect(() => readWhole("minutes", "1.5")).toThrow("whole number");
    expect(readWhole("minutes", "145,000.0")).toBe("145000");
  });
});

describe("moments", () => {
  it.each([
    ["2026-07-03T14:30:00Z", "2026-07-03T14:30:00Z", false],
    ["2026-05-14 11:23:45 +0100", "2026-05-14T11:23:45+0100", false],
    ["2026-07-03 14:30", "2026-07-03T13:30:00Z", false],
    ["2026-07-03", "2026-07-02T23:00:00Z", true],
  ])("reads %s", (cell, at, dateOnly) => {
    expect(readMoment("created_at", cell, "Europe/London")).toEqual({ at, dateOnly });
  });

  it.each([
    "",
    "2026-02-30",
    "2026-02-30T10:00:00Z",
    "2026-02-03T24:00",
    "03/02/2026",
    "0000-00-00",
    "now",
    "infinity",
    "2026-02-03T10:61",
  ])("refuses %j with an example", (cell) => {
    expect(() => readMoment("created_at", cell, "Europe/London")).toThrow(/such as 2026-02-03/);
  });

  it("reads days, months and quarters in their common spellings", () => {
    expect(readDay("day", "2026-02-03T00:00:00")).toBe("2026-02-03");
    expect([readMonth("month", "2025-10"), readMonth("month", "2025-10-31")]).toEqual(["2025-10-01", "2025-10-01"]);
    expect(["2025-Q3", "Q3 2025", "2025 q3", "q3-2025"].map((cell) => readQuarter("quarter", cell))).toEqual(
      Array(4).fill("2025-Q3"),
    );
    for (const bad of ["2025-Q5", "2025", "Q3"]) expect(() => readQuarter("quarter", bad)).toThrow("2025-Q3");
    for (const bad of ["2025-13", "2025-00", "Oct 2025"]) expect(() => readMonth("month", bad)).toThrow("2025-10");
  });
});

it("reads flags and currency codes", () => {
  expect(["TRUE", "yes", "1"].map((cell) => readFlag("test", cell))).toEqual(["true", "true", "true"]);
  expect(["false", "No", "0"].map((cell) => readFlag("test", cell))).toEqual(["false", "false", "false"]);
  expect(() => readFlag("test", "maybe")).toThrow();
  expect(readCurrency("currency", " gbp ")).toBe("GBP");
  for (const bad of ["", "£", "POUND"]) expect(() => readCurrency("currency", bad)).toThrow("GBP");
});
