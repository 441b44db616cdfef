import { describe, expect, it } from "vitest";
import { countryList, countryName, parseCountry, publicCountry } from "./country.js";

describe("one country however it is spelled", () => {
  it.each([
    [
      "GB",
      [
        "GB",
        "gb",
        "UK",
        "GBR",
        "United Kingdom",
        "the united kingdom".replace("the ", ""),
        "England",
        "Great Britain",
        "Scotland",
      ],
    ],
    ["IE", ["EIRE", "Eire", "Ireland", "IRL", "Republic of Ireland"]],
    ["US", ["US", "USA", "U.S.A.", "United States", "United States of America"]],
    ["ZA", ["RSA", "South Africa", "ZAF"]],
    ["GR", ["EL", "Greece"]],
    ["NL", ["Holland", "The Netherlands", "Netherlands"]],
    ["CI", ["Côte d'Ivoire", "Cote d’Ivoire", "Ivory Coast"]],
    ["KR", ["South Korea", "Korea, Republic of"]],
    ["DE", ["Deutschland", "  germany "]],
  ])("knows %s", (code, spellings) => {
    expect(spellings.map((text) => parseCountry(text))).toEqual(spellings.map(() => ({ code, text: null })));
  });
});

it("keeps the Channel Islands as a row of their own name, without a code", () => {
  const { code } = parseCountry("channel islands");
  expect([code, publicCountry(code), countryName(code)]).toEqual(["Channel Islands", null, "Channel Islands"]);
});

it("keeps what is no country as text, under unknown", () => {
  for (const text of ["Unspecified", "European Community", "<img onerror=1>", "XQ"]) {
    expect(parseCountry(text)).toEqual({ code: "ZZ", text });
  }
  for (const nothing of [null, undefined, "", "   ", "ZZ"])
    expect(parseCountry(nothing)).toEqual({ code: "ZZ", text: null });
  expect([publicCountry("ZZ"), countryName("ZZ")]).toEqual([null, "Unknown"]);
  expect(parseCountry("x".repeat(500)).text).toHaveLength(100);
});

it("reads back the short name of every code", () => {
  const list = countryList();
  expect(list.length).toBeGreaterThan(240);
  for (const { code, name } of list.filter((each) => each.code !== "ZZ")) expect(parseCountry(name).code).toBe(code);
  expect(countryName("GB")).toBe("United Kingdom");
  expect(countryName("US")).toBe("United States");
});
