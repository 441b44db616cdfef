import { Temporal } from "temporal-polyfill";
import type { Ink } from "../ink.js";
import type { OrderInput } from "../orders/order.js";
import { sampleOrders } from "./sample-orders.js";
import { sampleSpotifyFiles } from "./sample-spotify.js";

const PAGE = 500;

/**
 * Fills an ink with the sample, or brings a filled one up to now: what is there already stays as it is.
 *
 * @returns how many orders were new.
 */
export async function fillWithSample(ink: Ink, options: { now?: Temporal.Instant } = {}): Promise<number> {
  const end = options.now ?? Temporal.Now.instant();
  const { timeZone, currency } = ink.config;
  const { data } = await ink.report("recent_orders", { limit: 1 });
  const newest = data.orders[0]?.placedAt;
  const days = newest === undefined ? {} : { days: daysSince(newest, end, timeZone) };
  let added = 0;
  for (const page of pages(sampleOrders({ end, timeZone, currency, ...days }))) {
    const written = await ink.orders.write(page, { source: "sdk" });
    added += written.new;
  }
  for (const { filename, content } of sampleSpotifyFiles(end, timeZone)) {
    const preview = await ink.imports.preview(Buffer.from(content), { filename });
    await ink.imports.commit(preview.importId);
  }
  return added;
}

/** Ten days more than were missed, because a refund comes some days after its order. */
function daysSince(newest: string, end: Temporal.Instant, timeZone: string): number {
  const last = Temporal.Instant.from(newest).toZonedDateTimeISO(timeZone).toPlainDate();
  const today = end.toZonedDateTimeISO(timeZone).toPlainDate();
  return Math.min(Math.max(last.until(today, { largestUnit: "day" }).days, 0) + 11, 427);
}

function* pages(orders: Iterable<OrderInput>): Generator<OrderInput[]> {
  let page: OrderInput[] = [];
  for (const order of orders) {
    page.push(order);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
