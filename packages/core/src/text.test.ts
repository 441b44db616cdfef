import fc from "fast-check";
import { expect, it } from "vitest";
import { alignColumns, countOf, fitText, joinLines, plainText, shortDate, wrap } from "./text.js";

it("breaks lines at spaces so that none is wider than a phone", () => {
  const lines = fc.array(fc.stringMatching(/^[a-z]{1,39}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(lines, (words) => {
      const wrapped = wrap(words.join(" "));
      expect(wrapped.every((line) => line.length <= 40)).toBe(true);
      expect(wrapped.join(" ")).toBe(words.join(" "));
    }),
  );
});

it("leaves a word alone that is wider than a phone", () => {
  expect(wrap(`see ${"x".repeat(50)} there`)).toEqual(["see", "x".repeat(50), "there"]);
});

it("leaves out null lines and keeps empty ones", () => {
  expect(joinLines("a", null, "", "b")).toBe("a\n\nb");
});

it("cuts a long text at a line and says how many are left out", () => {
  const text = Array.from({ length: 100 }, (_, at) => `line ${at}`).join("\n");
  const cut = fitText(text, 200);
  expect(cut.length).toBeLessThanOrEqual(200);
  const kept = cut.split("\n").length - 1;
  expect(cut.endsWith(`… ${100 - kept} more lines`)).toBe(true);
  expect(fitText("short", 200)).toBe("short");
});

it("puts columns under each other and cuts the first when there is no room", () => {
  const rows = alignColumns([
    ["A name much longer than a phone is wide, really", "1", "£5.00"],
    ["B", "1,000", "£55.00"],
  ]);
  expect(rows.every((row) => row.length <= 40)).toBe(true);
  expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  expect(rows[0]).toContain("…");
});

it("counts with thousands marks and the right plural", () => {
  expect([countOf(1, "order"), countOf(0, "order"), countOf(1234, "order")]).toEqual([
    "1 order",
    "0 orders",
    "1,234 orders",
  ]);
  expect(shortDate("2026-02-03T14:30:00+00:00")).toBe("3 Feb 2026");
});

it("takes control characters and direction marks out of untrusted text", () => {
  expect(plainText("a\u0000b\u202Ec\u2066d\n<img onerror>")).toBe("abcd<img onerror>");
});
