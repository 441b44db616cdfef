import { Temporal } from "temporal-polyfill";
import type { OrderInput } from "../orders/order.js";
import { createRandom, type Random } from "./random.js";

export interface SampleOptions {
  /** Nothing is placed at or after this moment. */
  readonly end: Temporal.Instant;
  readonly timeZone: string;
  readonly currency: string;
  readonly seed?: string;
  /** Local days back from `end`; 14 months unless set. */
  readonly days?: number;
  /** Orders on an average day. */
  readonly perDay?: number;
}

const PLATFORMS = [
  ["shopify", 62],
  ["etsy", 25],
  ["woocommerce", 13],
] as const;
const COUNTRIES = [
  ...([
    ["GB", 58],
    ["US", 17],
    ["IE", 6],
    ["CA", 5],
    ["AU", 4],
  ] as const),
  ...([
    ["DE", 4],
    ["FR", 2],
    ["NL", 2],
    ["NZ", 1],
    ["SE", 1],
  ] as const),
] as const;
/** Pence of a paperback, a hardback, an audiobook, a signed edition. */
const PRICES = [
  [899, 40],
  [1499, 20],
  [1299, 28],
  [2999, 5],
] as const;
/** Monday to Sunday, and by local hour: evenings and Sundays sell books. */
const WEEKDAYS = [0.9, 0.92, 0.95, 1, 1.05, 1.02, 1.16];
const HOURS = [4, 2, 1, 1, 1, 2, 4, 8, 12, 14, 15, 15, 17, 15, 14, 14, 15, 17, 20, 24, 27, 25, 17, 9];
/** January to December: gifts before Christmas, a quiet summer. */
const MONTHS = [0.85, 0.88, 0.92, 0.95, 0.96, 0.9, 0.84, 0.86, 1, 1.1, 1.45, 1.7];

/**
 * The orders of a small publisher, oldest first: a weekly and a seasonal rhythm, refunds, cancelled and test orders.
 *
 * Each local day is drawn from a seed of its own, so that a later `end` adds orders and changes none.
 */
export function* sampleOrders(options: SampleOptions): Generator<OrderInput> {
  const { end, timeZone, days = 427 } = options;
  const today = end.toZonedDateTimeISO(timeZone).toPlainDate();
  for (let back = days - 1; back >= 0; back -= 1) yield* ordersOfDay(today.subtract({ days: back }), options);
}

function* ordersOfDay(day: Temporal.PlainDate, options: SampleOptions): Generator<OrderInput> {
  const { end, timeZone, seed = "mt-ink", perDay = 40 } = options;
  const random = createRandom(`${seed} ${day.toString()}`);
  const expected = perDay * (WEEKDAYS[day.dayOfWeek - 1] ?? 1) * (MONTHS[day.month - 1] ?? 1);
  const count = Math.round(expected * (0.75 + random.next() * 0.5));
  const moments = Array.from({ length: count }, () => momentOf(day, timeZone, random)).sort(Temporal.Instant.compare);
  for (const [index, at] of moments.entries()) {
    const order = withFate(at, idOf(day, index), options, random);
    if (Temporal.Instant.compare(at, end) < 0) yield order;
  }
}

/** One paid order, as a sale of this moment; `demo` drops these in. */
export function sampleOrder(at: Temporal.Instant, id: string, currency: string): OrderInput {
  return paidOrder(at, id, currency, createRandom(id)).order;
}

function paidOrder(at: Temporal.Instant, id: string, currency: string, random: Random) {
  const items = random.pick([
    [1, 70],
    [2, 20],
    [3, 7],
    [4, 3],
  ]);
  const pence = Array.from({ length: items }, () => random.pick(PRICES)).reduce((sum, price) => sum + price, 0);
  const total =
    pence +
    random.pick([
      [0, 45],
      [299, 40],
      [795, 15],
    ]);
  const order: OrderInput = {
    platform: random.pick(PLATFORMS),
    externalId: id,
    orderNumber: id.slice(-6),
    createdAt: at.toString(),
    updatedAt: at.toString(),
    financialStatus: "paid",
    total: decimal(total),
    subtotal: decimal(pence),
    currency,
    country: random.pick(COUNTRIES),
    lineItemsCount: items,
  };
  return { order, total: decimal(total) };
}

/** What became of an order by `end`: of a hundred three are refunded some days later, one or two cancelled. */
function withFate(at: Temporal.Instant, id: string, { currency, end }: SampleOptions, random: Random): OrderInput {
  const { order, total } = paidOrder(at, id, currency, random);
  const fate = random.next();
  const refundAt = at.add({ hours: random.between(20, 24 * 9) });
  const cancelAt = at.add({ minutes: 30 });
  const before = (moment: Temporal.Instant) => Temporal.Instant.compare(moment, end) < 0;
  if (fate > 0.995) return { ...order, test: true };
  if (fate > 0.98 && before(cancelAt)) {
    const cancelledAt = cancelAt.toString();
    return { ...order, updatedAt: cancelledAt, financialStatus: "cancelled", cancelledAt };
  }
  if (fate >= 0.03 || !before(refundAt)) return order;
  const processedAt = refundAt.toString();
  const refunds = [{ externalId: `${id}-1`, processedAt, amount: total, currency }];
  return { ...order, updatedAt: processedAt, financialStatus: "refunded", refunds };
}

function momentOf(day: Temporal.PlainDate, timeZone: string, random: Random): Temporal.Instant {
  const hour = random.pick(HOURS.map((weight, each) => [each, weight] as const));
  const time = new Temporal.PlainTime(hour, random.between(0, 59), random.between(0, 59));
  return day.toZonedDateTime({ timeZone, plainTime: time }).toInstant();
}

const idOf = (day: Temporal.PlainDate, index: number) =>
  `${day.toString().replaceAll("-", "")}${String(index).padStart(5, "0")}`;
const decimal = (pence: number) => `${Math.trunc(pence / 100)}.${String(pence % 100).padStart(2, "0")}`;
