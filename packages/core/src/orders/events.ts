import type { Queries } from "../database/connect.js";
import { toMoney } from "../money.js";

/** A live message as the WebSocket and `/api/orders/events` carry it. */
export interface LiveMessage {
  readonly type: string;
  readonly seq: number;
  readonly [field: string]: unknown;
}

/** The events after a cursor, oldest first; `next` is the cursor to go on from. */
export async function orderEvents(
  db: Queries,
  after: number,
  limit: number,
): Promise<{ events: LiveMessage[]; next: number }> {
  const rows = await db
    .selectFrom("order_events")
    .select(["seq", "type", "data"])
    .where("seq", ">", String(after))
    .orderBy("seq")
    .limit(limit)
    .execute();
  const events = rows.map((row) => messageOf(Number(row.seq), row.type, row.data));
  return { events, next: events.at(-1)?.seq ?? after };
}

function messageOf(seq: number, type: string, data: unknown): LiveMessage {
  if (!isRecord(data)) return { type, seq };
  if (type === "data_changed") return { type, seq, ...data };
  return { type, seq, data: { ...data, total: toMoney(String(data.total)) } };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
