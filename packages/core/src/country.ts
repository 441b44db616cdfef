import isoCountries from "i18n-iso-countries";

/** Where an order is sent. */
export interface Country {
  /** ISO 3166-1 alpha-2, `ZZ` for unknown, or the name of an area that has no code ("Channel Islands"). */
  readonly code: string;
  /** The original text where the code does not tell it: unknown is kept as text. */
  readonly text: string | null;
}

const UNKNOWN: Country = { code: "ZZ", text: null };
const AREAS = ["Channel Islands"];

/** Spellings found in shops' files which the ISO list does not have, in the form `plain` gives. */
const ALIASES: Readonly<Record<string, string>> = {
  ...{ uk: "GB", el: "GR", eire: "IE", rsa: "ZA", usa: "US", america: "US", "great britain": "GB", britain: "GB" },
  ...{ england: "GB", scotland: "GB", wales: "GB", "northern ireland": "GB", "republic of ireland": "IE" },
  ...{ holland: "NL", "the netherlands": "NL", "czech republic": "CZ", "ivory coast": "CI", "united states": "US" },
  ...{ korea: "KR", "south korea": "KR", "north korea": "KP", russia: "RU", iran: "IR", syria: "SY", vietnam: "VN" },
  ...{ laos: "LA", bolivia: "BO", venezuela: "VE", tanzania: "TZ", moldova: "MD", macedonia: "MK", turkey: "TR" },
  ...{
    taiwan: "TW",
    brunei: "BN",
    "hong kong sar": "HK",
    macau: "MO",
    swaziland: "SZ",
    burma: "MM",
    "cape verde": "CV",
  },
  ...{ palestine: "PS", vatican: "VA", deutschland: "DE", osterreich: "AT", schweiz: "CH", suisse: "CH", espana: "ES" },
  ...{
    italia: "IT",
    belgie: "BE",
    belgique: "BE",
    nederland: "NL",
    danmark: "DK",
    sverige: "SE",
    norge: "NO",
    suomi: "FI",
  },
  ...{ polska: "PL", brasil: "BR", uae: "AE" },
};

/** Everyday short names where the ISO list has a formal one. */
const NAMES: Readonly<Record<string, string>> = {
  ...{
    US: "United States",
    RU: "Russia",
    KR: "South Korea",
    KP: "North Korea",
    IR: "Iran",
    SY: "Syria",
    VN: "Vietnam",
  },
  ...{ LA: "Laos", BO: "Bolivia", VE: "Venezuela", TZ: "Tanzania", MD: "Moldova", MK: "North Macedonia", TW: "Taiwan" },
  ...{
    CZ: "Czechia",
    BN: "Brunei",
    TR: "Turkey",
    CI: "Ivory Coast",
    PS: "Palestine",
    VA: "Vatican City",
    CD: "DR Congo",
  },
  ...{
    CG: "Congo",
    FK: "Falkland Islands",
    FM: "Micronesia",
    GM: "Gambia",
    BS: "Bahamas",
    MO: "Macao",
    HK: "Hong Kong",
  },
  ...{ CN: "China", VG: "British Virgin Islands", VI: "US Virgin Islands", LY: "Libya", SZ: "Eswatini" },
};

const byName = new Map<string, string>();
for (const code of Object.keys(isoCountries.getAlpha2Codes())) {
  for (const name of [isoCountries.getName(code, "en", { select: "all" }) ?? []].flat()) byName.set(plain(name), code);
}
// Last, because a name of everyday use ("Congo") may be one of another country's in the list.
for (const [code, name] of Object.entries(NAMES)) byName.set(plain(name), code);
for (const [alias, code] of Object.entries(ALIASES)) byName.set(alias, code);

/**
 * A country however it was spelled: codes of two or three letters, names, everyday aliases, any case.
 *
 * @example
 * parseCountry("EIRE"); // { code: "IE", text: null }
 * parseCountry("Unspecified"); // { code: "ZZ", text: "Unspecified" }
 */
export function parseCountry(text: string | null | undefined): Country {
  if (text === null || text === undefined || text === "") return UNKNOWN;
  const known = cache.get(text);
  if (known !== undefined) return known;
  const found = lookUp(text.trim());
  if (cache.size > 10_000) cache.clear();
  cache.set(text, found);
  return found;
}

// An import asks for the same few spellings a million times.
const cache = new Map<string, Country>();

function lookUp(text: string): Country {
  if (text === "") return UNKNOWN;
  const name = plain(text);
  const aliased = byName.get(name);
  if (aliased !== undefined) return { code: aliased, text: null };
  const area = AREAS.find((each) => plain(each) === name);
  if (area !== undefined) return { code: area, text: null };
  const upper = text.toUpperCase();
  if (upper === "ZZ") return UNKNOWN;
  // `getAlpha2Code("GB")` is undefined, so a code is tested before it is converted.
  if (/^[A-Z]{2,3}$/.test(upper) && isoCountries.isValid(upper)) {
    const code = upper.length === 2 ? upper : isoCountries.alpha3ToAlpha2(upper);
    if (code !== undefined) return { code, text: null };
  }
  return { code: "ZZ", text: text.slice(0, 100) };
}

/** Without case, accents and punctuation. */
function plain(name: string): string {
  return name
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/\./g, "")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The English short name: "United Kingdom"; "Unknown" for `ZZ`; an area by its own name. */
export function countryName(code: string): string {
  if (code === "ZZ") return "Unknown";
  return NAMES[code] ?? isoCountries.getName(code, "en") ?? code;
}

/** The code as reports show it: null for unknown and for areas without one. */
export function publicCountry(code: string): string | null {
  return /^[A-Z]{2}$/.test(code) && code !== "ZZ" ? code : null;
}

/** Every code with its English name, `ZZ` and areas included. */
export function countryList(): { code: string; name: string }[] {
  const codes = [...Object.keys(isoCountries.getAlpha2Codes()), "ZZ", ...AREAS];
  return codes.map((code) => ({ code, name: countryName(code) }));
}
