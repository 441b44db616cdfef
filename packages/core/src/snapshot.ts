import type { Transaction } from "kysely";
import type { Queries } from "./database/connect.js";
import type { Tables } from "./database/tables.js";
import { newestSeq } from "./orders/lane.js";

/**
 * Reads inside one read-only REPEATABLE READ transaction, so that all figures of an answer, and the number of
 * the newest event they include, are of the same moment.
 */
export async function readSnapshot<T>(
  db: Queries,
  read: (tx: Transaction<Tables>, seq: number) => Promise<T>,
): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (tx) => read(tx, Number(await newestSeq(tx))));
}
