import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addMoney,
  averageOf,
  changeOf,
  changeOfCount,
  formatCount,
  formatMoney,
  formatPercent,
  formatSigned,
  shareOf,
  subtractMoney,
  toMoney,
} from "./money.js";

const pence = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n });
const text = (amount: bigint) => {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, "0");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
/** Half away from zero, in whole numbers. */
const divide = (a: bigint, b: bigint) => {
  const [n, d] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const rounded = (2n * n + d) / (2n * d);
  return a < 0n !== b < 0n ? -rounded : rounded;
};

it("[P27] adds and subtracts to the penny, however large", () => {
  fc.assert(
    fc.property(fc.array(pence, { maxLength: 30 }), pence, (amounts, other) => {
      const sum = amounts.reduce((all, each) => all + each, 0n);
      expect(toMoney(addMoney(...amounts.map(text)))).toBe(text(sum));
      expect(toMoney(subtractMoney(text(sum), text(other)))).toBe(text(sum - other));
    }),
  );
});

it("[P27] gives changes, averages and shares as whole numbers would", () => {
  fc.assert(
    fc.property(pence, pence, fc.integer({ min: 1, max: 1_000_000 }), (now, before, count) => {
      const change = changeOf(text(now), text(before));
      expect(change?.absolute).toBe(text(now - before));
      const size = before < 0n ? -before : before;
      const tenths = size === 0n ? null : divide((now - before) * 1000n, size);
      expect(change?.percent).toBe(tenths === null ? null : text(tenths * 10n).slice(0, -1));
      expect(averageOf(text(now), count)).toBe(text(divide(now, BigInt(count))));
      expect(shareOf(text(now), text(before))).toBe(
        before === 0n ? null : text(divide(now * 1000n, size) * 10n).slice(0, -1),
      );
    }),
  );
});

describe("rounding", () => {
  it.each([
    ["0.005", "0.01"],
    ["-0.005", "-0.01"],
    ["1.005", "1.01"],
    ["-0.004", "0.00"],
    ["2.675", "2.68"],
  ])("rounds %s half away from zero to %s, never to -0.00", (from, to) => {
    expect(toMoney(from)).toBe(to);
  });

  it("says n/a against zero and has no percent, not infinity", () => {
    expect(changeOf("5.00", "0.00")).toEqual({ absolute: "5.00", percent: null });
    expect(changeOfCount(3, 0)).toEqual({ absolute: "3", percent: null });
    expect(formatPercent(null)).toBe("n/a");
    expect(averageOf("0.00", 0)).toBeNull();
    expect(changeOf(null, "1.00")).toBeNull();
  });

  it("never writes -0.0 percent", () => {
    expect(changeOf("999.99", "1000.00")?.percent).toBe("0.0");
  });
});

describe("as a reader sees it", () => {
  it.each([
    ["1045.67", "GBP", "£1,045.67"],
    ["-3", "USD", "-$3.00"],
    ["12.5", "CAD", "CA$12.50"],
    ["12", "EUR", "€12.00"],
    ["5", "XYZ", "XYZ 5.00"],
    ["5", "not a code", "not a code 5.00"],
    ["123456789012345678.99", "GBP", "£123,456,789,012,345,678.99"],
  ])("writes %s %s as %s", (amount, currency, shown) => {
    expect(formatMoney(amount, currency)).toBe(shown);
  });

  it("shows the sign of a change, and none of nothing", () => {
    expect([formatSigned("1", "GBP"), formatSigned("-1", "GBP"), formatSigned("-0.001", "GBP")]).toEqual([
      "+£1.00",
      "-£1.00",
      "£0.00",
    ]);
    expect([formatPercent("17.2"), formatPercent("-3.0"), formatPercent("0.0")]).toEqual(["+17.2%", "-3.0%", "0.0%"]);
    expect(formatCount(1234567)).toBe("1,234,567");
  });
});
