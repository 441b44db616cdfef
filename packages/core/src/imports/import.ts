import { sql, type Transaction } from "kysely";
import type pg from "pg";
import type { Config } from "../config.js";
import type { Queries } from "../database/connect.js";
import type { Tables } from "../database/tables.js";
import { InkError } from "../errors.js";
import { addMoney, toMoney } from "../money.js";
import { inLane } from "../orders/lane.js";
import type { Counts, ImportKind } from "./kinds/kind.js";
import { kinds } from "./kinds/kinds.js";
import type { FileSource } from "./sheet.js";
import { type RejectedRow, stageFile } from "./staging.js";

export type { RejectedRow } from "./staging.js";

/** What one file holds and what its import does, or did. */
export interface ImportedFile {
  readonly name: string;
  readonly kind: string;
  /** The sheet of a workbook; null for a CSV file. */
  readonly sheet: string | null;
  /** Local days, both included; null when no row is good. */
  readonly period: { readonly from: string; readonly to: string } | null;
  readonly platform: string | null;
  readonly currency: string | null;
  /** Sum of the orders' totals or of the amounts; null for minutes alone or several currencies. */
  readonly total: string | null;
  readonly counts: {
    readonly new: number;
    readonly changed: number;
    readonly unchanged: number;
    readonly rejected: number;
  };
  /** At most 1,000 of them, by line; `counts.rejected` counts all. */
  readonly rejected: readonly RejectedRow[];
}

export interface ImportResult {
  readonly importId: string;
  readonly status: "previewed" | "committed";
  readonly files: readonly ImportedFile[];
}

export interface PreviewOptions {
  /** Only shown; the kind is told by the content. */
  filename: string;
  /** A kind's name, when the content is not to decide. */
  as?: string;
  /** Headers by hand: contract name → header in the file. */
  columns?: Readonly<Record<string, string>>;
  /** The platform of orders in a file without that column; default `other`. */
  platform?: string;
  shop?: string;
  /** Who asks: cli, sdk, … */
  source?: string;
  /** Told now and then how many rows have been read. */
  onRows?: (rows: number) => void;
}

export interface Imports {
  /**
   * Reads and checks a file and says what an import would change; nothing is changed.
   *
   * @throws InkError `bad_file` or `bad_usage`; then nothing is kept.
   */
  preview(source: FileSource, options: PreviewOptions): Promise<ImportResult>;
  /**
   * Writes what was previewed, once, in one transaction: all good rows or none.
   *
   * @throws InkError `import_not_found`, `too_many_rejected` (more than 10 % bad and not accepted) or
   * `import_changed` (the data moved since the preview).
   */
  commit(importId: string, options?: { acceptRejected?: boolean }): Promise<ImportResult>;
}

interface Parts {
  readonly db: Queries;
  readonly pool: pg.Pool;
  readonly config: Config;
}

export function createImports({ db, pool, config }: Parts): Imports {
  return {
    preview: (source, options) => preview({ db, pool, config }, source, options),
    commit: (importId, { acceptRejected = false } = {}) => commit(db, config, importId, acceptRejected),
  };
}

async function preview(
  { db, pool, config }: Parts,
  source: FileSource,
  options: PreviewOptions,
): Promise<ImportResult> {
  const { platform = "other", shop = "", ...rest } = options;
  const { rows } = await pool.query<{ id: string }>("select nextval('mt_ink.imports_id_seq') as id");
  const importId = rows[0]?.id ?? "";
  const staged = await inTransaction(pool, (client) =>
    stageFile(client, importId, source, { ...rest, timeZone: config.timeZone, platform, shop }),
  );
  const { kind, rejected, rejectedCount } = staged;
  const file = await db.transaction().execute(async (tx) => {
    const counts = await kind.compare(tx, importId, config);
    const about = await describe(tx, importId, kind, config.timeZone);
    return {
      name: options.filename,
      kind: kind.name,
      sheet: null,
      ...about,
      counts: { ...counts, rejected: rejectedCount },
      rejected,
    };
  });
  await sql`insert into mt_ink.imports (id, status, source, files) overriding system value
    values (${importId}, 'previewed', ${options.source ?? "sdk"}, ${JSON.stringify([file])}::jsonb)`.execute(db);
  return { importId, status: "previewed", files: [file] };
}

/** A transaction on the bare client, which COPY needs; a failed one leaves no staged row. */
async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    // A connection in the middle of COPY is not worth mending: closing it rolls back.
    client.release(true);
    throw error;
  }
}

/** Whether so many rows are bad that a person must say yes first. */
export function tooManyRejected(files: readonly ImportedFile[]): boolean {
  return files.some(
    ({ counts }) => counts.rejected * 10 > counts.new + counts.changed + counts.unchanged + counts.rejected,
  );
}

async function commit(db: Queries, config: Config, importId: string, acceptRejected: boolean): Promise<ImportResult> {
  const { result } = await inLane(db, async (tx) => {
    const files = await lockPending(tx, importId);
    if (tooManyRejected(files) && !acceptRejected) throw tooMany(files);
    let changed = new Set<"orders" | "spotify">();
    for (const file of files) {
      const kind = kindOf(file.kind);
      const counts = await kind.merge(tx, importId, config);
      refuseMoved(file.counts, counts);
      if (counts.new + counts.changed > 0) changed = changed.add(kind.touches);
    }
    await clearStaging(tx, importId, files);
    await sql`update mt_ink.imports set status = 'committed', committed_at = now() where id = ${importId}`.execute(tx);
    return {
      result: { importId, status: "committed" as const, files },
      events: [...changed].map((what) => ({ type: "data_changed" as const, data: { what } })),
    };
  });
  return result;
}

async function lockPending(tx: Transaction<Tables>, importId: string): Promise<ImportedFile[]> {
  const known = /^\d{1,18}$/.test(importId)
    ? await sql<{ status: string; files: ImportedFile[] }>`
        select status, files from mt_ink.imports where id = ${importId} for update`.execute(tx)
    : { rows: [] };
  const row = known.rows[0];
  if (row === undefined) throw new InkError("import_not_found", `No import ${importId}; preview the file again.`);
  if (row.status === "committed") throw new InkError("import_not_found", `Import ${importId} was committed already.`);
  return row.files;
}

function refuseMoved(expected: Counts, found: Counts): void {
  if (expected.new === found.new && expected.changed === found.changed && expected.unchanged === found.unchanged)
    return;
  throw new InkError(
    "import_changed",
    "The data has moved since the preview (other orders came in for the same rows); nothing was written. Preview the file again.",
  );
}

async function clearStaging(tx: Transaction<Tables>, importId: string, files: readonly ImportedFile[]): Promise<void> {
  for (const table of new Set(files.map((file) => kindOf(file.kind).staging.table))) {
    await sql`delete from ${sql.table(`mt_ink.${table}`)} where import_id = ${importId}`.execute(tx);
  }
}

async function describe(tx: Transaction<Tables>, importId: string, { staging }: ImportKind, timeZone: string) {
  const orders = staging.table === "staged_orders";
  const { rows } = await sql<{
    from: string | null;
    to: string;
    platforms: (string | null)[];
    currencies: (string | null)[];
    total: string | null;
  }>`
    select ${orders ? sql`min((created_at at time zone ${timeZone})::date)` : sql`min(period_start)`} as from,
      ${orders ? sql`max((created_at at time zone ${timeZone})::date)` : sql`max(coalesce(period_end, period_start))`} as to,
      ${orders ? sql`array_agg(distinct platform)` : sql`array['spotify']`} as platforms,
      array_agg(distinct currency) as currencies, ${orders ? sql`sum(total)` : sql`sum(amount)`} as total
    from ${sql.table(`mt_ink.${staging.table}`)} where import_id = ${importId}`.execute(tx);
  const row = rows[0];
  if (row === undefined || row.from === null) return { period: null, platform: null, currency: null, total: null };
  const [platform = null] = row.platforms.length === 1 ? row.platforms : [];
  const [currency = null] = row.currencies.length === 1 ? row.currencies : [];
  const total = currency === null || row.total === null ? null : toMoney(addMoney(row.total));
  return { period: { from: row.from, to: row.to }, platform, currency, total };
}

function kindOf(name: string): ImportKind {
  const kind = kinds.find((each) => each.name === name);
  if (kind === undefined)
    throw new InkError("import_not_found", `The kind "${name}" of this import is not known any more.`);
  return kind;
}

function tooMany(files: readonly ImportedFile[]): InkError {
  const rejected = files.reduce((sum, file) => sum + file.counts.rejected, 0);
  const first = files.flatMap((file) => file.rejected)[0];
  const example =
    first === undefined ? "" : ` First: line ${first.line}, ${first.column} "${first.value}" ${first.reason}.`;
  return new InkError(
    "too_many_rejected",
    `${rejected} rows are bad, more than one in ten, so nothing was written.${example} Mend the file, or accept that they are left out.`,
  );
}
