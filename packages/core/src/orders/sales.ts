import { sql } from "kysely";
import type { Queries } from "../database/connect.js";
import { addMoney, toMoney } from "../money.js";
import type { Span } from "../period.js";

/** Orders that could not be converted, by their own currency: never part of any total. */
export interface OtherCurrency {
  readonly currency: string;
  readonly orders: number;
  readonly revenue: string;
}

/** What was sold in one span: counted orders placed in it, refunds processed in it. Money has two places. */
export interface Sums {
  readonly orders: number;
  readonly revenue: string;
  readonly refunds: string;
  /** How many of `orders` are known by day only. */
  readonly dateOnly: number;
  readonly otherCurrencies: readonly OtherCurrency[];
}

export interface KeyedSums extends Sums {
  /** A country code or area, or a platform. */
  readonly key: string;
  /** ISO 8601; null when there is nothing but refunds. */
  readonly lastOrderAt: string | null;
}

/**
 * The one reader of sales figures: reports say which spans they need and never write SQL against orders for sums.
 *
 * What several reports of one call ask for in the same turn is loaded by one statement.
 */
export interface Sales {
  sums(spans: readonly Span[]): Promise<Sums[]>;
  byCountry(span: Span): Promise<KeyedSums[]>;
  byPlatform(span: Span): Promise<KeyedSums[]>;
}

type Grouping = "total" | "country" | "platform";

interface Need {
  readonly grouping: Grouping;
  readonly span: Span;
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Row {
  need: number;
  key: string;
  other: string | null;
  orders: string;
  revenue: string;
  refunds: string;
  date_only: string;
  last_order_at: string | null;
}

/** The reader in its plain form: straight from the raw tables, the oracle any faster form is held against. */
export function createSales(db: Queries): Sales {
  let needs: Need[] = [];

  function rowsFor(grouping: Grouping, span: Span): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      // Reports started together have all asked by the time the microtasks of this turn are done.
      if (needs.length === 0) setImmediate(flush);
      needs.push({ grouping, span, resolve, reject });
    });
  }

  async function flush(): Promise<void> {
    const batch = needs;
    needs = [];
    try {
      const rows = await load(db, batch);
      batch.forEach((need, index) => {
        need.resolve(rows.get(index) ?? []);
      });
    } catch (error) {
      for (const need of batch) need.reject(error);
    }
  }

  const grouped = async (grouping: Grouping, span: Span) => keyed(await rowsFor(grouping, span));
  return {
    sums: (spans) => Promise.all(spans.map(async (span) => sumsOf(await rowsFor("total", span)))),
    byCountry: (span) => grouped("country", span),
    byPlatform: (span) => grouped("platform", span),
  };
}

async function load(db: Queries, needs: readonly Need[]): Promise<Map<number, Row[]>> {
  const groupings = needs.map((need) => need.grouping);
  const starts = needs.map((need) => need.span.start.toString());
  const ends = needs.map((need) => need.span.end.toString());
  const key = sql.raw("case n.grouping when 'country' then o.country when 'platform' then o.platform else '' end");
  const { rows } = await sql<Row>`
    with n as (
      select * from unnest(${groupings}::text[], ${starts}::timestamptz[], ${ends}::timestamptz[])
        with ordinality as n(grouping, start_at, end_at, number)
    )
    select n.number::int - 1 as need, ${key} as key, case when o.reporting_total is null then o.currency end as other,
      count(*) as orders, sum(coalesce(o.reporting_total, o.total)) as revenue, 0 as refunds,
      count(*) filter (where o.date_only) as date_only, max(o.created_at) as last_order_at
    from n join mt_ink.orders o on o.created_at >= n.start_at and o.created_at < n.end_at and o.counted
    group by 1, 2, 3
    union all
    select n.number::int - 1, ${key}, null, 0, 0, sum(r.reporting_amount), 0, null
    from n join mt_ink.refunds r on r.processed_at >= n.start_at and r.processed_at < n.end_at
      join mt_ink.orders o on (o.platform, o.shop, o.external_id) = (r.platform, r.shop, r.order_external_id) and o.counted
    where r.reporting_amount is not null
    group by 1, 2`.execute(db);
  const byNeed = new Map<number, Row[]>();
  for (const row of rows) {
    const list = byNeed.get(row.need);
    if (list === undefined) byNeed.set(row.need, [row]);
    else list.push(row);
  }
  return byNeed;
}

function sumsOf(rows: readonly Row[]): Sums {
  const own = rows.filter((row) => row.other === null);
  return {
    orders: own.reduce((sum, row) => sum + Number(row.orders), 0),
    revenue: toMoney(addMoney(...own.map((row) => row.revenue))),
    refunds: toMoney(addMoney(...own.map((row) => row.refunds))),
    dateOnly: own.reduce((sum, row) => sum + Number(row.date_only), 0),
    otherCurrencies: rows
      .flatMap((row) =>
        row.other === null ? [] : [{ currency: row.other, orders: Number(row.orders), revenue: toMoney(row.revenue) }],
      )
      .sort((a, b) => (a.currency < b.currency ? -1 : 1)),
  };
}

function keyed(rows: readonly Row[]): KeyedSums[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.key, [...(groups.get(row.key) ?? []), row]);
  return [...groups].map(([key, group]) => ({ key, ...sumsOf(group), lastOrderAt: newest(group) }));
}

/** All moments of one answer have the session's offset, so that their texts sort as they do. */
function newest(rows: readonly Row[]): string | null {
  return rows.reduce<string | null>(
    (last, { last_order_at: at }) => (at !== null && (last === null || at > last) ? at : last),
    null,
  );
}
