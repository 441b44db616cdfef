import { type Kysely, Migrator, sql } from "kysely";
import { InkError } from "../errors.js";
import type { Database } from "./connect.js";
import { migrations } from "./migrations/migrations.js";
import type { Tables } from "./tables.js";

/** Guards the creation of the schema itself, which comes before the migrator's own lock can exist. */
const MIGRATE_LOCK = 7_264_801;

/**
 * Brings the schema up to date and returns the names of the migrations that ran (none when it was).
 *
 * Safe when several processes start at once: one migrates, the others wait and find nothing to do.
 *
 * @throws InkError `database_unavailable` when the schema is newer than this program.
 */
export async function migrate({ pool, db }: Database): Promise<string[]> {
  if (await isCurrent(db)) return [];
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [MIGRATE_LOCK]);
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => migrations },
      migrationTableSchema: "mt_ink",
      migrationTableName: "migrations",
      migrationLockTableName: "migrations_lock",
    });
    const { error, results } = await migrator.migrateToLatest();
    if (error !== undefined) throw tooNew(error);
    return (results ?? []).filter((result) => result.status === "Success").map((result) => result.migrationName);
  } finally {
    await client.query("select pg_advisory_unlock($1)", [MIGRATE_LOCK]).catch(() => {});
    client.release();
  }
}

/** Whether every migration of this program has run: one quick query, so that opening stays fast. */
export async function isCurrent(db: Kysely<Tables>): Promise<boolean> {
  const last = Object.keys(migrations).at(-1) ?? "";
  const names = await appliedMigrations(db);
  return names.at(-1) === last;
}

async function appliedMigrations(db: Kysely<Tables>): Promise<string[]> {
  const exists = await sql<{ there: boolean }>`select to_regclass('mt_ink.migrations') is not null as there`.execute(
    db,
  );
  if (exists.rows[0]?.there !== true) return [];
  const { rows } = await sql<{ name: string }>`select name from mt_ink.migrations order by name`.execute(db);
  return rows.map((row) => row.name);
}

function tooNew(error: unknown): unknown {
  if (error instanceof Error && error.message.includes("corrupted migrations")) {
    return new InkError(
      "database_unavailable",
      "The database was brought up to date by a newer MT Ink. Update this one, or use a database of its own.",
      { cause: error },
    );
  }
  return error;
}
