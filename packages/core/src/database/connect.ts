import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { InkError } from "../errors.js";
import type { Tables } from "./tables.js";

/** A pool of connections and the query builder over it. Tables are those of the schema `mt_ink`. */
export interface Database {
  readonly pool: pg.Pool;
  readonly db: Kysely<Tables>;
  close(): Promise<void>;
}

export type Queries = Kysely<Tables>;

const DATE = 1082;
const TIMESTAMPTZ = 1184;

// Dates stay texts: a JavaScript Date has no microseconds and would move a calendar day by the machine's zone.
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === DATE || oid === TIMESTAMPTZ ? (value: string) => value : pg.types.getTypeParser(oid, format),
};

/**
 * Opens a pool on a PostgreSQL 14 or newer.
 *
 * @throws InkError `database_unavailable`: no server there, wrong password, no such database, or too old.
 */
export async function connect(config: pg.PoolConfig, onIdleError: (error: Error) => void): Promise<Database> {
  const pool = new pg.Pool({ max: 10, connectionTimeoutMillis: 10_000, keepAlive: true, ...config, types });
  pool.on("error", onIdleError);
  try {
    const { rows } = await pool.query<{ server_version_num: string }>("show server_version_num");
    const version = Number(rows[0]?.server_version_num ?? 0);
    if (version < 140_000) {
      throw new InkError(
        "database_unavailable",
        `The database is PostgreSQL ${Math.trunc(version / 10_000)}; MT Ink needs 14 or newer.`,
      );
    }
  } catch (error) {
    await pool.end();
    throw error instanceof InkError ? error : unavailable(error);
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema("mt_ink");
  return { pool, db, close: () => db.destroy() };
}

/** The connection string holds the password, so the sentence is made from the driver's code alone. */
function unavailable(error: unknown): InkError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason =
    {
      ECONNREFUSED: "no server answers at the host and port of DATABASE_URL",
      ENOTFOUND: "the host in DATABASE_URL is not known",
      ENOENT: "no server listens on the socket DATABASE_URL names",
      "28P01": "the user or password in DATABASE_URL is wrong",
      "28000": "the server refuses this user (see its pg_hba.conf)",
      "3D000": "the database named in DATABASE_URL does not exist; create it first",
    }[code] ?? `the connection failed${code === "" ? "" : ` (${code})`}`;
  return new InkError("database_unavailable", `The database cannot be reached: ${reason}.`, { cause: error });
}
