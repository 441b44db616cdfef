import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { publicCountry } from "../country.js";
import { formatMoney, toMoney } from "../money.js";
import { isoMoment } from "../period.js";
import { type Context, defineReport } from "../report.js";
import { clock, countOf, joinLines, plainText, shortDate } from "../text.js";

const input = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(20).describe("How many, newest first"),
});

const output = z.object({
  asOf: z.string(),
  timeZone: z.string(),
  orders: z.array(
    z.object({
      id: z.string().describe("The platform's id"),
      placedAt: z.string().describe("ISO 8601 with the shop's offset"),
      total: z.string().describe("Two decimals, in `currency`, as the customer paid"),
      currency: z.string(),
      country: z.string().nullable().describe("ISO 3166-1 alpha-2; null: unknown"),
      platform: z.string(),
      status: z.enum(["counted", "test", "cancelled"]).describe("Only counted orders are part of sales"),
      dateOnly: z.boolean().describe("The day is known, the time is not"),
    }),
  ),
  truncated: z.boolean().describe("There are older orders"),
});

/**
 * The last `limit` orders placed before `asOf`, whatever became of them, newest first; no customer data.
 *
 * @example
 * const { orders } = await recentOrders(context, { limit: 1 });
 * orders[0]; // { id: "5501", placedAt: "2026-02-03T14:21:07+00:00", total: "45.67", currency: "GBP", country: "GB", … }
 */
export async function recentOrders({ db, asOf, timeZone }: Context, { limit }: z.output<typeof input>) {
  const rows = await db
    .selectFrom("orders")
    .select(["external_id", "created_at", "total", "currency", "country", "platform", "counted", "test", "date_only"])
    .where("created_at", "<", asOf.toString())
    .orderBy("created_at", "desc")
    .orderBy("platform")
    .orderBy("shop")
    .orderBy("external_id", "desc")
    .limit(limit + 1)
    .execute();
  return {
    asOf: isoMoment(asOf, timeZone),
    timeZone,
    orders: rows.slice(0, limit).map((row) => ({
      id: row.external_id,
      placedAt: isoMoment(Temporal.Instant.from(row.created_at), timeZone),
      total: toMoney(row.total),
      currency: row.currency,
      country: publicCountry(row.country),
      platform: row.platform,
      status: statusOf(row),
      dateOnly: row.date_only,
    })),
    truncated: rows.length > limit,
  };
}

function statusOf({ counted, test }: { counted: boolean; test: boolean }): "counted" | "test" | "cancelled" {
  if (counted) return "counted";
  return test ? "test" : "cancelled";
}

export const recentOrdersReport = defineReport({
  name: "recent_orders",
  title: "Recent orders",
  description: "Use when asked for the latest single orders. Not for totals: sales_by_day or compare_sales.",
  input,
  output,
  run: recentOrders,
  text: ({ orders, truncated }) =>
    orders.length === 0
      ? "No orders yet."
      : joinLines(
          `Last ${countOf(orders.length, "order")}${truncated ? "" : " (all there are)"}`,
          ...orders.map((order) =>
            [
              shortDate(order.placedAt),
              order.dateOnly ? null : clock(order.placedAt),
              formatMoney(order.total, order.currency),
              order.country === null ? "(unknown)" : order.country,
              plainText(order.platform),
              order.status === "counted" ? null : `[${order.status}]`,
            ]
              .filter((part) => part !== null)
              .join(" "),
          ),
        ),
});
