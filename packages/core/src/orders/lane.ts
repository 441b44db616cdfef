import { sql, type Transaction } from "kysely";
import type { Queries } from "../database/connect.js";
import type { Tables } from "../database/tables.js";

/** The advisory lock that makes one transaction the only writer of orders, refunds and events at a time. */
const LANE_LOCK = 7_264_802;
/** The channel of the one NOTIFY each lane transaction sends; it only says "wake up and fetch by cursor". */
export const EVENTS_CHANNEL = "mt_ink_events";

export type LaneEvent = { type: "new_order" | "order_updated" | "data_changed"; data: Record<string, unknown> };

/**
 * Runs `work` as the only writer, in one transaction, and appends the events it returns.
 *
 * Because the lock is held from before the first row is touched until the commit, event numbers are in the
 * order of commits, so a reader's cursor never skips one. Order of locks: lane, then rows.
 *
 * @returns what `work` gave, and the number of the newest event (`"0"` when there has been none).
 */
export async function inLane<T>(
  db: Queries,
  work: (tx: Transaction<Tables>) => Promise<{ result: T; events: readonly LaneEvent[] }>,
): Promise<{ result: T; seq: string }> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${LANE_LOCK})`.execute(tx);
    const { result, events } = await work(tx);
    return { result, seq: await appendEvents(tx, events) };
  });
}

async function appendEvents(tx: Transaction<Tables>, events: readonly LaneEvent[]): Promise<string> {
  if (events.length === 0) return newestSeq(tx);
  const { rows } = await sql<{ seq: string }>`
    with incoming as (
      select type, data
      from rows from (jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as (type text, data jsonb)) with ordinality as e(type, data, n)
      order by n
    ), numbered as (select nextval('mt_ink.order_event_seq') as seq, type, data from incoming),
    added as (insert into mt_ink.order_events (seq, type, data) select seq, type, data from numbered returning seq)
    select max(seq)::text as seq, pg_notify(${EVENTS_CHANNEL}, max(seq)::text) from added`.execute(tx);
  return rows[0]?.seq ?? "0";
}

/** The number of the newest event, as text (a BIGINT). */
export async function newestSeq(db: Queries): Promise<string> {
  const { rows } = await sql<{
    seq: string;
  }>`select coalesce(max(seq), 0)::text as seq from mt_ink.order_events`.execute(db);
  return rows[0]?.seq ?? "0";
}
