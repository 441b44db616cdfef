import { once } from "node:events";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { InkError } from "../errors.js";
import { cellsOf, layoutOf } from "./columns.js";
import type { ImportKind, ReadOptions, StagedValue } from "./kinds/kind.js";
import { type FileSource, readRows, type SheetRow } from "./sheet.js";
import { Rejection } from "./values.js";

export interface RejectedRow {
  /** The physical line; the header is 1. */
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

export interface StagedFile {
  readonly kind: ImportKind;
  readonly rows: number;
  readonly rejected: RejectedRow[];
  readonly rejectedCount: number;
}

/** So many rejected rows are shown; all are counted. */
const MOST_SHOWN = 1_000;
const COPY_BYTES = 128 * 1024;

export interface StageOptions extends ReadOptions {
  readonly filename: string;
  readonly as?: string | undefined;
  readonly columns?: Readonly<Record<string, string>> | undefined;
  readonly onRows?: ((rows: number) => void) | undefined;
}

/** Streams the good rows of a file into its staging table by COPY; bad ones are collected one by one. */
export async function stageFile(
  client: pg.PoolClient,
  importId: string,
  source: FileSource,
  options: StageOptions,
): Promise<StagedFile> {
  const rows = readRows(source, options.filename);
  const header = await firstFilled(rows);
  if (header === null) throw new InkError("bad_file", `${options.filename} is empty.`);
  const layout = layoutOf(header.cells, options.filename, options);
  const { kind } = layout;
  const rejected: RejectedRow[] = [];
  let [count, bad] = [0, 0];
  const reject = (row: RejectedRow) => {
    bad += 1;
    if (rejected.length < MOST_SHOWN) rejected.push(row);
  };
  async function* staged() {
    for await (const row of rows) {
      if (isBlank(row)) continue;
      count += 1;
      if (count % 10_000 === 0) options.onRows?.(count);
      try {
        yield copyLine([importId, "0", String(row.line), ...kind.read(cellsOf(layout, row), options)]);
      } catch (error) {
        if (!(error instanceof Rejection)) throw error;
        reject({ line: row.line, column: error.column, value: error.value.slice(0, 100), reason: error.reason });
      }
    }
  }
  await copy(client, kind, staged());
  for (const row of await removeRepeated(client, importId, kind)) reject(row);
  options.onRows?.(count);
  return { kind, rows: count, rejected: rejected.sort((a, b) => a.line - b.line), rejectedCount: bad };
}

async function firstFilled(rows: AsyncIterator<SheetRow>): Promise<SheetRow | null> {
  for (;;) {
    const next = await rows.next();
    if (next.done === true) return null;
    if (!isBlank(next.value)) return next.value;
  }
}

const isBlank = (row: SheetRow) => row.cells.every((cell) => cell.trim() === "");

/** One line of COPY's text format: \N is null, and backslash, tab and line breaks are escaped. */
const copyLine = (values: readonly StagedValue[]) => `${values.map(copyValue).join("\t")}\n`;

const escapes: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
const copyValue = (value: StagedValue) =>
  value === null
    ? "\\N"
    : /[\\\t\n\r]/.test(value)
      ? value.replaceAll(/[\\\t\n\r]/g, (mark) => escapes[mark] ?? "")
      : value;

async function copy(client: pg.PoolClient, { staging }: ImportKind, lines: AsyncIterable<string>): Promise<void> {
  const columns = ["import_id", "file", "line", ...staging.columns].join(", ");
  const stream = client.query(copyFrom(`copy mt_ink.${staging.table} (${columns}) from stdin`));
  const done = once(stream, "finish");
  done.catch(() => {});
  try {
    for await (const chunk of inBatches(lines))
      if (!stream.write(chunk)) await Promise.race([once(stream, "drain"), done]);
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
  stream.end();
  await done;
}

async function* inBatches(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let batch = "";
  for await (const line of lines) {
    batch += line;
    if (batch.length < COPY_BYTES) continue;
    yield batch;
    batch = "";
  }
  if (batch !== "") yield batch;
}

/** A thing stands once in a file: the first row of it is taken, others are rejected with the line of the first. */
async function removeRepeated(
  client: pg.PoolClient,
  importId: string,
  { staging, key }: ImportKind,
): Promise<RejectedRow[]> {
  const label =
    staging.table === "staged_orders" ? "r.external_id" : "coalesce(nullif(r.key, ''), r.period_start::text)";
  const { rows } = await client.query<{ line: number; first: number; value: string }>(
    `with ranked as (
       select ctid, line, row_number() over place as n, min(line) over (partition by ${key.columns.join(", ")}) as first
       from mt_ink.${staging.table} where import_id = $1
       window place as (partition by ${key.columns.join(", ")} order by line)
     )
     delete from mt_ink.${staging.table} r using ranked
     where r.ctid = ranked.ctid and ranked.n > 1 returning r.line, ranked.first, ${label} as value`,
    [importId],
  );
  return rows.map(({ line, first, value }) => ({
    line,
    column: key.label,
    value,
    reason: `stands on line ${first} already; each ${key.label} may come once`,
  }));
}
