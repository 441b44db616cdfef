import { Big } from "big.js";

/** The change of a figure: decimal strings, signed; `percent` has one decimal and is null against zero. */
export interface Change {
  readonly absolute: string;
  readonly percent: string | null;
}

/** Half away from zero, as everything is rounded here: big.js rounds magnitudes, so half up is away from zero. */
const fixed = (value: Big, places: number) => {
  const text = value.toFixed(places, Big.roundHalfUp);
  return /^-0(\.0+)?$/.test(text) ? text.slice(1) : text;
};

/** Sums decimal strings, exactly. Not rounded. */
export function addMoney(...amounts: readonly string[]): string {
  return amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)).toFixed();
}

/** `a − b`, exactly. Not rounded. */
export function subtractMoney(a: string, b: string): string {
  return new Big(a).minus(b).toFixed();
}

/** Two places, half away from zero, never -0.00. */
export function toMoney(amount: string): string {
  return fixed(new Big(amount), 2);
}

/** From `previous` to `current`; null when either is. */
export function changeOf(current: string | null, previous: string | null): Change | null {
  if (current === null || previous === null) return null;
  const difference = new Big(current).minus(previous);
  return { absolute: fixed(difference, 2), percent: percentOf(difference, new Big(previous)) };
}

/** The same for whole numbers: `absolute` has no decimals. */
export function changeOfCount(current: number, previous: number): Change {
  const difference = new Big(current).minus(previous);
  return { absolute: difference.toFixed(), percent: percentOf(difference, new Big(previous)) };
}

/** Of a baseline below zero (net can be) the percent is of its size, so that more is always a plus. */
function percentOf(part: Big, whole: Big): string | null {
  return whole.eq(0) ? null : fixed(part.times(100).div(whole.abs()), 1);
}

/** `total ÷ count` to two places; null when there is nothing to divide by. */
export function averageOf(total: string, count: number): string | null {
  return count === 0 ? null : fixed(new Big(total).div(count), 2);
}

/** Percent of the whole, one decimal; null when the whole is zero. */
export function shareOf(part: string, whole: string): string | null {
  return percentOf(new Big(part), new Big(whole));
}

/** `£1,045.67`, `-$3.00`, `CA$12.00`, `XYZ 5.00`: from the digits themselves, never by way of a float. */
export function formatMoney(amount: string, currency: string): string {
  const text = toMoney(amount);
  const sign = text.startsWith("-") ? "-" : "";
  const [whole = "0", cents = "00"] = text.replace("-", "").split(".");
  return `${sign}${symbolOf(currency)}${grouped(whole)}.${cents}`;
}

/** With its sign always: `+£153.33`; nothing changed is `£0.00`. */
export function formatSigned(amount: string, currency: string): string {
  const text = formatMoney(amount, currency);
  return text.startsWith("-") || new Big(toMoney(amount)).eq(0) ? text : `+${text}`;
}

/** `+17.2%`, `-3.0%`, `0.0%`; null is `n/a`. */
export function formatPercent(percent: string | null): string {
  if (percent === null) return "n/a";
  return percent.startsWith("-") || Number(percent) === 0 ? `${percent}%` : `+${percent}%`;
}

/** `1,234`; decimals stay as they are. */
export function formatCount(count: number): string {
  const [whole = "0", decimals] = String(Math.abs(count)).split(".");
  return `${count < 0 ? "-" : ""}${grouped(whole)}${decimals === undefined ? "" : `.${decimals}`}`;
}

const grouped = (digits: string) => digits.replaceAll(/\B(?=(\d{3})+$)/g, ",");

const symbols = new Map<string, string>();

function symbolOf(currency: string): string {
  const known = symbols.get(currency);
  if (known !== undefined) return known;
  const symbol = symbolFromIntl(currency);
  symbols.set(currency, symbol);
  return symbol;
}

function symbolFromIntl(currency: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return `${currency} `;
  const parts = new Intl.NumberFormat("en-US", { style: "currency", currency }).formatToParts(0);
  const symbol = parts.find((part) => part.type === "currency")?.value ?? currency;
  return symbol === currency ? `${currency} ` : symbol;
}
