import { sql, type Transaction } from "kysely";
import { Temporal } from "temporal-polyfill";
import { countryName, parseCountry, publicCountry } from "../country.js";
import type { Tables } from "../database/tables.js";
import type { LaneEvent } from "./lane.js";
import type { Order, WriteSource } from "./order.js";

/** What reporting amounts are converted by: the shop's zone decides an order's day, hence its rate. */
export interface Reporting {
  readonly timeZone: string;
  readonly currency: string;
}

export type Outcome = "new" | "changed" | "unchanged";

export interface SourcedOrder {
  readonly order: Order;
  readonly source: WriteSource;
}

/**
 * Writes orders and their refunds inside the lane: the newest `updatedAt` wins, an order without one (a file)
 * never overwrites an order that has one.
 *
 * @returns one outcome for each write, in their order.
 */
export async function upsertOrders(
  tx: Transaction<Tables>,
  writes: readonly SourcedOrder[],
  reporting: Reporting,
): Promise<{ outcomes: Outcome[]; events: LaneEvent[] }> {
  const newest = newestOfEach(writes);
  const { rows } = await sql<WrittenRow>`
    with incoming as (
      select i.*, mt_ink.is_counted(i.financial_status, i.cancelled_at, i.test, i.platform) as counted,
        mt_ink.to_reporting(i.total, i.currency, ${reporting.currency}, (i.created_at at time zone ${reporting.timeZone})::date) as reporting_total
      from jsonb_to_recordset(${JSON.stringify(newest.map(toRow))}::jsonb) as i(${incomingColumns})
    ), known as (
      select platform, shop, external_id from mt_ink.orders join incoming using (platform, shop, external_id)
    ), written as (
      insert into mt_ink.orders as o (${orderColumns})
      select ${orderColumns} from incoming order by platform, shop, external_id
      on conflict (platform, shop, external_id) do update set ${assignments}
      where excluded.updated_at > o.updated_at
        or (o.updated_at is null and (excluded.updated_at is not null or ${differs}))
      returning o.platform, o.shop, o.external_id, o.total, o.currency, o.country, o.created_at, o.counted, o.source
    )
    select w.*, k.external_id is null as is_new
    from written w left join known k using (platform, shop, external_id)`.execute(tx);
  await upsertRefunds(tx, newest, reporting);
  const written = new Map(rows.map((row) => [rowKey(row), row]));
  const chosen = new Set(newest);
  const outcomes = writes.map((write): Outcome => {
    const row = chosen.has(write) ? written.get(keyOf(write.order)) : undefined;
    if (row === undefined) return "unchanged";
    return row.is_new ? "new" : "changed";
  });
  return { outcomes, events: eventsOf(newest, written) };
}

interface WrittenRow {
  platform: string;
  shop: string;
  external_id: string;
  total: string;
  currency: string;
  country: string;
  created_at: string;
  counted: boolean;
  source: string;
  is_new: boolean;
}

const keyOf = (order: { platform: string; shop: string; externalId: string }) =>
  `${order.platform}\n${order.shop}\n${order.externalId}`;

const rowKey = (row: WrittenRow) => `${row.platform}\n${row.shop}\n${row.external_id}`;

/** One statement cannot touch a row twice, so of several writes of one order the newest goes in. */
function newestOfEach(writes: readonly SourcedOrder[]): SourcedOrder[] {
  const newest = new Map<string, SourcedOrder>();
  for (const write of writes) {
    const key = keyOf(write.order);
    const known = newest.get(key);
    if (known === undefined || !isOlder(write.order, known.order)) newest.set(key, write);
  }
  return [...newest.values()];
}

const isOlder = (a: Order, b: Order) =>
  b.updatedAt !== undefined && (a.updatedAt === undefined || Date.parse(a.updatedAt) < Date.parse(b.updatedAt));

function toRow({ order, source }: SourcedOrder) {
  const country = parseCountry(order.country);
  return {
    platform: order.platform,
    shop: order.shop,
    external_id: order.externalId,
    order_number: order.orderNumber ?? null,
    created_at: order.createdAt,
    updated_at: order.updatedAt ?? null,
    financial_status: order.financialStatus ?? null,
    fulfillment_status: order.fulfillmentStatus ?? null,
    total: order.total,
    subtotal: order.subtotal ?? null,
    total_tax: order.totalTax ?? null,
    currency: order.currency,
    country: country.code,
    country_text: country.text,
    customer_id: order.customerId ?? null,
    line_items_count: order.lineItemsCount ?? null,
    cancelled_at: order.cancelledAt ?? null,
    test: order.test,
    date_only: order.dateOnly,
    source,
  };
}

const incomingColumns = sql.raw(
  `platform text, shop text, external_id text, order_number text, created_at timestamptz, updated_at timestamptz,
   financial_status text, fulfillment_status text, total numeric, subtotal numeric, total_tax numeric, currency text,
   country text, country_text text, customer_id text, line_items_count integer, cancelled_at timestamptz, test boolean,
   date_only boolean, source text`,
);

const assigned = [
  ...["order_number", "created_at", "updated_at", "financial_status", "fulfillment_status", "total", "subtotal"],
  ...["total_tax", "currency", "customer_id", "line_items_count", "cancelled_at", "test", "date_only", "source"],
  ...["counted", "reporting_total"],
];
const orderColumns = sql.raw(["platform", "shop", "external_id", ...assigned, "country", "country_text"].join(", "));

// A redacted address must not turn a known country into an unknown one.
const keepsCountry = (column: string) =>
  `${column} = case when excluded.country = 'ZZ' and excluded.country_text is null then o.${column} else excluded.${column} end`;

const assignments = sql.raw(
  [
    ...assigned.map((column) => `${column} = excluded.${column}`),
    keepsCountry("country"),
    keepsCountry("country_text"),
    "import_id = null",
    "written_at = now()",
  ].join(", "),
);

const compared =
  "created_at, total, currency, financial_status, subtotal, total_tax, cancelled_at, country, test, date_only";
const differs = sql.raw(
  `(${compared.replaceAll(/\w+/g, "excluded.$&")}) is distinct from (${compared.replaceAll(/\w+/g, "o.$&")})`,
);

/** Itemised refunds take the place of a bare amount a file gave before. A refund may come before its order. */
async function upsertRefunds(tx: Transaction<Tables>, writes: readonly SourcedOrder[], reporting: Reporting) {
  const refunds = writes.flatMap(({ order }) =>
    order.refunds.map((refund) => ({
      platform: order.platform,
      shop: order.shop,
      order_external_id: order.externalId,
      external_id: refund.externalId,
      processed_at: refund.processedAt,
      amount: refund.amount,
      currency: refund.currency,
    })),
  );
  if (refunds.length === 0) return;
  const incoming = sql`jsonb_to_recordset(${JSON.stringify(refunds)}::jsonb) as r(platform text, shop text,
    order_external_id text, external_id text, processed_at timestamptz, amount numeric, currency text)`;
  await sql`delete from mt_ink.refunds b using ${incoming}
    where b.bare and (b.platform, b.shop, b.order_external_id) = (r.platform, r.shop, r.order_external_id)`.execute(tx);
  await sql`
    insert into mt_ink.refunds (platform, shop, order_external_id, external_id, processed_at, amount, currency, reporting_amount)
    select distinct on (platform, shop, order_external_id, external_id) platform, shop, order_external_id, external_id,
      processed_at, amount, currency,
      mt_ink.to_reporting(amount, currency, ${reporting.currency}, (processed_at at time zone ${reporting.timeZone})::date)
    from ${incoming}
    on conflict (platform, shop, order_external_id, external_id) do update set processed_at = excluded.processed_at,
      amount = excluded.amount, currency = excluded.currency, reporting_amount = excluded.reporting_amount`.execute(tx);
}

/** Orders are announced in the order they came in; a test or cancelled order is none to announce. */
function eventsOf(writes: readonly SourcedOrder[], written: ReadonlyMap<string, WrittenRow>): LaneEvent[] {
  const events: LaneEvent[] = [];
  let quiet = false;
  for (const { order } of writes) {
    const row = written.get(keyOf(order));
    if (row === undefined) continue;
    if (row.source !== "webhook" && row.source !== "demo") quiet = true;
    else if (row.is_new && !row.counted) quiet = true;
    else events.push({ type: row.is_new ? "new_order" : "order_updated", data: announcement(row) });
  }
  return quiet ? [...events, { type: "data_changed", data: { what: "orders" } }] : events;
}

/** The `data` of a live message: `id` is a number where JavaScript holds it exactly, else text. */
function announcement(row: WrittenRow) {
  return {
    id: /^[1-9]\d{0,14}$/.test(row.external_id) ? Number(row.external_id) : row.external_id,
    total: row.total,
    currency: row.currency,
    country: publicCountry(row.country) ?? (row.country === "ZZ" ? null : countryName(row.country)),
    created_at: Temporal.Instant.from(row.created_at).toString(),
    platform: row.platform,
  };
}
