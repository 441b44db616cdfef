import { sql, type Transaction } from "kysely";
import { parseCountry } from "../../country.js";
import type { Tables } from "../../database/tables.js";
import type { Reporting } from "../../orders/upsert.js";
import { Rejection, readAmount, readCurrency, readFlag, readMoment, readNumber, readWhole } from "../values.js";
import type { Cells, Counts, ImportKind, ReadOptions, StagedValue } from "./kind.js";

/** The generic order file: one row an order, columns as in the contract. */
export const ordersKind: ImportKind = {
  name: "orders",
  columns: [
    { name: "external_id", required: true, aliases: ["order_id", "id"] },
    { name: "created_at", required: true, aliases: ["placed_at", "order_date"] },
    { name: "total", required: true, aliases: ["order_total", "total_price"] },
    { name: "currency", required: true },
    { name: "platform", required: false },
    { name: "order_number", required: false },
    { name: "financial_status", required: false, aliases: ["status"] },
    { name: "subtotal", required: false },
    { name: "total_tax", required: false, aliases: ["tax"] },
    { name: "refunded", required: false, aliases: ["refunded_amount"] },
    { name: "shipping_country", required: false, aliases: ["country"] },
    { name: "line_items_count", required: false },
    { name: "customer_id", required: false },
    { name: "cancelled_at", required: false, aliases: ["canceled_at"] },
    { name: "test", required: false },
  ],
  staging: {
    table: "staged_orders",
    columns: [
      ...["platform", "shop", "external_id", "order_number", "created_at", "financial_status", "total", "subtotal"],
      ...["total_tax", "currency", "refunded", "country", "country_text", "customer_id", "line_items_count"],
      ...["cancelled_at", "test", "date_only"],
    ],
  },
  key: { columns: ["platform", "shop", "external_id"], label: "external_id" },
  read: readOrder,
  compare: async (tx, importId, reporting) => {
    await sql`analyze mt_ink.staged_orders`.execute(tx);
    const { rows } = await sql<Outcome>`
      with classified as (${classified(importId, reporting)})
      select outcome, count(*) as rows from classified group by outcome`.execute(tx);
    return countsOf(rows);
  },
  merge,
  touches: "orders",
};

interface Outcome {
  outcome: "new" | "changed" | "unchanged";
  rows: string;
}

function readOrder(cells: Cells, { timeZone, platform, shop }: ReadOptions): StagedValue[] {
  const id = cells("external_id");
  if (id === "" || id.length > 200) throw new Rejection("external_id", id, "is empty or longer than 200 characters");
  const optional = (name: string, read: (column: string, value: string) => string) => {
    const value = cells(name);
    return value === "" ? null : read(name, value);
  };
  const text = (limit: number) => (column: string, value: string) => {
    if (value.length > limit) throw new Rejection(column, value, `is longer than ${limit} characters`);
    return value;
  };
  const placed = readMoment("created_at", cells("created_at"), timeZone);
  const country = parseCountry(cells("shipping_country"));
  const cancelled = cells("cancelled_at");
  const named = cells("platform").toLowerCase();
  if (named !== "" && !/^[a-z][a-z0-9_-]*$/.test(named))
    throw new Rejection("platform", named, "is no platform's name");
  return [
    named || platform,
    shop,
    id,
    optional("order_number", text(100)),
    placed.at,
    optional("financial_status", text(50)),
    readNumber("total", cells("total")),
    optional("subtotal", readNumber),
    optional("total_tax", readNumber),
    readCurrency("currency", cells("currency")),
    optional("refunded", readAmount),
    country.code,
    country.text,
    optional("customer_id", text(100)),
    optional("line_items_count", readWhole),
    cancelled === "" ? null : readMoment("cancelled_at", cancelled, timeZone).at,
    optional("test", readFlag),
    String(placed.dateOnly),
  ];
}

/**
 * Every staged row with what is known of its order and what would become of it.
 *
 * A column the file leaves out keeps what is known. An order a webhook or back-fill wrote last carries
 * `updated_at`, which a file has not: it stays as it is. A bare `refunded` amount counts only while the
 * order has no itemised refunds.
 */
const classified = (importId: string, { currency, timeZone }: Reporting) => sql`
  select m.*,
    mt_ink.is_counted(m.financial_status, m.cancelled_at, m.test, m.platform) as counted,
    mt_ink.to_reporting(m.total, m.currency, ${currency}, (m.created_at at time zone ${timeZone})::date) as reporting_total,
    case
      when not known then 'new'
      when locked then 'unchanged'
      when (m.created_at, m.total, m.currency, m.order_number, m.financial_status, m.subtotal, m.total_tax, m.country,
          m.country_text, m.customer_id, m.line_items_count, m.cancelled_at, m.test, m.date_only)
        is distinct from (o_created_at, o_total, o_currency, o_order_number, o_financial_status, o_subtotal, o_total_tax, o_country,
          o_country_text, o_customer_id, o_line_items_count, o_cancelled_at, o_test, o_date_only)
        or (m.refunded is not null and not itemised and m.refunded <> bare_amount) then 'changed'
      else 'unchanged'
    end as outcome
  from (
    select s.platform, s.shop, s.external_id, s.created_at, s.total, s.currency, s.refunded, s.date_only,
      o.platform is not null as known, o.updated_at is not null as locked,
      coalesce(s.order_number, o.order_number) as order_number, o.order_number as o_order_number,
      coalesce(s.financial_status, o.financial_status) as financial_status, o.financial_status as o_financial_status,
      coalesce(s.subtotal, o.subtotal) as subtotal, o.subtotal as o_subtotal,
      coalesce(s.total_tax, o.total_tax) as total_tax, o.total_tax as o_total_tax,
      case when s.country = 'ZZ' and s.country_text is null and o.country is not null then o.country else s.country end as country,
      o.country as o_country,
      case when s.country = 'ZZ' and s.country_text is null then o.country_text else s.country_text end as country_text,
      o.country_text as o_country_text,
      coalesce(s.customer_id, o.customer_id) as customer_id, o.customer_id as o_customer_id,
      coalesce(s.line_items_count, o.line_items_count) as line_items_count, o.line_items_count as o_line_items_count,
      coalesce(s.cancelled_at, o.cancelled_at) as cancelled_at, o.cancelled_at as o_cancelled_at,
      coalesce(s.test, o.test, false) as test, o.test as o_test,
      o.created_at as o_created_at, o.total as o_total, o.currency as o_currency, o.date_only as o_date_only,
      coalesce(b.amount, 0) as bare_amount,
      exists (select from mt_ink.refunds r where (r.platform, r.shop, r.order_external_id) = (s.platform, s.shop, s.external_id)
        and not r.bare) as itemised
    from mt_ink.staged_orders s
      left join mt_ink.orders o on (o.platform, o.shop, o.external_id) = (s.platform, s.shop, s.external_id)
      left join mt_ink.refunds b on (b.platform, b.shop, b.order_external_id) = (s.platform, s.shop, s.external_id) and b.bare
    where s.import_id = ${importId}
  ) m`;

/** One statement: all its parts see the orders as they were, and PostgreSQL does the million rows by itself. */
async function merge(tx: Transaction<Tables>, importId: string, reporting: Reporting): Promise<Counts> {
  const { rows } = await sql<Outcome>`
    with classified as materialized (${classified(importId, reporting)}),
    writing as (select * from classified where outcome <> 'unchanged'),
    merged as (
      insert into mt_ink.orders (platform, shop, external_id, created_at, total, currency, ${mergedColumns}, source, import_id)
      select platform, shop, external_id, created_at, total, currency, ${mergedColumns}, 'file', ${importId} from writing
      on conflict (platform, shop, external_id) do update set ${mergedAssignments}
    ),
    unrefunded as (
      delete from mt_ink.refunds r using writing w
      where (r.platform, r.shop, r.order_external_id) = (w.platform, w.shop, w.external_id)
        and r.bare and w.refunded = 0 and not w.itemised
    ),
    refunded as (
      insert into mt_ink.refunds (platform, shop, order_external_id, external_id, processed_at, amount, currency, reporting_amount, bare, import_id)
      select platform, shop, external_id, '', created_at, refunded, currency,
        mt_ink.to_reporting(refunded, currency, ${reporting.currency}, (created_at at time zone ${reporting.timeZone})::date), true, ${importId}
      from writing where refunded > 0 and not itemised
      on conflict (platform, shop, order_external_id, external_id) do update set processed_at = excluded.processed_at,
        amount = excluded.amount, currency = excluded.currency, reporting_amount = excluded.reporting_amount, import_id = excluded.import_id
    )
    select outcome, count(*) as rows from classified group by outcome`.execute(tx);
  return countsOf(rows);
}

const merged = [
  ...["order_number", "financial_status", "subtotal", "total_tax", "country", "country_text", "customer_id"],
  ...["line_items_count", "cancelled_at", "test", "date_only", "counted", "reporting_total"],
];
const mergedColumns = sql.raw(merged.join(", "));
const mergedAssignments = sql.raw(
  [
    ...["created_at", "total", "currency", ...merged, "source", "import_id"].map(
      (column) => `${column} = excluded.${column}`,
    ),
    "written_at = now()",
  ].join(", "),
);

function countsOf(rows: readonly Outcome[]): Counts {
  const of = (outcome: Outcome["outcome"]) => Number(rows.find((row) => row.outcome === outcome)?.rows ?? 0);
  return { new: of("new"), changed: of("changed"), unchanged: of("unchanged") };
}
