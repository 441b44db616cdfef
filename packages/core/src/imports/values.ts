import { Temporal } from "temporal-polyfill";

/** Why a cell was rejected, in words for the person who made the file. */
export class Rejection extends Error {
  constructor(
    readonly column: string,
    readonly value: string,
    readonly reason: string,
  ) {
    super(reason);
  }
}

const NUMBER = /^[+-]?\d{1,15}(\.\d{1,6})?$/;

/**
 * A decimal string from a cell: currency signs and thousands marks are taken off, a decimal comma is read.
 *
 * `1,234` is one thousand two hundred and thirty-four; `1,5` is one and a half; `1.234,50` is German.
 */
export function readNumber(column: string, value: string): string {
  const text = value.replaceAll(/[\s\u00a0£$€']/g, "");
  const plain = NUMBER.test(text) ? text : withoutMarks(text);
  if (!NUMBER.test(plain)) throw new Rejection(column, value, "is not a number");
  return plain.startsWith("+") ? plain.slice(1) : plain;
}

function withoutMarks(text: string): string {
  const comma = text.lastIndexOf(",");
  const point = text.lastIndexOf(".");
  if (comma > point && !/^[+-]?\d{1,3}(,\d{3})+$/.test(text)) return text.replaceAll(".", "").replace(",", ".");
  return text.replaceAll(",", "");
}

/** The same for what cannot be below zero, such as minutes. */
export function readAmount(column: string, value: string): string {
  const number = readNumber(column, value);
  if (number.startsWith("-")) throw new Rejection(column, value, "is below zero");
  return number;
}

export function readWhole(column: string, value: string): string {
  const number = readAmount(column, value);
  if (!/^\d+(\.0+)?$/.test(number)) throw new Rejection(column, value, "is not a whole number");
  return number.split(".")[0] ?? number;
}

const MOMENT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|[+-]\d{2}:?\d{2}(?::\d{2})?)?$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * A moment from a cell: ISO 8601 with an offset, local time of the shop, or a day alone, which then stands
 * for its local midnight and is flagged.
 */
export function readMoment(column: string, value: string, timeZone: string): { at: string; dateOnly: boolean } {
  const text = value.trim();
  if (DAY.test(text)) return { at: midnight(column, text, timeZone), dateOnly: true };
  const [, day = "", time = "", offset] = MOMENT.exec(text) ?? [];
  if (day === "" || !isDay(day) || !isTime(time))
    throw notA(column, value, "date and time", "2026-02-03T14:30:00+00:00");
  if (offset !== undefined) return { at: `${day}T${time}${offset.toUpperCase()}`, dateOnly: false };
  const local = Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(timeZone);
  return { at: local.toInstant().toString(), dateOnly: false };
}

export function readDay(column: string, value: string): string {
  const text = value.trim().slice(0, 10);
  if (!DAY.test(text) || !isDay(text) || !/^.{10}([T ].*)?$/.test(value.trim()))
    throw notA(column, value, "date", "2026-02-03");
  return text;
}

/** The first of a month from `2025-10` or any of its days. */
export function readMonth(column: string, value: string): string {
  const text = value.trim();
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return `${text}-01`;
  if (DAY.test(text) && isDay(text)) return `${text.slice(0, 7)}-01`;
  throw notA(column, value, "month", "2025-10");
}

/** `2025-Q3` from `2025-Q3`, `Q3 2025` or `2025 q3`. */
export function readQuarter(column: string, value: string): string {
  const text = value.trim().toUpperCase();
  const [, year = "", quarter = ""] = /^(\d{4})[- ]?Q([1-4])$/.exec(text) ?? [];
  const [, quarterFirst = "", yearLast = ""] = /^Q([1-4])[- ]?(\d{4})$/.exec(text) ?? [];
  if (year === "" && yearLast === "") throw notA(column, value, "quarter", "2025-Q3");
  return `${year || yearLast}-Q${quarter || quarterFirst}`;
}

export function readCurrency(column: string, value: string): string {
  const text = value.trim().toUpperCase();
  if (!/^[A-Z]{3}$/.test(text)) throw notA(column, value, "currency code", "GBP");
  return text;
}

export function readFlag(column: string, value: string): string {
  const text = value.trim().toLowerCase();
  if (["true", "yes", "1", "t", "y"].includes(text)) return "true";
  if (["false", "no", "0", "f", "n"].includes(text)) return "false";
  throw notA(column, value, "yes or no", "no");
}

const notA = (column: string, value: string, what: string, example: string) =>
  new Rejection(column, value, `is no ${what} such as ${example}`);

function midnight(column: string, day: string, timeZone: string): string {
  if (!isDay(day)) throw notA(column, day, "date", "2026-02-03");
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).toInstant().toString();
}

// The same few thousand days come again and again in a file of a million rows.
const days = new Map<string, boolean>();
function isDay(text: string): boolean {
  const known = days.get(text);
  if (known !== undefined) return known;
  const valid = parsesAsDay(text) && text >= "1970-01-01" && text < "2200-01-01";
  if (days.size > 100_000) days.clear();
  days.set(text, valid);
  return valid;
}

function parsesAsDay(text: string): boolean {
  try {
    Temporal.PlainDate.from(text, { overflow: "reject" });
    return true;
  } catch {
    return false;
  }
}

const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?$/.test(text);
